import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type AuthenticatingCard, type LaidCard, layCard, type PlainCard } from '../../firmware-sim/card/index.ts';
import { type PrivatePcsc, startPrivatePcsc } from '../../firmware-sim/pcsc/index.ts';
import type { ReaderEvent } from '../../terminal/devices/reader/port.ts';
import { type PcscReader, pcscReader } from '../../terminal/devices/reader/supervisor.ts';
import { compiledEntry } from './compile.ts';

/** A real pcscd of a test's own, our reader on it, and a hand that lays cards. Everything goes with `close`. */
export interface ReaderBench {
  readonly pcsc: PrivatePcsc;
  readonly reader: PcscReader;
  readonly told: ReaderEvent[];
  /** What was told, a word each: `card`, a refusal's reason, `removed`. */
  words(): string[];
  /** Each stay's id, in the order they began, once each. */
  stays(): string[];
  lay(card?: Partial<PlainCard> | AuthenticatingCard, port?: number): Promise<LaidCard>;
  closing(close: () => Promise<unknown>): void;
  close(): Promise<void>;
}

/** What the kiosk promises of every fault of the reader, from the moment pcscd answers again. */
export const RECOVERED_WITHIN_MS = 5_000;
/** Beside the promise: what pcscd itself takes to look, and a machine that is busy with other tests. */
export const soon = { timeout: RECOVERED_WITHIN_MS + 1_500, interval: 25 };

export async function privatePcsc(): Promise<PrivatePcsc & { remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tallystick-pcsc-'));
  const pcsc = await startPrivatePcsc({ confDir: join(folder, 'conf'), port: 0 });
  return { ...pcsc, remove: () => pcsc.close().then(() => rm(folder, { recursive: true })) };
}

/** `before` runs on pcscd while no card process knows it yet. */
export async function readerBench(
  options: { before?: (pcsc: PrivatePcsc) => Promise<unknown>; silenceMs?: number; cardKeysPath?: string } = {},
): Promise<ReaderBench> {
  const closing: (() => Promise<unknown>)[] = [];
  const pcsc = await privatePcsc();
  closing.push(() => pcsc.remove());
  await options.before?.(pcsc);
  const { silenceMs, cardKeysPath } = options;
  const reader = pcscReader({
    childPath: compiledEntry('terminal/devices/reader/card-process.ts'),
    enter: pcsc.enter,
    ...(silenceMs === undefined ? {} : { silenceMs }),
    ...(cardKeysPath === undefined ? {} : { cardKeysPath }),
  });
  const told: ReaderEvent[] = [];
  reader.onEvent((event) => told.push(event));
  reader.start();
  closing.push(() => reader.stop());
  return {
    ...{ pcsc, reader, told },
    words: () =>
      told.flatMap((event) =>
        event.type === 'status' ? [] : event.type === 'card-refused' ? event.reason : event.type,
      ),
    stays: () => [...new Set(told.flatMap((event) => (event.type === 'status' ? [] : event.presenceId)))],
    async lay(card = {}, port = pcsc.cardPort) {
      const laying = card.kind === 'desfire' ? card : { kind: 'uid' as const, uid: '04a1b2c3', ...card };
      const laid = await layCard(laying, { host: '127.0.0.1', port });
      closing.push(() => laid.remove());
      return laid;
    },
    closing: (close) => void closing.push(close),
    async close() {
      for (const close of closing.splice(0).reverse()) await close();
    },
  };
}

export async function ready(bench: ReaderBench): Promise<ReaderBench> {
  await expect.poll(() => bench.reader.status().state, soon).toBe('ready');
  return bench;
}

/** Signals a process of ours; the signal 0 asks only whether it lives. */
export function signal(pid: number | null, name: NodeJS.Signals | 0): boolean {
  if (pid === null) throw new Error('There is no such process.');
  return process.kill(pid, name);
}
