import { describe, expect, it } from 'vitest';
import { toBase64url } from '../primitives/base64url.ts';
import { checkCode, hashPrefixOf, parseRecordNumber, receiptAddress, recordNumber } from './number.ts';

const hash = toBase64url(Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + 11) & 255));

describe('a check code', () => {
  it('finds its hash again, however it is typed', () => {
    const code = checkCode(hash);
    for (const typed of [
      code,
      code.toLowerCase().replaceAll('-', ' '),
      code.replaceAll('1', 'l').replaceAll('0', 'o'),
    ]) {
      expect(hashPrefixOf(typed)).toBe(hash.slice(0, 10));
    }
  });

  it.each(['', 'k1.1.2', '张桂芳', 'AAAA-BBBB', 'AAAA-BBBB-CCCU', 'AAAA-BBBB-CCCC-D'])('is not %j', (typed) => {
    expect(hashPrefixOf(typed)).toBeNull();
  });
});

describe('a record number', () => {
  it('is read as it is written, and stands in the receipt’s address', () => {
    const id = { tid: 'k1-a', ep: 12, seq: 345 };
    expect(parseRecordNumber(recordNumber(id))).toEqual(id);
    expect(receiptAddress('https://hub', id, hash)).toBe(`https://hub/r/k1-a.12.345.${checkCode(hash)}`);
  });

  it.each(['', 'k1', 'k1.1', 'k1.01.2', 'k1.1.0', 'K1.1.2', 'k1.1.2.3', 'k1.1.-2', ' k1.1.2'])('is not %j', (text) => {
    expect(parseRecordNumber(text)).toBeNull();
  });
});
