import { createRequire } from 'node:module';
import { pieces, reasonOf, type Transport } from './transport.ts';

const require = createRequire(import.meta.url);

/**
 * A printer on a serial line, by `serialport`. Nothing here asks the line for its settings (on a pty that fails with
 * ENOTTY) or lists ports (that ends the process where udevadm is missing). A dead peer may show only at the next write.
 */
export function serialTransport({ path, baudRate }: { readonly path: string; readonly baudRate: number }): Transport {
  return {
    open(events) {
      const { SerialPort } = require('serialport') as typeof import('serialport');
      let over = false;
      const port = new SerialPort({ path, baudRate, autoOpen: false });
      const ended = (reason: string) => {
        if (over) return;
        close();
        events.closed(reason);
      };
      const failed = (error: Error) => ended(serialReason(error));
      port.on('error', failed);
      port.on('close', () => ended('unplugged'));
      port.on('data', (bytes: Buffer) => over || events.bytes(bytes));
      port.open((error) => {
        if (error) return failed(error);
        // Closed while it was being opened.
        if (over) return port.close(() => undefined);
        events.opened();
      });
      const write = pieces(
        // Without drain(): on a line that is stalled it never returns, and keeps a thread of the whole process.
        (piece, taken) => port.write(piece, (error) => (error ? failed(error) : over || taken())),
        (pendingBytes) => events.progress(pendingBytes),
      );
      function close(): void {
        over = true;
        // An error of a line that is given up concerns nobody: the callback takes it.
        if (port.isOpen) port.close(() => undefined);
      }
      return { write, close };
    },
  };
}

/** `serialport` puts the system's code into a sentence. */
function serialReason(error: Error): string {
  if (/cannot lock/i.test(error.message)) return 'taken';
  if (/no such file/i.test(error.message)) return 'no-device';
  if (/permission denied/i.test(error.message)) return 'no-permission';
  if (/input\/output|no such device|bad file descriptor/i.test(error.message)) return 'unplugged';
  return reasonOf(error);
}
