import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCode, parseRecordNumber, receiptAddress, recordNumber } from '../records/number.ts';
import { toBase64url } from './base64url.ts';
import { groupedCode, normaliseCode, toCrockford } from './crockford.ts';

/** The definition, slowly: bits in a row, five at a time. */
function slowly(bytes: Uint8Array, characters: number): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const fives = Array.from({ length: characters }, (_, i) => Number.parseInt(bits.slice(5 * i, 5 * i + 5), 2));
  return fives.map((five) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[five]).join('');
}

describe('Crockford base32', () => {
  it('takes the bits in order, most significant first', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (hash) => {
        expect(toCrockford(hash, 12)).toBe(slowly(hash, 12));
        expect(groupedCode(hash).replaceAll('-', '')).toBe(slowly(hash, 12));
      }),
    );
  });

  it.each([
    [Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0), '0000-0000-0000'],
    [Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255), 'ZZZZ-ZZZZ-ZZZZ'],
    [Uint8Array.of(0x08, 0x42, 0x10, 0x84, 0x21, 0x08, 0x42, 0x10), '1111-1111-1111'],
  ])('%s is %s', (bytes, code) => {
    expect(groupedCode(bytes)).toBe(code);
  });

  it.each([
    ['abcd-efgh-jkmn', 'ABCD-EFGH-JKMN'],
    ['ABCDEFGHJKMN', 'ABCD-EFGH-JKMN'],
    [' abcd efgh jkmn ', 'ABCD-EFGH-JKMN'],
    ['IlLo-OO00-1111', '1110-0000-1111'],
    ['abc', 'ABC'],
    ['', ''],
  ])('a person types %j, meant is %j', (typed, meant) => {
    expect(normaliseCode(typed)).toBe(meant);
  });

  it('what was printed is what is typed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (hash) => {
        const code = groupedCode(hash);
        expect(normaliseCode(code)).toBe(code);
        expect(normaliseCode(code.toLowerCase().replaceAll('-', ' '))).toBe(code);
      }),
    );
  });
});

describe('record numbers', () => {
  it('reads back what it writes', () => {
    const id = { tid: 'shop-7', ep: 2, seq: 999_999_999 };
    expect(recordNumber(id)).toBe('shop-7.2.999999999');
    expect(parseRecordNumber(recordNumber(id))).toEqual(id);
  });

  it.each([
    '',
    'k1',
    'k1.1',
    'k1.1.0',
    'k1.0.1',
    'k1.01.1',
    'k1.1.1.1',
    'K1.1.1',
    '-k.1.1',
    'k1.1.-1',
    'k1.1.1\n',
    ' k1.1.1',
  ])('refuses %j', (text) => {
    expect(parseRecordNumber(text)).toBeNull();
  });

  it('the QR names the record and the first 60 bits of its hash', () => {
    const hash = toBase64url(new Uint8Array(32).fill(255));
    expect(checkCode(hash)).toBe('ZZZZ-ZZZZ-ZZZZ');
    expect(receiptAddress('https://hub', { tid: 'k1', ep: 1, seq: 2 }, hash)).toBe(
      'https://hub/r/k1.1.2.ZZZZ-ZZZZ-ZZZZ',
    );
  });
});
