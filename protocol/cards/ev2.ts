import type { Aes128 } from '../crypto.ts';
import { concat, equalBytes } from '../primitives/bytes.ts';
import { aesCmac, BLOCK_BYTES, xor, ZERO_BLOCK } from './aes-cmac.ts';

/**
 * AuthenticateEV2First as the reader plays it, and the session it opens (NXP AN12343 for DESFire, AN12196 for NTAG 424 DNA):
 * each side shows that it has the key, and both make session keys of what they drew.
 */

export const RANDOM_BYTES = 16;
/** What the card sends first: E(RndB). */
export const STEP_1_BYTES = 16;
/** What it sends last: E(TI, RndA', its capabilities, the reader's). */
export const STEP_2_BYTES = 32;
const TI_BYTES = 4;

export interface SessionKeys {
  readonly encKey: Uint8Array;
  readonly macKey: Uint8Array;
}
export interface Ev2Session extends SessionKeys {
  /** The transaction's identifier, which the card drew: 4 bytes. */
  readonly ti: Uint8Array;
}

/** What the card drew, out of its first answer of 16 bytes. */
export function cardsRandom(key: Uint8Array, step1: Uint8Array, aes: Aes128): Uint8Array {
  return aes.decryptCbc(key, ZERO_BLOCK, step1);
}

/** The reader's answer: E(RndA, RndB'), 32 bytes. */
export function readersReply(key: Uint8Array, rndA: Uint8Array, rndB: Uint8Array, aes: Aes128): Uint8Array {
  return aes.encryptCbc(key, ZERO_BLOCK, concat(rndA, rotated(rndB)));
}

/** The session, or null where the card has not shown that it has the key. `step2`: 32 bytes. */
export function openSession(
  key: Uint8Array,
  { rndA, rndB }: { readonly rndA: Uint8Array; readonly rndB: Uint8Array },
  step2: Uint8Array,
  aes: Aes128,
): Ev2Session | null {
  const plain = aes.decryptCbc(key, ZERO_BLOCK, step2);
  const shown = plain.subarray(TI_BYTES, TI_BYTES + RANDOM_BYTES);
  if (!equalBytes(shown, rotated(rndA))) return null;
  return { ti: plain.slice(0, TI_BYTES), ...sessionKeys(key, rndA, rndB, aes) };
}

/** Of what both sides drew: RndA's first bytes and RndB's are mixed, so that neither side alone chooses the keys. */
export function sessionKeys(key: Uint8Array, rndA: Uint8Array, rndB: Uint8Array, aes: Aes128): SessionKeys {
  const mixed = concat(
    rndA.subarray(0, 2),
    xor(rndA.subarray(2, 8), rndB.subarray(0, 6)),
    rndB.subarray(6),
    rndA.subarray(8),
  );
  const derived = (label: readonly [number, number]) =>
    aesCmac(key, concat(Uint8Array.of(...label, 0x00, 0x01, 0x00, 0x80), mixed), aes);
  return { encKey: derived([0xa5, 0x5a]), macKey: derived([0x5a, 0xa5]) };
}

/** Rotated left by one byte. */
function rotated(block: Uint8Array): Uint8Array {
  return concat(block.subarray(1, BLOCK_BYTES), block.subarray(0, 1));
}
