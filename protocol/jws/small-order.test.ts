import { describe, expect, it } from 'vitest';
import { nodeSigner } from '../node/crypto.ts';
import { fromHex } from '../primitives/bytes.ts';
import { isAcceptablePublicKey } from './small-order.ts';

/** Points whose eightfold is the neutral one, and their non-canonical spellings (libsodium's list). */
const SMALL = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];
const bytes = (hex: string) => fromHex(hex) ?? new Uint8Array();

describe('public keys', () => {
  it.each(SMALL)('%s is refused, with either sign', (hex) => {
    const key = bytes(hex);
    expect(isAcceptablePublicKey(key)).toBe(false);
    const signed = Uint8Array.from(key);
    signed[31] = (signed[31] ?? 0) | 0x80;
    expect(isAcceptablePublicKey(signed)).toBe(false);
  });

  it('a real key is taken; one byte less or more is not', () => {
    const { publicKey } = nodeSigner('k1.1', new Uint8Array(32).fill(9));
    expect(isAcceptablePublicKey(publicKey)).toBe(true);
    expect(isAcceptablePublicKey(publicKey.slice(0, 31))).toBe(false);
    expect(isAcceptablePublicKey(Uint8Array.from([...publicKey, 0]))).toBe(false);
  });
});
