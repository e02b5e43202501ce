import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Demo } from '../../bench/support/demo.ts';

/**
 * Holds a demo's first agent still (SIGSTOP), so that what a page presses stays between the press and the answer for as
 * long as a test wants. Linux alone: what waits is read from /proc/net/tcp.
 */

const ESTABLISHED = '01';
const LOOK_MS = 10;
const WAIT_MS = 5_000;

export interface Frozen {
  /** Waits until so many connections have brought something that the agent has not read. */
  pressed(count: number): Promise<void>;
  thaw(): void;
}

export async function whileFrozen<T>(demo: Demo, work: (frozen: Frozen) => Promise<T>): Promise<T> {
  const pid = agentPid(demo);
  const port = Number(new URL(demo.ready.kiosk).port);
  process.kill(pid, 'SIGSTOP');
  let still = true;
  const thaw = () => {
    if (still) process.kill(pid, 'SIGCONT');
    still = false;
  };
  try {
    return await work({ thaw, pressed: (count) => pressed(port, count) });
  } finally {
    thaw();
  }
}

async function pressed(port: number, count: number): Promise<void> {
  const endMs = performance.now() + WAIT_MS;
  while (unread(port) < count) {
    if (performance.now() > endMs) throw new Error(`${unread(port)} presses have come, not ${count}`);
    await sleep(LOOK_MS);
  }
}

/** How many connections to `port` hold bytes that their reader has not taken; one that nobody has accepted yet counts too. */
function unread(port: number): number {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1);
  return lines.filter((line) => {
    const [, here = '', , state, queues = ''] = line.trim().split(/\s+/);
    return here.endsWith(local) && state === ESTABLISHED && Number.parseInt(queues.split(':')[1] ?? '0', 16) > 0;
  }).length;
}

function agentPid(demo: Demo): number {
  const config = join(demo.data, 'kiosk-1', 'config.json');
  const found = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(config));
  if (found.length !== 1) throw new Error(`${found.length} agents of ${config}`);
  return Number(found[0]);
}

function commandOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch (error) {
    // It ended while we looked.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
