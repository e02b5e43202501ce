import type { Hashing } from '../../../protocol/crypto.ts';
import { concat, toHex, utf8 } from '../../../protocol/primitives/bytes.ts';
import { type Answer, commandFrame } from './frames.ts';

/**
 * What a unit is asked, and what its answers say. Source as for the frames: find (20 01) answers 9F where a card lies, select
 * (20 02) answers 90 and the chip's serial, read (30 01) answers 90, two lengths, text in UTF-16LE and a photo.
 */
export const FIND = commandFrame(0x20, 0x01);
export const SELECT = commandFrame(0x20, 0x02);
export const READ = commandFrame(0x30, 0x01);

const FOUND = 0x9f;
const DONE = 0x90;
const SERIAL_BYTES = 8;
const LENGTHS_BYTES = 4;
const TEXT_BYTES = 256;
/** Name 30, sex 2, nation 4, birth 16, address 70 stand before it: 18 characters. */
const NUMBER_AT = LENGTHS_BYTES + 122;
const NUMBER_BYTES = 36;
const DIGEST_BYTES = 10;
const DIGEST_OF = utf8('tally-id-number:');

/** Null: no answer to this question, but one that came late to another. */
export function readFind({ status, data }: Answer): 'lies' | 'none' | null {
  if (status === FOUND) return 'lies';
  return data.length === 0 && status !== DONE ? 'none' : null;
}

/** `serial` null: this unit gives none. */
export function readSelect({ status, data }: Answer): { readonly serial: string | null } | 'failed' | null {
  if (status === DONE && data.length === SERIAL_BYTES) {
    const same = data.every((byte) => byte === data[0]); // all 00, as many units answer, or all FF
    return { serial: same ? null : toHex(data) };
  }
  return data.length === 0 && status !== FOUND ? 'failed' : null;
}

/**
 * A digest in place of the number, which never becomes a text here. Who knows a number can compute it, so it is as good a
 * secret as a UID: none. `answer.data` is wiped.
 */
export function readText(answer: Answer, hashing: Hashing): { readonly uid: string } | 'failed' | null {
  const { status, data } = answer;
  if (data.length === 0) return status === FOUND ? null : 'failed';
  if (status !== DONE || data.length < LENGTHS_BYTES + TEXT_BYTES) return null;
  const number = data.subarray(NUMBER_AT, NUMBER_AT + NUMBER_BYTES);
  const uid = isNumber(number) ? toHex(digest(number, hashing)) : null;
  data.fill(0);
  return uid === null ? 'failed' : { uid };
}

function digest(number: Uint8Array, hashing: Hashing): Uint8Array {
  const said = concat(DIGEST_OF, number);
  const hash = hashing.sha256(said).subarray(0, DIGEST_BYTES);
  said.fill(0);
  return hash;
}

/** 17 digits and a digit or X (GB 11643), in UTF-16LE. */
function isNumber(bytes: Uint8Array): boolean {
  return bytes.every((byte, i) => {
    if (i % 2 === 1) return byte === 0;
    const digit = byte >= 0x30 && byte <= 0x39;
    return digit || (i === NUMBER_BYTES - 2 && byte === 0x58);
  });
}
