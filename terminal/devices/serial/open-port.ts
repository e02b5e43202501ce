import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * `no-device`: nothing at this path. `no-permission`: we may not open it, see docs/devices.md. `held`: another program has it.
 * `unplugged`: it was there, and the peer died. `cannot-open`: the system's own refusal.
 */
export type PortFault = 'no-device' | 'no-permission' | 'held' | 'unplugged' | 'cannot-open';

export interface PortEvents {
  opened(): void;
  /** The listener's own: it may wipe them. */
  bytes(bytes: Uint8Array): void;
  /** Once, also where it never opened. Nothing follows. */
  closed(reason: PortFault): void;
}
export interface OpenPort {
  /** `taken(false)`: the line is over. On one that is stalled it is never called. */
  write(bytes: Uint8Array, taken: (ok: boolean) => void): void;
  /** At once, whatever waits; no event follows. Resolves when the system let go of it. */
  close(): Promise<void>;
}

/**
 * One opening of a serial port, by `serialport`, which is loaded here at the first. Nothing here asks the line for its settings
 * (on a pty that fails with ENOTTY), waits for it to drain (on a stalled line that never returns, and keeps a thread of the
 * whole process) or lists ports (that ends the process where udevadm is missing). No event comes before this returns.
 */
export function openPort(at: { readonly path: string; readonly baudRate: number }, events: PortEvents): OpenPort {
  const { SerialPort } = require('serialport') as typeof import('serialport');
  const port = new SerialPort({ path: at.path, baudRate: at.baudRate, autoOpen: false });
  let up = false;
  let over = false;

  function ended(reason: PortFault): void {
    if (over) return;
    void close();
    events.closed(reason);
  }
  function close(): Promise<void> {
    over = true;
    if (!port.isOpen) return Promise.resolve();
    // An error of a line that is given up concerns nobody: the callback takes it.
    return new Promise((resolve) => port.close(() => resolve()));
  }

  // A line that was up and fails is one that died, whatever the system calls it.
  const failed = (error: Error) => ended(up ? 'unplugged' : faultOf(error));
  port.on('error', failed);
  port.on('close', () => ended('unplugged'));
  port.on('data', (bytes: Buffer) => over || events.bytes(bytes));
  port.open((error) => {
    if (error) return failed(error);
    // Closed while it was being opened.
    if (over) return port.close(() => undefined);
    up = true;
    events.opened();
  });
  return {
    write: (bytes, taken) =>
      void port.write(Buffer.from(bytes), (error) => {
        if (error) failed(error);
        taken(!error && !over);
      }),
    close,
  };
}

/** `serialport` puts the system's code into a sentence. */
function faultOf({ message }: Error): PortFault {
  if (/cannot lock|resource busy/i.test(message)) return 'held';
  if (/no such file/i.test(message)) return 'no-device';
  if (/permission denied|not permitted/i.test(message)) return 'no-permission';
  if (/input\/output|no such device/i.test(message)) return 'unplugged';
  return 'cannot-open';
}
