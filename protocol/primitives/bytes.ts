/** Byte helpers that run in Node and in a browser alike. */

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Node's writes small texts several times faster; a browser has none. */
interface Native {
  from(text: string, encoding: 'utf8'): Uint8Array;
}
const native = (globalThis as { Buffer?: Native }).Buffer;

/** A half of a surrogate pair becomes U+FFFD, as with TextEncoder. */
export function utf8(text: string): Uint8Array {
  if (native === undefined) return ENCODER.encode(text);
  const { buffer, byteOffset, length } = native.from(text, 'utf8');
  return new Uint8Array(buffer, byteOffset, length);
}

/** Null when the bytes are not UTF-8: half a character must not become a replacement character in something signed. */
export function fromUtf8(bytes: Uint8Array): string | null {
  try {
    return DECODER.decode(bytes);
  } catch {
    return null;
  }
}

export function toHex(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += byte.toString(16).padStart(2, '0');
  return out;
}

/** Null for an odd length or a character that is not a hex digit. Any case. */
export function fromHex(hex: string): Uint8Array | null {
  if (hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) return null;
  const out = new Uint8Array(hex.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return out;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}
