import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { startBridge } from './bridge.ts';

/** One serial cable: a pseudo-terminal whose far end is ours. */
export interface Pty {
  /** What a driver opens; gone as soon as the far end is closed. */
  readonly path: string;
  readonly stream: { readonly from: Readable; readonly to: Writable };
  /** A peer that is there and neither reads nor writes: the bridge is stopped, and what is written fills up. */
  stall(on: boolean): void;
  /** A peer that reads nothing, though it still talks. */
  deafen(on: boolean): void;
  /** The peer dies: its end is closed at once, as a pulled plug does. */
  close(): Promise<void>;
}

/** On a machine busy with other tests an interpreter takes its time. */
const OPEN_WITHIN_MS = 20_000;

/**
 * Says the name of the near end on the first line, then copies both ways until the far end is closed. It holds no more than it
 * was given at once, so that a peer that takes nothing is felt; deaf, it takes nothing from the near end, and still talks.
 */
const BRIDGE = `
import os, select, signal, tty
deaf = False
def hear(number, _):
    global deaf
    deaf = number == signal.SIGUSR1
signal.signal(signal.SIGUSR1, hear)
signal.signal(signal.SIGUSR2, hear)
master, slave = os.openpty()
tty.setraw(slave)
os.set_blocking(master, False)
os.set_blocking(1, False)
os.write(1, (os.ttyname(slave) + "\\n").encode())
near, far = b"", b""
while True:
    reads = [0] if deaf or far else [0, master]
    writes = ([master] if near else []) + ([1] if far else [])
    readable, writable, _ = select.select(reads, writes, [], 0.05)
    if 0 in readable:
        chunk = os.read(0, 4096)
        if not chunk:
            break
        near = (near + chunk)[-65536:]
    if master in readable:
        far = os.read(master, 4096)
    if master in writable:
        near = near[os.write(master, near):]
    if 1 in writable:
        far = far[os.write(1, far):]
`;

export async function openPty(): Promise<Pty> {
  const { bridge, path } = await startBridge(['-c', BRIDGE], OPEN_WITHIN_MS);
  const { stdin, stdout } = bridge;
  return {
    path,
    stream: { from: stdout, to: stdin },
    stall: (on) => void bridge.kill(on ? 'SIGSTOP' : 'SIGCONT'),
    deafen: (on) => void bridge.kill(on ? 'SIGUSR1' : 'SIGUSR2'),
    async close() {
      if (bridge.exitCode !== null || bridge.signalCode !== null) return;
      const ended = once(bridge, 'close');
      bridge.kill('SIGKILL');
      stdout.resume();
      await ended;
    },
  };
}
