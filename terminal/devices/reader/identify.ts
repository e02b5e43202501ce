import type { CardRefusal, ReadCard } from './port.ts';

/** What a card answered: the whole response APDU, or that it stayed silent past the deadline, or left meanwhile. */
export type ApduAnswer = Uint8Array | 'mute' | 'torn';
export type Transmit = (apdu: Uint8Array) => Promise<ApduAnswer>;

/** `storage-a`: a 14443-3 Type A storage card; `processor`: ISO/IEC 14443-4; `other`: Type B storage, contact, unknown. */
export type CardClass = 'storage-a' | 'processor' | 'other';

export type Identified =
  | { readonly ok: true; readonly card: ReadCard }
  | { readonly ok: false; readonly reason: CardRefusal };

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

/** Tells the kind of card by its whole ATR, as PC/SC part 3 builds it; nfc-pcsc looks at one byte and is often wrong. */
export function classifyAtr(atr: Uint8Array): CardClass {
  const contactless = atr[0] === 0x3b && ((atr[1] ?? 0) & 0xf0) === 0x80 && atr[2] === 0x80 && atr[3] === 0x01;
  if (!contactless) return 'other';
  if (!PCSC_RID.every((byte, at) => atr[4 + at] === byte)) return 'processor';
  return STANDARDS_14443_A.includes(atr[SS_AT] ?? 0) ? 'storage-a' : 'other';
}

/** Asks who lies on the reader. One APDU; `transmit` owns the deadline. Never throws unless `transmit` does. */
export async function identify(atr: Uint8Array, transmit: Transmit): Promise<Identified> {
  if (classifyAtr(atr) !== 'storage-a') return { ok: false, reason: 'unsupported-card' };
  const answer = await transmit(GET_UID);
  return typeof answer === 'string' ? { ok: false, reason: answer } : readUid(answer);
}

function readUid(answer: Uint8Array): Identified {
  // A card torn away mid-APDU may come back as success with no bytes: without a status word nothing was answered.
  if (answer.length < 2) return { ok: false, reason: 'torn' };
  const uid = answer.subarray(0, -2);
  const done = answer.at(-2) === 0x90 && answer.at(-1) === 0x00;
  if (!done || !UID_BYTES.includes(uid.length)) return { ok: false, reason: 'unsupported-card' };
  if (uid.every((byte) => byte === 0)) return { ok: false, reason: 'zero-uid' };
  if (uid.length === 4 && uid[0] === RANDOM_UID) return { ok: false, reason: 'random-uid' };
  if (uid.length === 4 && uid[0] === CASCADE_TAG) return { ok: false, reason: 'unsupported-card' };
  return { ok: true, card: { kind: 'uid', uid: Buffer.from(uid).toString('hex') } };
}
