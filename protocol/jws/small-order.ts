import { toHex } from '../primitives/bytes.ts';

/**
 * Public keys of small order: with one of them a signature can hold for many messages, so enrolment refuses them.
 * The eight torsion points of edwards25519 and their non-canonical spellings, little-endian, sign bit cleared
 * (the list that RFC 8032, section 5.1.7 leaves to the verifier; libsodium keeps the same one).
 */
const SMALL_ORDER = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

export function isAcceptablePublicKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 32) return false;
  const plain = Uint8Array.from(publicKey);
  plain[31] = (plain[31] ?? 0) & 0x7f;
  return !SMALL_ORDER.has(toHex(plain));
}
