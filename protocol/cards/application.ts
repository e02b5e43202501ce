import { concat, utf8 } from '../primitives/bytes.ts';

/**
 * Our application on a DESFire EV2 or EV3 (docs/devices.md): what the county writes onto a card, and every kiosk relies on.
 * Numbers of several bytes have the lowest first, as the card's commands do.
 */
export const CARD_APPLICATION = {
  id: Uint8Array.of(0xf1, 0x7a, 0x11),
  /** Of the village's read key: it shows who the card is, and lets it be asked for a signature. */
  readKeyNo: 1,
  /** A backup data file: what is to be signed goes in there, whole. */
  signedFile: 0x01,
  signedBytes: 32,
  /** Of the TransactionMAC: the last signature. Its key has the county alone. */
  tmacFile: 0x0f,
} as const;

/** The only length of a UID that a DESFire has before it is set to show a random one. */
export const CARD_UID_BYTES = 7;
const SYSTEM_NAME = utf8('tallystick');

/** What tells the keys of one card from those of every other, for AN10922: UID, application, system. */
export function diversificationInput(uid: Uint8Array): Uint8Array {
  return concat(uid, CARD_APPLICATION.id, SYSTEM_NAME);
}
