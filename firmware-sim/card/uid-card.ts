import type { CardApplet } from './applet.ts';

const UID_HEX = /^(?:[0-9a-f]{8}|[0-9a-f]{14}|[0-9a-f]{20})$/;
const OK = [0x90, 0x00];
const FUNCTION_NOT_SUPPORTED = Uint8Array.of(0x6a, 0x81);
const INSTRUCTION_NOT_SUPPORTED = Uint8Array.of(0x6d, 0x00);
const GET_DATA = 0xca;

/** PC/SC part 3 supplement, NN: the card's name by the length of its UID; none is registered for 10 bytes. */
const CARD_NAME: ReadonlyMap<number, number> = new Map([
  [4, 0x0001],
  [7, 0x0003],
]);
const ISO_14443_A_PART_3 = 0x03;

/**
 * A Type A storage card that knows nothing but its UID. There is no reader firmware behind vpcd, so the card itself
 * answers the reader's pseudo-APDU `FF CA 00 00 00`. Throws when `uid` is not lower-case hex of 4, 7 or 10 bytes.
 */
export function uidCard(uid: string): CardApplet {
  if (!UID_HEX.test(uid)) throw new Error(`A card's UID is lower-case hex of 4, 7 or 10 bytes, not "${uid}".`);
  const bytes = Uint8Array.from(Buffer.from(uid, 'hex'));
  return {
    atr: storageCardAtr(ISO_14443_A_PART_3, CARD_NAME.get(bytes.length) ?? 0),
    process(apdu) {
      const [cla, ins, p1, p2] = apdu;
      if (cla !== 0xff || ins !== GET_DATA) return INSTRUCTION_NOT_SUPPORTED;
      return p1 === 0 && p2 === 0 ? Uint8Array.of(...bytes, ...OK) : FUNCTION_NOT_SUPPORTED;
    },
  };
}

/** The ATR a contactless reader builds for a storage card: PC/SC part 3, 3.1.3.2.3.1, table 3.5. */
export function storageCardAtr(standard: number, name: number): Uint8Array {
  const atr = [0x3b, 0x8f, 0x80, 0x01, 0x80, 0x4f, 0x0c, 0xa0, 0x00, 0x00, 0x03, 0x06];
  atr.push(standard, name >> 8, name & 0xff, 0, 0, 0, 0);
  // TCK makes everything after TS cancel out (ISO/IEC 7816-3, 8.2.5).
  const check = atr.slice(1).reduce((sum, byte) => sum ^ byte, 0);
  return Uint8Array.of(...atr, check);
}
