import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startBridge } from '../pty/index.ts';

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

/** On a machine busy with other tests an interpreter takes its time. */
const START_MS = 20_000;
const SCRIPT = fileURLToPath(new URL('./pty-bridge.py', import.meta.url));

export async function serialLine(printerPort: number): Promise<SerialLine> {
  const { bridge, path } = await startBridge([SCRIPT, String(printerPort)], START_MS);
  const tell = (command: string) => void bridge.stdin.write(`${command}\n`);
  const gone = async (end: () => void) => {
    if (bridge.exitCode !== null || bridge.signalCode !== null) return;
    const ended = once(bridge, 'exit');
    end();
    await ended;
  };
  return {
    path,
    stall: (on) => tell(`stall ${on ? 1 : 0}`),
    noise: (bytes) => tell(`say ${Buffer.from(bytes).toString('hex')}`),
    lose: (bytes) => tell(`lose ${bytes}`),
    die: () => gone(() => bridge.kill('SIGKILL')),
    close: () => gone(() => bridge.kill('SIGTERM')),
  };
}
