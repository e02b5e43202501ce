import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { desfireCard } from '../../../../firmware-sim/card/desfire/desfire-card.ts';
import type { AuthenticatingCard } from '../../../../firmware-sim/card/index.ts';
import { transactionMac } from '../../../../protocol/cards/tmac.ts';
import { nodeAes } from '../../../../protocol/node/crypto.ts';
import { concat, fromHex } from '../../../../protocol/primitives/bytes.ts';
import { CARD_UID, keyFile, TMAC_KEY, villageCard } from '../../../../test/support/village-cards.ts';
import type { ApduAnswer, Identified, Transmit } from '../apdu.ts';
import { identify } from '../identify.ts';
import { readKeyFile, softKeys } from './soft-keys.ts';

/** Cards that authenticate, as rules: the simulated chip on one side, the reader's part on the other, no wire between. */

const hex = (text: string): Uint8Array => fromHex(text) ?? new Uint8Array(0);
const file = keyFile();
const keys = readKeyFile(file.path);
file.remove();
const DIGEST = new Uint8Array(32).fill(0xd1);
const OTHER = new Uint8Array(32).fill(0xd2);

/** A card on a reader; a card that leaves answers nothing more. `heard` sees each command, and may answer in its stead. */
function laid(card: AuthenticatingCard, heard: (apdu: Uint8Array) => ApduAnswer | undefined = () => undefined) {
  const applet = desfireCard(card.chip, card.fault);
  let here = true;
  const transmit: Transmit = async (apdu) => {
    if (!here) return 'torn';
    const answer = heard(apdu) ?? applet.process(apdu);
    if (answer === 'tear') here = false;
    if (applet.leaves === 'after-answer') here = false;
    return answer === 'tear' ? 'torn' : answer;
  };
  return { transmit, who: () => identify(applet.atr, transmit, keys) };
}
const reasonOf = (found: Identified) => (found.ok ? found.card : found.reason);
async function signerOf(card: AuthenticatingCard, heard?: (apdu: Uint8Array) => ApduAnswer | undefined) {
  const found = await laid(card, heard).who();
  if (!found.ok || found.sign === undefined) throw new Error(`no card: ${JSON.stringify(found)}`);
  return found.sign;
}

describe('who a card is', () => {
  it.each([
    ['a card of this village', villageCard(), { kind: 'desfire', uid: CARD_UID }],
    ['a clone with another key', villageCard({ villageKey: '00'.repeat(16) }), 'wrong-key'],
    ['a key version that was rolled', villageCard({ version: 1 }), 'old-key'],
    ['a key version from before any here', villageCard({ version: 0, villageKey: '00'.repeat(16) }), 'old-key'],
    ['a key version that is not here yet', villageCard({ version: 3 }), 'unknown-key'],
    ['a wrong MAC', villageCard({ fault: 'wrong-mac' }), 'bad-mac'],
    ['a random UID', villageCard({ uid: '08a1b2c3' }), 'random-uid'],
    ['a UID of 4 bytes', villageCard({ uid: '04a1b2c3' }), 'unsupported-card'],
  ])('%s', async (_, card, expected) => {
    expect(reasonOf(await laid(card).who())).toEqual(expected);
  });

  it('a clone that takes whatever we say, and cannot show the key itself', async () => {
    const forged = (apdu: Uint8Array) => (apdu[1] === 0xaf ? concat(randomBytes(32), hex('9100')) : undefined);
    expect(reasonOf(await laid(villageCard(), forged).who())).toBe('wrong-key');
  });

  it('a card whose UID the reader tells otherwise: its key is another card’s', async () => {
    const told = (apdu: Uint8Array) => (apdu[0] === 0xff ? hex('04ffffffffffff9000') : undefined);
    expect(reasonOf(await laid(villageCard(), told).who())).toBe('wrong-key');
  });

  it('a card with the key of one UID that says another under MAC', async () => {
    const { chip } = villageCard();
    const told = (apdu: Uint8Array) => (apdu[0] === 0xff ? hex(`${CARD_UID}9000`) : undefined);
    const another = { ...chip, uid: Buffer.from('04ffffffffffff', 'hex') };
    expect(reasonOf(await laid({ kind: 'desfire', chip: another }, told).who())).toBe('wrong-key');
  });

  it.each([
    ['without our application', 0x5a, '91a0', 'unsupported-card'],
    ['that knows no such command', 0x5a, '6d00', 'unsupported-card'],
    ['without such a key', 0x64, '9140', 'unsupported-card'],
    ['with half a challenge', 0x71, '112291af', 'unsupported-card'],
    ['that answers the authentication too shortly', 0xaf, '11229100', 'unsupported-card'],
    ['that answers nothing', 0x71, '', 'torn'],
  ])('a card %s', async (_, command, answer, expected) => {
    const said = (apdu: Uint8Array) => (apdu[0] === 0x90 && apdu[1] === command ? hex(answer) : undefined);
    expect(reasonOf(await laid(villageCard(), said).who())).toBe(expected);
  });

  it('is nobody, whatever bytes a card answers', async () => {
    const bytes = fc.uint8Array({ maxLength: 64 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            bytes,
            bytes.map((said) => concat(said, hex('9100'))),
          ),
          { maxLength: 6 },
        ),
        async (says) => {
          let at = 0;
          const noise = (apdu: Uint8Array) => (apdu[0] === 0xff ? undefined : (says[at++] ?? hex('9100')));
          expect((await laid(villageCard(), noise).who()).ok).toBe(false);
        },
      ),
    );
  });
});

