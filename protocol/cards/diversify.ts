import type { Aes128 } from '../crypto.ts';
import { concat } from '../primitives/bytes.ts';
import { cmacOfBlocks } from './aes-cmac.ts';

/** Key diversification: each card has a key of its own, made of one master (NXP AN10922, 2.2, AES-128). */

/** Before the input, for a key of 128 bits. */
const CONSTANT = Uint8Array.of(0x01);
/** The input is CMACed as two blocks, whatever its length. */
const BLOCKS = 2;
export const MOST_INPUT_BYTES = 31;

/** `input`: 1 to 31 bytes that tell this card and application from every other, without the constant. 16 bytes. */
export function diversifiedKey(master: Uint8Array, input: Uint8Array, aes: Aes128): Uint8Array {
  return cmacOfBlocks(master, concat(CONSTANT, input), BLOCKS, aes);
}
