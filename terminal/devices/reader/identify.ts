import { equalBytes, toHex } from '../../../protocol/primitives/bytes.ts';
import type { Identified, Transmit } from './apdu.ts';
import { identifyDesfire } from './desfire/identify-desfire.ts';
import type { CardKeys } from './desfire/keys.ts';
import type { CardRefusal } from './port.ts';

/**
 * `storage-a`: a 14443-3 Type A storage card; `desfire`: DESFire EV2 or EV3, or a chip that says as little of itself;
 * `processor`: another ISO/IEC 14443-4; `other`: Type B storage, contact, unknown.
 */
export type CardClass = 'storage-a' | 'desfire' | 'processor' | 'other';

/** GET DATA for the UID: PC/SC part 3, 3.2.2.1.3. The reader answers it, not the card. */
const GET_UID = Uint8Array.of(0xff, 0xca, 0x00, 0x00, 0x00);
/** ISO/IEC 14443-3, 6.5.4: single, double and triple size. */
const UID_BYTES: readonly number[] = [4, 7, 10];
/** ISO/IEC 14443-3, table 8: a single-size UID that begins with 08 is random. A double-size one is Fujitsu's. */
const RANDOM_UID = 0x08;
/** ISO/IEC 14443-3, 6.5.4: the cascade tag; "4 bytes" that begin with it are the first half of a longer UID. */
const CASCADE_TAG = 0x88;
/** PC/SC's registered application provider in a storage card's ATR (part 3, 3.1.3.2.3.1). */
const PCSC_RID = [0x80, 0x4f, 0x0c, 0xa0, 0x00, 0x00, 0x03, 0x06];
/** SS, the standard byte of that ATR: 14443 A parts 1, 2 and 3 (part 3 supplement). */
const STANDARDS_14443_A: readonly number[] = [0x01, 0x02, 0x03];
const SS_AT = 12;
/** One historical byte, 80: what a reader builds of DESFire's ATS (and of NTAG 424 DNA's, which has no application of ours). */
const DESFIRE_ATR = Uint8Array.of(0x3b, 0x81, 0x80, 0x01, 0x80, 0x80);

/** Tells the kind of card by its whole ATR, as PC/SC part 3 builds it; nfc-pcsc looks at one byte and is often wrong. */
export function classifyAtr(atr: Uint8Array): CardClass {
  if (equalBytes(atr, DESFIRE_ATR)) return 'desfire';
  const contactless = atr[0] === 0x3b && ((atr[1] ?? 0) & 0xf0) === 0x80 && atr[2] === 0x80 && atr[3] === 0x01;
  if (!contactless) return 'other';
  if (!PCSC_RID.every((byte, at) => atr[4 + at] === byte)) return 'processor';
  return STANDARDS_14443_A.includes(atr[SS_AT] ?? 0) ? 'storage-a' : 'other';
}

/**
 * Asks who lies on the reader. One APDU for a storage card; a DESFire shows who it is by a key, and without keys (null) it is
 * no card of ours. `transmit` owns the deadline. Never throws unless `transmit` does.
 */
export async function identify(atr: Uint8Array, transmit: Transmit, keys: CardKeys | null): Promise<Identified> {
  const kind = classifyAtr(atr);
  if (kind !== 'storage-a' && (kind !== 'desfire' || keys === null)) return { ok: false, reason: 'unsupported-card' };
  const answer = await transmit(GET_UID);
  if (typeof answer === 'string') return { ok: false, reason: answer };
  const told = readUid(answer);
  if ('reason' in told) return { ok: false, reason: told.reason };
  return kind === 'desfire' && keys !== null
    ? identifyDesfire(told.uid, transmit, keys)
    : { ok: true, card: { kind: 'uid', uid: told.uid } };
}

function readUid(answer: Uint8Array): { readonly uid: string } | { readonly reason: CardRefusal } {
  // A card torn away mid-APDU may come back as success with no bytes: without a status word nothing was answered.
  if (answer.length < 2) return { reason: 'torn' };
  const uid = answer.subarray(0, -2);
  const done = answer.at(-2) === 0x90 && answer.at(-1) === 0x00;
  if (!done || !UID_BYTES.includes(uid.length)) return { reason: 'unsupported-card' };
  if (uid.every((byte) => byte === 0)) return { reason: 'zero-uid' };
  if (uid.length === 4 && uid[0] === RANDOM_UID) return { reason: 'random-uid' };
  if (uid.length === 4 && uid[0] === CASCADE_TAG) return { reason: 'unsupported-card' };
  return { uid: toHex(uid) };
}
