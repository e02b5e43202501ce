/** Canonical unpadded base64url (RFC 4648, section 5). */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES = new Int16Array(128).fill(-1);
for (let i = 0; i < 64; i++) VALUES[ALPHABET.charCodeAt(i)] = i;

const CODES = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const ASCII = new TextDecoder();

/** Node's, which is several times faster than what follows; a browser has none. Tested to do the same. */
interface NativeBytes extends Uint8Array {
  toString(encoding?: 'base64url'): string;
  write(text: string, at: number, encoding: 'latin1'): number;
}
interface Native {
  allocUnsafe(length: number): NativeBytes;
  from(bytes: ArrayBufferLike, offset: number, length: number): NativeBytes;
  from(text: string, encoding: 'base64url'): NativeBytes;
}
const native = (globalThis as { Buffer?: Native }).Buffer;

export function toBase64url(bytes: Uint8Array): string {
  if (native === undefined) return toBase64urlPlain(bytes);
  return native.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
}

/** A multiple of three bytes, so that pieces make no padding of their own. */
const PIECE_BYTES = 48 * 1_024;

/**
 * The ASCII bytes of `head` and of `bytes` in base64url behind it: what a detached signature signs. Piece by piece: a string
 * of a whole body lies outside of where short-lived objects live, and costs more than all the arithmetic.
 */
export function base64urlBehind(head: string, bytes: Uint8Array): Uint8Array {
  if (native === undefined) return base64urlBehindPlain(head, bytes);
  const out = native.allocUnsafe(head.length + Math.ceil((bytes.length * 4) / 3));
  let at = out.write(head, 0, 'latin1');
  for (let from = 0; from < bytes.length; from += PIECE_BYTES)
    at += out.write(toBase64url(bytes.subarray(from, from + PIECE_BYTES)), at, 'latin1');
  return new Uint8Array(out.buffer, out.byteOffset, at);
}

/** As `base64urlBehind`. */
export function base64urlBehindPlain(head: string, bytes: Uint8Array): Uint8Array {
  return new TextEncoder().encode(`${head}${toBase64urlPlain(bytes)}`);
}

/**
 * Null unless encoding the result gives exactly `text` again: no padding, no white space, no stray bits in the last
 * character. One signature then has one spelling, so a fork cannot be forged by spelling it differently.
 */
export function fromBase64url(text: string): Uint8Array | null {
  if (native === undefined) return fromBase64urlPlain(text);
  // Node forgives what we must not: what it read is written again and compared.
  const read = native.from(text, 'base64url');
  if (read.toString('base64url') !== text) return null;
  // A view of what was read: a copy has memory of its own outside the heap, which the collector then keeps track of.
  return new Uint8Array(read.buffer, read.byteOffset, read.length);
}

/** As `toBase64url`. Through bytes, not by adding characters to a string: the hub writes bodies of megabytes before it trusts them. */
export function toBase64urlPlain(bytes: Uint8Array): string {
  const out = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    // Past the end of `out` a write is nothing: one byte makes two characters, two make three.
    for (let shift = 18; shift >= 0; shift -= 6) out[at++] = CODES[(word >> shift) & 63] ?? 0;
  }
  return ASCII.decode(out);
}

/** As `fromBase64url`. */
export function fromBase64urlPlain(text: string): Uint8Array | null {
  const rest = text.length % 4;
  if (rest === 1) return null;
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let word = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const value = code < 128 ? (VALUES[code] ?? -1) : -1;
    if (value < 0) return null;
    word = ((word << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (word >> bits) & 0xff;
    }
  }
  const strayBits = word & ((1 << bits) - 1);
  return strayBits === 0 ? out : null;
}
