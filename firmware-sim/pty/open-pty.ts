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
  const { bridge, path } = await startBridge(['-c', BRIDGE], OPEN_WITHIN_MS);
  const { stdin, stdout } = bridge;
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
