import { connect, type Socket } from 'node:net';
import { openPty } from '../pty/index.ts';

/**
 * A printer's serial line: a pseudo-terminal in raw mode whose other end is the printer's TCP port. Opened by `serialport`
 * it is a serial port; opened as a file it stands for `/dev/usb/lp0`.
 */
export interface SerialLine {
  /** Device file, `/dev/pts/…`. */
  readonly path: string;
  /** Takes nothing more from the host, though it still talks; or goes on. */
  stall(on: boolean): void;
  /** Bytes that no printer said. */
  noise(bytes: Uint8Array): void;
  /** The printer's next so many bytes never arrive. */
  lose(bytes: number): void;
  /** The peer dies: kill -9, and the line hangs up. */
  die(): Promise<void>;
  /** Ends it, in whatever state it is. */
  close(): Promise<void>;
}

/** Until the printer is looked for again; on a serial line nobody hears that it is away. */
const AGAIN_MS = 50;

export async function serialLine(printerPort: number): Promise<SerialLine> {
  const pty = await openPty();
  const { from, to } = pty.stream;
  let over = false;
  let losing = 0;
  let again: NodeJS.Timeout | undefined;
  let printer = join();

  function join(): Socket {
    const socket = connect({ host: '127.0.0.1', port: printerPort });
    socket.once('connect', () => from.pipe(socket, { end: false }));
    socket.on('data', (said) => {
      const lost = Math.min(losing, said.length);
      losing -= lost;
      to.write(said.subarray(lost));
    });
    // Refused or reset: `close` follows, and that is all a line knows of it.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      from.unpipe(socket);
      // What is said to a printer that is away goes nowhere.
      from.resume();
      if (over) return;
      again = setTimeout(() => {
        printer = join();
      }, AGAIN_MS);
    });
    return socket;
  }
  async function end(): Promise<void> {
    over = true;
    clearTimeout(again);
    printer.destroy();
    await pty.close();
  }
  return {
    path: pty.path,
    stall: pty.deafen,
    noise: (bytes) => void to.write(bytes),
    lose: (bytes) => {
      losing += bytes;
    },
    die: end,
    close: end,
  };
}
