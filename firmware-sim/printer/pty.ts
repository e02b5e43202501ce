import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * A printer's serial line: a pseudo-terminal in raw mode whose other end is the printer's TCP port. Opened by `serialport`
 * it is a serial port; opened as a file it stands for `/dev/usb/lp0`. The bridge is Python (Debian's `python3`), because
 * Node cannot make a pseudo-terminal.
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
/** Debian's own, where it is: what comes first on the path may be a script that looks for one, and slow. */
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
/** Isolated, and without the site's packages: the bridge needs none. */
const BARE = ['-I', '-S'];
const SCRIPT = fileURLToPath(new URL('./pty-bridge.py', import.meta.url));

/** Null where serial lines can be made here; else a sentence that says what is missing. */
export function noSerialLine(): string | null {
  const python = spawnSync(PYTHON, [...BARE, '-c', 'import os, tty; os.openpty()'], { stdio: 'ignore' });
  return python.status === 0 ? null : 'no serial line can be made: python3 (os.openpty) is missing';
}

export async function serialLine(printerPort: number): Promise<SerialLine> {
  const bridge = spawn(PYTHON, [...BARE, SCRIPT, String(printerPort)], { stdio: ['pipe', 'pipe', 'inherit'] });
  // What is said to a bridge that has died goes nowhere, as on a real line.
  bridge.stdin.on('error', () => undefined);
  const path = await pathOf(bridge);
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

async function pathOf(bridge: ChildProcess): Promise<string> {
  const slow = setTimeout(() => bridge.kill('SIGKILL'), START_MS);
  let said = '';
  for await (const chunk of bridge.stdout ?? []) {
    said += String(chunk);
    if (said.includes('\n')) break;
  }
  clearTimeout(slow);
  if (!said.includes('\n')) throw new Error('the serial line did not begin');
  return said.trim();
}
