import type { Aes128 } from '../crypto.ts';
import { concat } from '../primitives/bytes.ts';
import { aesCmac, BLOCK_BYTES, shortCmac, ZERO_BLOCK, zeroPadded } from './aes-cmac.ts';

/** Secure Dynamic Messaging of NTAG 424 DNA (NXP AN12196): what its file shows a reader that has no key. */

const COUNTER_BYTES = 3;
/** PICCDataTag: whether the UID and the read counter are in it, and the UID's length. */
const WITH_UID = 0x80;
const WITH_COUNTER = 0x40;
const LENGTH_MASK = 0x0f;
/** The only length that the chip has. */
const UID_BYTES = 7;

/** Of which card, and at which of its reads. */
export interface SdmRead {
  readonly uid: Uint8Array;
  /** 3 bytes, the lowest first, as on the wire. */
  readonly counter: Uint8Array;
}

/** Who shows it and how often it was read, out of the enciphered block of 16 bytes; null where that holds no such thing. */
export function sdmPicc(
  metaReadKey: Uint8Array,
  piccData: Uint8Array,
  aes: Aes128,
): (SdmRead & { readonly tag: number }) | null {
  if (piccData.length !== BLOCK_BYTES) return null;
  const plain = aes.decryptCbc(metaReadKey, ZERO_BLOCK, piccData);
  const tag = plain[0] ?? 0;
  if ((tag & WITH_UID) === 0 || (tag & WITH_COUNTER) === 0 || (tag & LENGTH_MASK) !== UID_BYTES) return null;
  const counterAt = 1 + UID_BYTES;
  return { tag, uid: plain.slice(1, counterAt), counter: plain.slice(counterAt, counterAt + COUNTER_BYTES) };
}

/** The MAC that the file shows, 8 bytes. `input` may be empty: the keys alone then bind UID and counter. */
export function sdmMac(fileReadKey: Uint8Array, read: SdmRead, input: Uint8Array, aes: Aes128): Uint8Array {
  return shortCmac(sessionKey(fileReadKey, [0x3c, 0xc3], read, aes), input, aes);
}

/** What stands in the file's enciphered part; null where that is not made of whole blocks. */
export function sdmFile(
  fileReadKey: Uint8Array,
  read: SdmRead,
  enciphered: Uint8Array,
  aes: Aes128,
): Uint8Array | null {
  if (enciphered.length === 0 || enciphered.length % BLOCK_BYTES !== 0) return null;
  const key = sessionKey(fileReadKey, [0xc3, 0x3c], read, aes);
  const iv = aes.encryptCbc(key, ZERO_BLOCK, zeroPadded(read.counter));
  return aes.decryptCbc(key, iv, enciphered);
}

function sessionKey(
  fileReadKey: Uint8Array,
  label: readonly [number, number],
  { uid, counter }: SdmRead,
  aes: Aes128,
): Uint8Array {
  return aesCmac(fileReadKey, zeroPadded(concat(Uint8Array.of(...label, 0x00, 0x01, 0x00, 0x80), uid, counter)), aes);
}
