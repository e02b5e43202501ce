import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type LaidCard, layCard } from '../../../firmware-sim/card/index.ts';
import { type PrivatePcsc, pcscAvailable, startPrivatePcsc } from '../../../firmware-sim/pcsc/index.ts';
import { compiledEntry } from '../../../test/support/compile.ts';
import type { ReaderEvent } from './port.ts';
import { type PcscReader, pcscReader } from './supervisor.ts';

const available = pcscAvailable();
const RECOVERED_WITHIN_MS = 5_000;
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function stack(): Promise<PrivatePcsc> {
  const folder = await mkdtemp(join(tmpdir(), 'tallystick-pcsc-'));
  const pcsc = await startPrivatePcsc({ confDir: join(folder, 'conf'), port: 0 });
  closing.push(() => pcsc.close().then(() => rm(folder, { recursive: true })));
  return pcsc;
}

function readerIn(pcsc: PrivatePcsc): { reader: PcscReader; told: ReaderEvent[]; types: () => string[] } {
  const childPath = compiledEntry('terminal/devices/reader/card-process.ts');
  const reader = pcscReader({ childPath, enter: pcsc.enter });
  const told: ReaderEvent[] = [];
  reader.onEvent((event) => told.push(event));
  reader.start();
  closing.push(() => reader.stop());
  const types = (): string[] => told.map((event) => event.type).filter((type) => type !== 'status');
  return { reader, told, types };
}

async function lay(pcsc: PrivatePcsc, uid = '04a1b2c3'): Promise<LaidCard> {
  const card = await layCard({ kind: 'uid', uid }, { host: '127.0.0.1', port: pcsc.cardPort });
  closing.push(() => card.remove());
  return card;
}

/** Kills what it is given, the signal 0 asks only whether it lives. */
function signal(pid: number | null, name: NodeJS.Signals | 0): boolean {
  if (pid === null) throw new Error('no card process');
  return process.kill(pid, name);
}

/** Another program with the card to itself, as scdaemon likes to be; resolves once it has it. Answers how to end it. */
async function holdExclusively(pcsc: PrivatePcsc): Promise<() => void> {
  const pcsclite = createRequire(import.meta.url).resolve('@pokusew/pcsclite');
  const script = `require(${JSON.stringify(pcsclite)})().on('reader', (reader) => reader.on('status', (status) => {
    if (!(status.state & reader.SCARD_STATE_PRESENT)) return;
    reader.connect({ share_mode: reader.SCARD_SHARE_EXCLUSIVE }, (error) => console.log(error ?? 'held'));
  }))`;
  const [program = 'nsenter', ...rest] = pcsc.enter;
  const holder = spawn(program, [...rest, process.execPath, '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const letGo = (): void => void holder.kill('SIGKILL');
  closing.push(async () => letGo());
  const said = await new Promise<string>((resolve) => holder.stdout.once('data', (chunk) => resolve(String(chunk))));
  expect(said.trim()).toBe('held');
  return letGo;
}

const soon = { timeout: RECOVERED_WITHIN_MS };

describe.skipIf(!available.ok)('through pcscd', () => {
  test.each(['SIGKILL', 'SIGSTOP'] as const)('card process gets %s: another sees the lying card', async (name) => {
    const pcsc = await stack();
    const { reader, told, types } = readerIn(pcsc);
    await expect.poll(() => reader.status().state, soon).toBe('ready');
    await lay(pcsc);
    await expect.poll(types, soon).toEqual(['card']);
    const first = reader.childPid();
    signal(first, name);
    await expect.poll(types, soon).toEqual(['card', 'removed', 'card']);
    expect(reader.childPid()).not.toBe(first);
    const ids = told.flatMap((event) => (event.type === 'card' ? [event.presenceId] : []));
    expect(new Set(ids).size).toBe(2);
    const reasons = told.flatMap((event) => (event.type === 'status' ? [event.status.reason] : []));
    expect(reasons).toContain(name === 'SIGKILL' ? 'child-ended' : 'silent-child');
  });

  test.each(['SIGKILL', 'SIGTERM'] as const)('pcscd gets %s and is started again: taps are read', async (name) => {
    const pcsc = await stack();
    const { reader, types } = readerIn(pcsc);
    await expect.poll(() => reader.status().state, soon).toBe('ready');
    await lay(pcsc);
    await expect.poll(types, soon).toEqual(['card']);
    pcsc.killPcscd(name);
    await expect.poll(() => reader.status(), soon).toEqual({ state: 'absent', reason: 'no-pcscd' });
    expect(types()).toEqual(['card', 'removed']);
    await expect.poll(() => pcsc.startPcscd().then(() => true), soon).toBe(true);
    const started = performance.now();
    await expect.poll(() => reader.status().state, soon).toBe('ready');
    await lay(pcsc);
    await expect.poll(types, soon).toEqual(['card', 'removed', 'card']);
    expect(performance.now() - started).toBeLessThan(RECOVERED_WITHIN_MS);
  });

  test('pcscd is away at the start: absent, and nothing spins', async () => {
    const pcsc = await stack();
    pcsc.killPcscd('SIGKILL');
    const { reader } = readerIn(pcsc);
    await expect.poll(() => reader.status(), soon).toEqual({ state: 'absent', reason: 'no-pcscd' });
    const first = reader.childPid();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    // The same child still beats: nfc-pcsc was not loaded, for that would have frozen it.
    expect(reader.childPid()).toBe(first);
    await pcsc.startPcscd();
    await expect.poll(() => reader.status().state, soon).toBe('ready');
  });

  test('two private stacks side by side do not see each other', async () => {
    const [left, right] = await Promise.all([stack(), stack()]);
    const [a, b] = [readerIn(left), readerIn(right)];
    await expect.poll(() => [a.reader.status().state, b.reader.status().state], soon).toEqual(['ready', 'ready']);
    await lay(left, '04000001');
    await expect.poll(a.types, soon).toEqual(['card']);
    expect(b.types()).toEqual([]);
    left.killPcscd('SIGKILL');
    await lay(right, '04000002');
    await expect.poll(b.types, soon).toEqual(['card']);
    expect(b.told.find((event) => event.type === 'card')).toMatchObject({ card: { uid: '04000002' } });
  });

  test('another program holds the reader: said by name, and over when it lets go and the card is laid again', async () => {
    const pcsc = await stack();
    const card = await lay(pcsc);
    const letGo = await holdExclusively(pcsc);
    const { reader, told, types } = readerIn(pcsc);
    await expect.poll(types, soon).toEqual(['card-refused']);
    expect(told).toContainEqual(expect.objectContaining({ type: 'card-refused', reason: 'mute' }));
    expect(reader.status()).toEqual({ state: 'fault', reason: 'reader-held' });
    letGo();
    await card.remove();
    await expect.poll(() => reader.status().state, soon).toBe('ready');
    await lay(pcsc);
    await expect.poll(types, soon).toEqual(['card-refused', 'removed', 'card']);
  });

  test('stop ends the card process', async () => {
    const pcsc = await stack();
    const { reader } = readerIn(pcsc);
    await expect.poll(() => reader.status().state, soon).toBe('ready');
    const pid = reader.childPid();
    await reader.stop();
    expect(() => signal(pid, 0)).toThrow(/ESRCH/);
    expect(reader.status()).toEqual({ state: 'absent', reason: null });
  });
});
