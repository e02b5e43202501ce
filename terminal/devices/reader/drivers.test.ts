import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type CardFault, type LaidCard, layCard } from '../../../firmware-sim/card/index.ts';
import { pcscAvailable, startPrivatePcsc } from '../../../firmware-sim/pcsc/index.ts';
import { compiledEntry } from '../../../test/support/compile.ts';
import type { CardEvent } from './field.ts';
import type { ReaderPort } from './port.ts';
import { pcscReader } from './supervisor.ts';
import { virtualReader } from './virtual-driver.ts';

interface Bench {
  readonly reader: ReaderPort;
  readonly port: number;
  /** Where a second card can be laid while one lies at `port`. */
  readonly secondPort: number;
  close(): Promise<void>;
}

async function virtualBench(): Promise<Bench> {
  const reader = virtualReader({ port: 0, answerMs: 300 });
  reader.start();
  const port = await reader.boundPort();
  return { reader, port, secondPort: port, close: () => reader.stop() };
}

async function pcscBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'tallystick-pcsc-'));
  const pcsc = await startPrivatePcsc({ confDir: join(folder, 'conf'), port: 0 });
  const childPath = compiledEntry('terminal/devices/reader/card-process.ts');
  const reader = pcscReader({ childPath, enter: pcsc.enter });
  reader.start();
  const close = async (): Promise<void> => {
    await reader.stop();
    await pcsc.close();
    await rm(folder, { recursive: true });
  };
  return { reader, port: pcsc.cardPort, secondPort: pcsc.cardPort + 1, close };
}

const available = pcscAvailable();
const pcsc = available.ok ? '' : `SKIPPED: ${available.missing} is missing (${available.install}); `;
if (!available.ok) console.warn(`${pcsc}the reader is not tested through pcscd.`);

test('on CI the reader is tested through pcscd', () => {
  if (process.env.CI === 'true') expect(pcsc).toBe('');
  else expect(pcsc).toMatch(/^(SKIPPED: .+)?$/);
});

describe.each([
  { name: 'virtual driver', open: virtualBench, skip: false, emptyIs: 'torn' },
  // vpcd waits on after an empty frame, so through pcscd a card that answers nothing is a mute one.
  { name: `${pcsc}pcscd`, open: pcscBench, skip: !available.ok, emptyIs: 'mute' },
])('$name', ({ open, skip, emptyIs }) => {
  if (skip) return void test.skip('every card');
  let bench: Bench;
  let told: CardEvent[] = [];
  const laid: LaidCard[] = [];

  beforeAll(async () => {
    bench = await open();
    bench.reader.onEvent((event) => event.type !== 'status' && told.push(event));
    await vi.waitFor(() => expect(bench.reader.status().state).toBe('ready'), { timeout: 5_000 });
  });
  afterAll(() => bench?.close());
  beforeEach(() => {
    told = [];
  });
  afterEach(async () => {
    await Promise.all(laid.splice(0).map((card) => card.remove()));
    await vi.waitFor(() => expect(told.at(-1)?.type).toBe('removed'), { timeout: 4_000 });
  });

  const lay = async (uid: string, fault?: CardFault, port = bench.port): Promise<LaidCard> => {
    const card = await layCard({ kind: 'uid', uid, ...(fault && { fault }) }, { host: '127.0.0.1', port });
    laid.push(card);
    return card;
  };
  const types = (): string[] => told.map((event) => (event.type === 'card-refused' ? event.reason : event.type));
  const becomes = (expected: string[]): Promise<void> => expect.poll(types, { timeout: 4_000 }).toEqual(expected);

  test.each<[string, string, CardFault | undefined, string]>([
    ['a 4-byte UID', '04a1b2c3', undefined, 'card'],
    ['a 7-byte UID', '04112233445566', undefined, 'card'],
    ['a 10-byte UID', '04112233445566778899', undefined, 'card'],
    ['a random UID', '08a1b2c3', undefined, 'random-uid'],
    ['a zero UID', '00000000', undefined, 'zero-uid'],
    ['a zero UID of 7 bytes', '00000000000000', undefined, 'zero-uid'],
    ['finding 6, torn before the UID command', '04a1b2c3', 'torn-before', 'torn'],
    ['finding 6, torn during the UID command', '04a1b2c3', 'torn', 'torn'],
    ['torn after the UID command', '04a1b2c3', 'torn-after', 'card'],
    ['a mute card', '04a1b2c3', 'mute', 'mute'],
    ['0 bytes', '04a1b2c3', 'empty-answer', emptyIs],
  ])('%s (%s, %s): %s, then removed', async (_, uid, fault, expected) => {
    const before = performance.now();
    const card = await lay(uid, fault);
    await expect.poll(types, { timeout: 4_000 }).toContain(expected);
    await card.remove();
    await becomes([expected, 'removed']);
    expect(new Set(told.map((event) => event.presenceId)).size).toBe(1);
    const [first] = told;
    if (first?.type !== 'card') return;
    expect(first.card).toEqual({ kind: 'uid', uid });
    expect(first.atMs).toBeGreaterThan(before);
    expect(first.atMs).toBeLessThanOrEqual(performance.now());
  });

  test('swapped within 100 ms: the second card is a stay of its own, and nothing of the first is told of it', async () => {
    const first = await lay('04000001');
    await becomes(['card']);
    void first.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const second = await lay('04000002');
    await becomes(['card', 'removed', 'card']);
    const seen = told.flatMap((event) => (event.type === 'card' ? [[event.presenceId, event.card.uid]] : []));
    expect(seen.map(([, uid]) => uid)).toEqual(['04000001', '04000002']);
    expect(new Set(seen.map(([id]) => id)).size).toBe(2);
    await second.remove();
  });

  test('doubled UID: two cards of one UID at once are named so, and none is read until the reader is empty', async () => {
    const first = await lay('04a1b2c3');
    await becomes(['card']);
    const copy = await lay('04a1b2c3', undefined, bench.secondPort);
    await becomes(['card', 'removed', 'doubled-uid']);
    await first.remove();
    await new Promise((resolve) => setTimeout(resolve, 600));
    await copy.remove();
    await becomes(['card', 'removed', 'doubled-uid', 'removed']);
  });

  test('two cards at once: the first stay ends, nothing is read until the reader is empty', async () => {
    const first = await lay('04a1b2c3');
    await becomes(['card']);
    const second = await lay('04d4e5f6', undefined, bench.secondPort);
    await becomes(['card', 'removed', 'two-cards']);
    await first.remove();
    await new Promise((resolve) => setTimeout(resolve, 600));
    await becomes(['card', 'removed', 'two-cards']);
    await second.remove();
    await becomes(['card', 'removed', 'two-cards', 'removed']);
    await lay('04d4e5f6');
    await becomes(['card', 'removed', 'two-cards', 'removed', 'card']);
  });

  test('each tap of the same card is another presence', async () => {
    for (const expected of [1, 2]) {
      const card = await lay('04a1b2c3');
      await expect.poll(() => types().filter((type) => type === 'card').length, { timeout: 4_000 }).toBe(expected);
      await card.remove();
      await expect.poll(() => types().filter((type) => type === 'removed').length, { timeout: 4_000 }).toBe(expected);
    }
    expect(new Set(told.map((event) => event.presenceId)).size).toBe(2);
  });
});