describe('a card’s signature', () => {
  const tmi = (digest: Uint8Array) => concat(hex('8d010000002000000000000000000000'), digest);

  it('is the TransactionMAC of what it was given, by a key that no kiosk has', async () => {
    const card = villageCard();
    const sign = await signerOf(card);
    const tmv = (tmc: string, digest: Uint8Array) =>
      Buffer.from(
        transactionMac(hex(TMAC_KEY), { tmc: hex(tmc), uid: hex(CARD_UID), input: tmi(digest) }, nodeAes),
      ).toString('hex');
    expect(await sign(DIGEST)).toEqual({ outcome: 'signed', tmc: 1, tmv: tmv('01000000', DIGEST) });
    expect(await sign(OTHER)).toEqual({ outcome: 'signed', tmc: 2, tmv: tmv('02000000', OTHER) });
  });

  it('is the same when it is asked for again, at once, later and at another tap', async () => {
    const card = villageCard();
    const sign = await signerOf(card);
    const both = await Promise.all([sign(DIGEST), sign(DIGEST)]);
    const again = await (await signerOf(card))(DIGEST);
    expect(both).toEqual([again, again]);
    expect(card.chip.tmc).toBe(1);
  });

  it('is made of zeros too, where a new card has never signed', async () => {
    const sign = await signerOf(villageCard());
    expect(await sign(new Uint8Array(32))).toMatchObject({ outcome: 'signed', tmc: 1 });
  });

  it.each([
    ['torn-before-signing', { outcome: 'torn' }, 0],
    ['torn-in-signing', { outcome: 'torn' }, 0],
    ['torn-in-signing-done', { outcome: 'torn' }, 1],
    ['torn-after-signing', { outcome: 'signed', tmc: 1 }, 1],
    ['repeated-apdu', { outcome: 'signed', tmc: 1 }, 1],
    ['wrong-mac-signature', { outcome: 'signed', tmc: 1 }, 1],
  ] as const)('%s: one at most, and the same one at the next tap', async (fault, expected, signed) => {
    const card = villageCard({ fault });
    const first = await (await signerOf(card))(DIGEST);
    expect(first).toMatchObject(expected);
    expect(card.chip.tmc).toBe(signed);
    const next = await (await signerOf({ kind: 'desfire', chip: card.chip }))(DIGEST);
    expect(next).toMatchObject({ outcome: 'signed', tmc: 1 });
    expect(card.chip.tmc).toBe(1);
    if (first.outcome === 'signed') expect(next).toEqual(first);
  });

  it('is not believed where the card’s file cannot be read under a right MAC either', async () => {
    const card = villageCard();
    const lies = (apdu: Uint8Array) => (apdu[1] === 0xad ? concat(new Uint8Array(40), hex('9100')) : undefined);
    expect(await (await signerOf(card, lies))(DIGEST)).toEqual({ outcome: 'bad-mac' });
    expect(card.chip.tmc).toBe(0);
  });

  it('is refused by a card that does not let us write, and by another card under the same name', async () => {
    const no = (apdu: Uint8Array) => (apdu[1] === 0x8d ? hex('919d') : undefined);
    expect(await (await signerOf(villageCard(), no))(DIGEST)).toEqual({ outcome: 'refused' });
    const applets = [villageCard(), villageCard({ uid: '04ffffffffffff' })].map(({ chip }) => desfireCard(chip));
    let on = 0;
    const found = await identify(
      hex('3b8180018080'),
      async (apdu) => {
        const said = applets[on]?.process(apdu);
        return said === 'tear' || said === undefined ? 'torn' : said;
      },
      keys,
    );
    on = 1;
    // What the first card has signed, this one does not say.
    expect(found.ok && (await found.sign?.(DIGEST))).toEqual({ outcome: 'torn' });
  });

  it.each(['919d', '6300'])('is torn, not refused, where it may have signed and then only says %s', async (says) => {
    const card = villageCard();
    let committed = false;
    const garbles = (apdu: Uint8Array) => {
      if (committed) return hex(says);
      committed = apdu[1] === 0xc7;
      return undefined;
    };
    const applet = laid(card, garbles);
    const found = await identify(
      hex('3b8180018080'),
      async (apdu) => {
        const answer = await applet.transmit(apdu);
        return apdu[1] === 0xc7 && typeof answer !== 'string' ? hex('0000') : answer;
      },
      keys,
    );
    expect(found.ok && (await found.sign?.(DIGEST))).toEqual({ outcome: 'torn' });
    expect(card.chip.tmc).toBe(1);
  });
});

