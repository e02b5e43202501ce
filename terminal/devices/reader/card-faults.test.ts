import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pcscAvailable } from '../../../firmware-sim/pcsc/index.ts';
import { type ReaderBench, readerBench, ready, signal, soon } from '../../../test/support/reader-bench.ts';
import { CARD_UID, type CardChoice, keyFile, villageCard } from '../../../test/support/village-cards.ts';

/** Faults of cards that authenticate and sign, each through nfc-pcsc on a real pcscd. drivers.test.ts fails where CI has none. */

let bench: ReaderBench;
let file: ReturnType<typeof keyFile>;
beforeEach(() => {
  file = keyFile();
});
afterEach(async () => {
  await bench?.close();
  file.remove();
});

const DIGEST = new Uint8Array(32).fill(0xd1);
const becomes = (...words: string[]) => expect.poll(bench.words, soon).toEqual(words);
const start = async (cardKeysPath: string | null = file.path): Promise<ReaderBench> => {
  bench = await readerBench(cardKeysPath === null ? {} : { cardKeysPath });
  return ready(bench);
};
/** Lays a card until the kiosk knows it; `sign` asks that very stay. */
async function tap(choice: CardChoice = {}, chip = villageCard(choice).chip) {
  const { fault } = choice;
  const before = bench.words().length;
  const laid = await bench.lay({ kind: 'desfire', chip, ...(fault && { fault }) });
  await expect.poll(() => bench.words().slice(before).at(0), soon).toBe('card');
  const stay = bench.stays().at(-1) ?? '';
  return { chip, laid, stay, sign: () => bench.reader.sign(stay, DIGEST) };
}
/** The same card at its next tap, whole again. */
async function tapAgain({ chip, laid }: Awaited<ReturnType<typeof tap>>) {
  await laid.remove();
  await expect.poll(() => bench.words().at(-1), soon).toBe('removed');
  return tap({}, chip);
}

describe.skipIf(!pcscAvailable().ok)('through pcscd', { timeout: 30_000 }, () => {
  test('a card that shows its key: who it is, and what it signs', async () => {
    const { told } = await start();
    const { chip, sign } = await tap();
    expect(told).toContainEqual(expect.objectContaining({ type: 'card', card: { kind: 'desfire', uid: CARD_UID } }));
    expect(await sign()).toEqual({ outcome: 'signed', tmc: 1, tmv: chip.tmv.toString('hex') });
  });

  test.each<[string, string, CardChoice]>([
    ['wrong MAC', 'bad-mac', { fault: 'wrong-mac' }],
    ['clone with another key', 'wrong-key', { villageKey: '00'.repeat(16) }],
    ['old key version', 'old-key', { version: 1 }],
    ['a key version that this kiosk has not got', 'unknown-key', { version: 3 }],
  ])('%s: %s, and the next card is read', async (_, reason, choice) => {
    const { lay, reader } = await start();
    const card = await lay(villageCard(choice));
    await becomes(reason);
    await card.remove();
    await becomes(reason, 'removed');
    await lay(villageCard());
    await becomes(reason, 'removed', 'card');
    expect(reader.status()).toMatchObject({ state: 'ready', restarts: 0, lastFault: null });
  });

  test('without keys in the config file it is a card of another kind, as it always was', async () => {
    const { lay } = await start(null);
    await lay(villageCard());
    await becomes('unsupported-card');
  });

  test.each([
    ['before', 'torn-before-signing', 0],
    ['during', 'torn-in-signing', 0],
    ['during', 'torn-in-signing-done', 1],
  ] as const)('torn %s the signing command (%s): torn, and one signature at the next tap', async (_, fault, signed) => {
    await start();
    const torn = await tap({ fault });
    expect(await torn.sign()).toEqual({ outcome: 'torn' });
    await becomes('card', 'removed');
    expect(torn.chip.tmc).toBe(signed);
    const next = await tapAgain(torn);
    expect(await next.sign()).toEqual({ outcome: 'signed', tmc: 1, tmv: next.chip.tmv.toString('hex') });
    expect(next.chip.tmc).toBe(1);
    expect(await bench.reader.sign(torn.stay, DIGEST)).toEqual({ outcome: 'gone' });
  });

  test('torn after the signing command: signed, and the same signature at the next tap', async () => {
    await start();
    const torn = await tap({ fault: 'torn-after-signing' });
    const signature = await torn.sign();
    expect(signature).toEqual({ outcome: 'signed', tmc: 1, tmv: torn.chip.tmv.toString('hex') });
    await becomes('card', 'removed');
    expect(await (await tapAgain(torn)).sign()).toEqual(signature);
    expect(torn.chip.tmc).toBe(1);
  });

  test('repeated APDU with a MAC: the card takes it once, and its one signature is read', async () => {
    await start();
    const { chip, sign } = await tap({ fault: 'repeated-apdu' });
    const signature = await sign();
    expect(signature).toEqual({ outcome: 'signed', tmc: 1, tmv: chip.tmv.toString('hex') });
    expect([await sign(), chip.tmc]).toEqual([signature, 1]);
  });

  test('wrong MAC on the signature: it is read again under a right one', async () => {
    await start();
    const { chip, sign } = await tap({ fault: 'wrong-mac-signature' });
    expect(await sign()).toEqual({ outcome: 'signed', tmc: 1, tmv: chip.tmv.toString('hex') });
  });

  test('a card that knows nothing but its UID signs nothing, and nobody there signs nothing either', async () => {
    const { lay, reader, stays } = await start();
    await lay();
    await becomes('card');
    expect(await reader.sign(stays().at(-1) ?? '', DIGEST)).toEqual({ outcome: 'refused' });
    expect(await reader.sign('another-stay', DIGEST)).toEqual({ outcome: 'gone' });
  });

  test('the card process killed while it is asked: torn, and one signature at the stay after it', async () => {
    await start();
    const { chip, sign } = await tap();
    const asked = sign();
    signal(bench.reader.childPid(), 'SIGKILL');
    expect(await asked).toEqual({ outcome: 'torn' });
    await becomes('card', 'removed', 'card');
    const signature = await bench.reader.sign(bench.stays().at(-1) ?? '', DIGEST);
    expect(signature).toEqual({ outcome: 'signed', tmc: 1, tmv: chip.tmv.toString('hex') });
    expect(chip.tmc).toBe(1);
  });

  test('a file of keys that cannot be used: said by name, and no card is read', async () => {
    bench = await readerBench({ cardKeysPath: `${file.path}.gone` });
    await expect.poll(() => bench.reader.status(), soon).toMatchObject({ state: 'fault', reason: 'bad-card-keys' });
    await bench.lay();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(bench.words()).toEqual([]);
    expect(bench.reader.status().restarts).toBe(0);
  });
});
