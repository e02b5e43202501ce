import { afterEach, describe, expect, test } from 'vitest';
import { type LaidCard, layCard } from '../../../firmware-sim/card/index.ts';
import { holdExclusively, pcscAvailable } from '../../../firmware-sim/pcsc/index.ts';
import {
  RECOVERED_WITHIN_MS,
  type ReaderBench,
  readerBench,
  ready,
  signal,
  soon,
} from '../../../test/support/reader-bench.ts';

/** The eight findings about nfc-pcsc (docs/devices.md), each on a real pcscd. drivers.test.ts fails where CI has none. */

let bench: ReaderBench;
afterEach(() => bench?.close());

const start = async (...given: Parameters<typeof readerBench>): Promise<ReaderBench> => {
  bench = await readerBench(...given);
  return bench;
};
const becomes = (...words: string[]) => expect.poll(bench.words, soon).toEqual(words);
const status = () => {
  const { state, reason } = bench.reader.status();
  return { state, reason };
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(!pcscAvailable().ok)('through pcscd', { timeout: 30_000 }, () => {
  test('finding 1, pcscd absent at start: absent, nothing spins, and found when it comes', async () => {
    const { reader, pcsc } = await start({ before: async (stack) => stack.killPcscd('SIGKILL') });
    await expect.poll(status, soon).toEqual({ state: 'absent', reason: 'no-pcscd' });
    const first = reader.childPid();
    await pause(2_300);
    // The same child still beats: nfc-pcsc was not loaded, for that would have frozen it.
    expect(reader.childPid()).toBe(first);
    await pcsc.startPcscd();
    const answersMs = performance.now();
    await ready(bench);
    expect(performance.now() - answersMs).toBeLessThan(RECOVERED_WITHIN_MS);
  });

  test.each([
    ['killed', 'SIGKILL'],
    ['terminated', 'SIGTERM'],
  ] as const)('finding 2, pcscd %s and started again with a card on the reader: the card is seen', async (_, name) => {
    const { reader, pcsc, lay, stays } = await ready(await start());
    await lay();
    await becomes('card');
    pcsc.killPcscd(name);
    await expect.poll(status, soon).toEqual({ state: 'absent', reason: 'no-pcscd' });
    await becomes('card', 'removed');
    await expect.poll(() => pcsc.startPcscd().then(() => true), soon).toBe(true);
    // pcscd has it again before any card process does.
    const laying = lay();
    const answersMs = performance.now();
    await becomes('card', 'removed', 'card');
    expect(performance.now() - answersMs).toBeLessThan(RECOVERED_WITHIN_MS);
    await laying;
    expect(stays()).toHaveLength(2);
    expect(reader.status()).toMatchObject({ state: 'ready', lastFault: 'no-pcscd' });
    expect(reader.status().restarts).toBeGreaterThanOrEqual(1);
  });

  test('finding 3, an exclusive holder: said by name; the lying card is read when it lets go', async () => {
    let lies: Promise<unknown> = Promise.resolve();
    let letGo = async (): Promise<void> => undefined;
    await start({
      async before({ enter, cardPort }) {
        const held = new Promise<void>((resolve) => {
          lies = holdExclusively(enter, resolve).then((holder) => {
            letGo = holder.letGo;
            return layCard({ kind: 'uid', uid: '04a1b2c3' }, { host: '127.0.0.1', port: cardPort });
          });
        });
        await Promise.all([held, lies]);
      },
    });
    bench.closing(() => letGo());
    await becomes('mute');
    await expect.poll(status, soon).toEqual({ state: 'fault', reason: 'reader-held' });
    // Nobody lays it again, and it is told no second time while it is held.
    await pause(1_200);
    await becomes('mute');
    await letGo();
    const freeMs = performance.now();
    await becomes('mute', 'removed', 'card');
    expect(performance.now() - freeMs).toBeLessThan(RECOVERED_WITHIN_MS);
    expect(status()).toEqual({ state: 'ready', reason: null });
  });

  test('finding 4, a 14443-4 card without an application of ours: named, and the next card is read', async () => {
    const { lay, reader } = await ready(await start());
    const phone = await lay({ kind: 'processor' });
    await becomes('unsupported-card');
    await phone.remove();
    await becomes('unsupported-card', 'removed');
    await lay();
    await becomes('unsupported-card', 'removed', 'card');
    // nfc-pcsc would have called it an error.
    expect(reader.status()).toMatchObject({ state: 'ready', restarts: 0, lastFault: null });
  });

  test('finding 5, a mute card: a deadline for its APDU, the card process killed, one stay told once', async () => {
    const { reader, lay, stays } = await ready(await start());
    const first = reader.childPid();
    const card = await lay({ fault: 'mute' });
    await becomes('mute');
    await expect.poll(() => reader.childPid() !== first && status().reason, soon).toBe('stuck-apdu');
    await expect.poll(() => status().state, soon).toBe('busy');
    // The next one leaves it alone: it would freeze just so.
    const second = reader.childPid();
    await pause(3_500);
    expect(reader.childPid()).toBe(second);
    expect(bench.words()).toEqual(['mute']);
    await card.remove();
    await becomes('mute', 'removed');
    await lay();
    await becomes('mute', 'removed', 'card');
    expect(stays()).toHaveLength(2);
    expect(reader.status()).toMatchObject({ state: 'ready', restarts: 1, lastFault: 'stuck-apdu' });
  });

  test('finding 5, a card that falls silent before it is connected: a deadline for that too', async () => {
    const cards: LaidCard[] = [];
    await start({
      async before({ cardPort }) {
        const card = await layCard({ kind: 'uid', uid: '04a1b2c3' }, { host: '127.0.0.1', port: cardPort });
        cards.push(card);
        // pcscd looks every 400 ms: it has powered the card, and knows that it lies there.
        await pause(900);
        card.fallSilent();
      },
    });
    await becomes('mute');
    await Promise.all(cards.map((card) => card.remove()));
    await becomes('mute', 'removed');
  });

  test('finding 7, a SAM slot with a card always in it: no reader of ours, and no card', async () => {
    await start({
      async before(stack) {
        await stack.plug({ reader: true, sam: true });
        await layCard({ kind: 'uid', uid: '04535353' }, { host: '127.0.0.1', port: stack.samPort });
        await pause(900);
      },
    });
    await ready(bench);
    await pause(1_000);
    expect(bench.words()).toEqual([]);
    await bench.lay();
    await becomes('card');
    expect(bench.told).toContainEqual(
      expect.objectContaining({ type: 'card', card: { kind: 'uid', uid: '04a1b2c3' } }),
    );
  });

  test('finding 7, a SAM slot and nothing else: that is no reader', async () => {
    await start({ before: (stack) => stack.plug({ reader: false, sam: true }) });
    await expect.poll(status, soon).toEqual({ state: 'absent', reason: 'no-reader' });
  });

  test.each([
    ['killed', 'SIGKILL', 'child-ended'],
    ['stopped', 'SIGSTOP', 'silent-child'],
  ] as const)(
    'finding 8, the card process %s: the tap is delivered again, as another stay',
    async (_, name, reason) => {
      const { reader, lay, stays } = await ready(await start());
      await lay();
      await becomes('card');
      const first = reader.childPid();
      signal(first, name);
      const struckMs = performance.now();
      await becomes('card', 'removed', 'card');
      expect(performance.now() - struckMs).toBeLessThan(RECOVERED_WITHIN_MS);
      expect(reader.childPid()).not.toBe(first);
      expect(stays()).toHaveLength(2);
      expect(reader.status()).toMatchObject({ restarts: 1, lastFault: reason });
      await expect.poll(() => signalled(first), soon).toBe(false);
    },
  );
});

function signalled(pid: number | null): boolean {
  try {
    return signal(pid, 0);
  } catch {
    return false; // ESRCH: it is gone.
  }
}