describe('the card itself, which is no reader’s mirror', () => {
  it('takes a command once: the same bytes again are another number’s, and end the session', async () => {
    const seen: Uint8Array[] = [];
    const { who, transmit } = laid(villageCard(), (apdu) => void seen.push(apdu));
    await who();
    const last = seen.at(-1) ?? new Uint8Array(0);
    expect(last[1]).toBe(0x51);
    expect(await transmit(last)).toEqual(hex('911e'));
    expect(await transmit(last)).toEqual(hex('91ae'));
  });

  it('gives no session to who has not its key', async () => {
    const other = softKeys([{ version: 2, key: hex('99'.repeat(16)), accepted: true }]);
    const { transmit } = laid(villageCard());
    const found = await identify(hex('3b8180018080'), transmit, other);
    expect(reasonOf(found)).toBe('wrong-key');
    expect(await transmit(hex('9051000008001122334455667700'))).toEqual(hex('91ae'));
  });
});

describe('the file of card keys', () => {
  const KEY = '22'.repeat(16);
  const one = { version: 2, key: KEY, accepted: true };
  it.each([
    ['no JSON', `{"keys": [${KEY}`, /is not right/],
    ['a key too short', JSON.stringify({ keys: [{ ...one, key: '22' }] }), /is not right/],
    ['a field of its own', JSON.stringify({ keys: [{ ...one, master: KEY }] }), /is not right/],
    ['no key', JSON.stringify({ keys: [] }), /is not right/],
    ['one version twice', JSON.stringify({ keys: [one, one] }), /two keys of one version/],
  ])('is refused with a sentence that names no key: %s', (_, text, says) => {
    const { path, remove } = keyFile(text);
    try {
      readKeyFile(path);
      expect.unreachable();
    } catch (error) {
      expect(String(error)).toMatch(says);
      expect(String(error)).not.toContain(KEY);
    } finally {
      remove();
    }
  });

  it('is refused where others may read it, or where it is not', () => {
    const { path, remove } = keyFile(undefined, 0o640);
    expect(() => readKeyFile(path)).toThrow(/can be read by others/);
    remove();
    expect(() => readKeyFile(path)).toThrow(/does not exist/);
    expect(() => readKeyFile(tmpdir())).toThrow(/cannot be read by this user \(EISDIR\)/);
  });
});
