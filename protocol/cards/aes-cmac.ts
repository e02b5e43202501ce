import type { Aes128 } from '../crypto.ts';
import { concat } from '../primitives/bytes.ts';

/** AES-CMAC (RFC 4493, NIST SP 800-38B), and what NXP's cards make of it. Keys are 16 bytes. */

export const BLOCK_BYTES = 16;
export const ZERO_BLOCK: Uint8Array = new Uint8Array(BLOCK_BYTES);
/** R_128 of SP 800-38B: the polynomial of GF(2^128). */
const R_128 = 0x87;
const PAD = 0x80;

/** 16 bytes. */
export function aesCmac(key: Uint8Array, message: Uint8Array, aes: Aes128): Uint8Array {
  const blocks = Math.max(1, Math.ceil(message.length / BLOCK_BYTES));
  return cmacOfBlocks(key, message, blocks, aes);
}

/**
 * CMAC of a message that is padded to so many blocks, however short it is: as many as it needs for CMAC itself, always two in
 * AN10922. Throws where it does not fit.
 */
export function cmacOfBlocks(key: Uint8Array, message: Uint8Array, blocks: number, aes: Aes128): Uint8Array {
  const whole = blocks * BLOCK_BYTES;
  if (message.length > whole) throw new Error(`a message of ${message.length} bytes in ${blocks} blocks`);
  const [whenWhole, whenPadded] = subkeys(key, aes);
  const padded = new Uint8Array(whole);
  padded.set(message);
  if (message.length < whole) padded[message.length] = PAD;
  const mask = message.length < whole ? whenPadded : whenWhole;
  const last = padded.subarray(whole - BLOCK_BYTES);
  last.set(xor(last, mask));
  return aes.encryptCbc(key, ZERO_BLOCK, padded).slice(-BLOCK_BYTES);
}

/** EV2's truncation: every second byte, from the second on; 8 bytes. */
export function shortCmac(key: Uint8Array, message: Uint8Array, aes: Aes128): Uint8Array {
  return aesCmac(key, message, aes).filter((_, at) => at % 2 === 1);
}

/** Zeros behind the bytes until they fill whole blocks, as NXP's session vectors are padded. */
export function zeroPadded(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = concat(...parts);
  return concat(bytes, new Uint8Array((BLOCK_BYTES - (bytes.length % BLOCK_BYTES)) % BLOCK_BYTES));
}

export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, at) => byte ^ (b[at] ?? 0));
}

function subkeys(key: Uint8Array, aes: Aes128): readonly [Uint8Array, Uint8Array] {
  const first = doubled(aes.encryptCbc(key, ZERO_BLOCK, ZERO_BLOCK));
  return [first, doubled(first)];
}

/** Twice the value, in GF(2^128). */
function doubled(block: Uint8Array): Uint8Array {
  const out = block.map((byte, at) => ((byte << 1) | ((block[at + 1] ?? 0) >> 7)) & 0xff);
  if (((block[0] ?? 0) & 0x80) !== 0) out[BLOCK_BYTES - 1] = (out[BLOCK_BYTES - 1] ?? 0) ^ R_128;
  return out;
}
