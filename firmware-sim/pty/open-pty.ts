import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/**
 * One serial cable: a pseudo-terminal whose far end is ours. Node cannot open one, so a few lines of Python do (python3
 * is asked for by npm's native builds anyway; socat would be one more package).
 */
export interface Pty {
  /** What a driver opens; gone as soon as the far end is closed. */
  readonly path: string;
  readonly stream: { readonly from: Readable; readonly to: Writable };
  /** A peer that is there and neither reads nor writes: the bridge is stopped, and what is written fills up. */
  stall(on: boolean): void;
  /** The peer dies: its end is closed at once, as a pulled plug does. */
  close(): Promise<void>;
}

const OPEN_WITHIN_MS = 10_000;

/** Says the name of the near end on the first line, then copies both ways until either side is closed. */
const BRIDGE = `
import os, select, sys, tty
master, slave = os.openpty()
tty.setraw(slave)
os.set_blocking(master, False)
os.write(1, (os.ttyname(slave) + "\\n").encode())
held = b""
while True:
    readable, writable, _ = select.select([0, master], [master] if held else [], [])
    if 0 in readable:
        chunk = os.read(0, 4096)
        if not chunk:
            break
        held = (held + chunk)[-65536:]
    if master in readable:
        os.write(1, os.read(master, 4096))
    if held and master in writable:
        held = held[os.write(master, held):]
`;

export async function openPty(): Promise<Pty> {
  const bridge = spawn('python3', ['-S', '-E', '-c', BRIDGE], { stdio: ['pipe', 'pipe', 'inherit'] });
  const path = await firstLine(bridge);
  const { stdin, stdout } = bridge;
  if (stdin === null || stdout === null) throw new Error('a bridge without pipes');
  // A bridge that was killed takes no more: who writes to a dead peer on this side is the simulator itself.
  stdin.on('error', () => undefined);
  return {
    path,
    stream: { from: stdout, to: stdin },
    stall: (on) => void bridge.kill(on ? 'SIGSTOP' : 'SIGCONT'),
    async close() {
      if (bridge.exitCode !== null || bridge.signalCode !== null) return;
      const ended = once(bridge, 'close');
      bridge.kill('SIGKILL');
      stdout.resume();
      await ended;
    },
  };
}

async function firstLine(bridge: ChildProcess): Promise<string> {
  const { stdout } = bridge;
  if (stdout === null) throw new Error('a bridge without pipes');
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => fail(new Error('python3 opened no pseudo-terminal')), OPEN_WITHIN_MS);
    const done = (): void => {
      clearTimeout(late);
      stdout.off('data', hear);
      stdout.pause();
      bridge.off('error', fail).off('close', ended);
    };
    const fail = (error: Error): void => {
      done();
      bridge.kill('SIGKILL');
      reject(error);
    };
    const ended = (): void => fail(new Error('python3 ended before it opened a pseudo-terminal'));
    const hear = (bytes: Buffer): void => {
      said += bytes.toString('latin1');
      if (!said.endsWith('\n')) return;
      done();
      resolve(said.trim());
    };
    bridge.once('error', fail).once('close', ended);
    stdout.on('data', hear);
  });
}
