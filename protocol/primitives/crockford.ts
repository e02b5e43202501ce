/** Crockford's base32: digits a person can read aloud and type back (no I, L, O, U). */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The first `characters` x 5 bits of `bytes`, most significant first. */
export function toCrockford(bytes: Uint8Array, characters: number): string {
  let out = '';
  for (let i = 0; i < characters; i++) {
    const bit = i * 5;
    const byte = bit >> 3;
    const pair = ((bytes[byte] ?? 0) << 8) | (bytes[byte + 1] ?? 0);
    out += ALPHABET[(pair >> (11 - (bit & 7))) & 31];
  }
  return out;
}

/** `ABCD-EFGH-JKMN`: 60 bits of a hash in groups of four, for paper, screens and telephones. */
export function groupedCode(hash: Uint8Array): string {
  const code = toCrockford(hash, 12);
  return `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8, 12)}`;
}

/** The bits of a typed check code, 5 a character, most significant first; null where it is none. */
export function codeBits(typed: string): readonly (0 | 1)[] | null {
  const plain = normaliseCode(typed).replaceAll('-', '');
  if (plain.length !== 12) return null;
  const bits: (0 | 1)[] = [];
  for (const character of plain) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return null;
    for (let bit = 4; bit >= 0; bit--) bits.push(((value >> bit) & 1) as 0 | 1);
  }
  return bits;
}

/** What a person typed, made comparable: upper case, I and L are 1, O is 0, groups joined by one hyphen. */
export function normaliseCode(typed: string): string {
  const plain = typed
    .toUpperCase()
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0')
    .replace(/[^0-9A-Z]/g, '');
  return plain.replace(/(.{4})(?=.)/g, '$1-');
}
