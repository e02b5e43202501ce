import type { Aes128 } from '../crypto.ts';
import { concat, equalBytes } from '../primitives/bytes.ts';
import { BLOCK_BYTES, shortCmac, ZERO_BLOCK } from './aes-cmac.ts';
import type { Ev2Session } from './ev2.ts';

/**
 * EV2 secure messaging (NXP AN12343, AN12196): each command and each answer carries a MAC over a counter that both sides
 * keep, so that nothing counts twice, out of its turn or in another session.
 */

const MAC_BYTES = 8;
const OK = 0x00;
const PAD = 0x80;

/** The MAC of a command. `counter`: commands of this session before it. `body`: header and data as they are sent. */
export function commandMac(
  session: Ev2Session,
  counter: number,
  command: number,
  body: Uint8Array,
  aes: Aes128,
): Uint8Array {
  return shortCmac(session.macKey, concat(Uint8Array.of(command), twoBytes(counter), session.ti, body), aes);
}

/** What an answer said, without its MAC; null where the MAC is not right. `counter`: with the command it answers. */
export function answerBody(session: Ev2Session, counter: number, answer: Uint8Array, aes: Aes128): Uint8Array | null {
  if (answer.length < MAC_BYTES) return null;
  const body = answer.subarray(0, -MAC_BYTES);
  const input = concat(Uint8Array.of(OK), twoBytes(counter), session.ti, body);
  return equalBytes(shortCmac(session.macKey, input, aes), answer.subarray(-MAC_BYTES)) ? body : null;
}

/** The plain text of an enciphered answer whose MAC was right; null where it is no padded text. */
export function decipheredAnswer(
  session: Ev2Session,
  counter: number,
  body: Uint8Array,
  aes: Aes128,
): Uint8Array | null {
  if (body.length === 0 || body.length % BLOCK_BYTES !== 0) return null;
  const seed = concat(Uint8Array.of(0x5a, 0xa5), session.ti, twoBytes(counter), new Uint8Array(8));
  const plain = aes.decryptCbc(session.encKey, aes.encryptCbc(session.encKey, ZERO_BLOCK, seed), body);
  const end = plain.lastIndexOf(PAD);
  return end < 0 || plain.subarray(end + 1).some((byte) => byte !== 0) ? null : plain.slice(0, end);
}

function twoBytes(counter: number): Uint8Array {
  return Uint8Array.of(counter & 0xff, counter >> 8);
}
