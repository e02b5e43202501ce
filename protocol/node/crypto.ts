import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { Aes128, Hashing, Signer, Verifying } from '../crypto.ts';
import { toBase64url } from '../primitives/base64url.ts';
import { concat } from '../primitives/bytes.ts';

/** Node's crypto behind the ports of protocol/crypto.ts: for programs' edges, never for rules or pages. */

export const nodeHashing: Hashing = {
  sha256: (bytes) => hash('sha256', bytes, 'buffer'),
  hmacSha256: (key, message) => createHmac('sha256', key).update(message).digest(),
};

export const nodeAes: Aes128 = {
  encryptCbc(key, iv, blocks) {
    const cipher = createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false);
    return new Uint8Array(Buffer.concat([cipher.update(blocks), cipher.final()]));
  },
  decryptCbc(key, iv, blocks) {
    const decipher = createDecipheriv('aes-128-cbc', key, iv).setAutoPadding(false);
    return new Uint8Array(Buffer.concat([decipher.update(blocks), decipher.final()]));
  },
};

const MAX_CACHED_KEYS = 4096;
const cachedKeys = new Map<string, KeyObject>();

export const nodeVerifying: Verifying = {
  verify(publicKey, message, signature) {
    const key = publicKeyObject(publicKey);
    return key !== null && signature.length === 64 && verify(null, message, key, signature);
  },
};

/** Importing a key costs as much as half a verification, so the county's few hundred keys are kept. */
function publicKeyObject(publicKey: Uint8Array): KeyObject | null {
  if (publicKey.length !== 32) return null;
  const x = toBase64url(publicKey);
  const cached = cachedKeys.get(x);
  if (cached) return cached;
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  if (cachedKeys.size >= MAX_CACHED_KEYS) cachedKeys.clear();
  cachedKeys.set(x, key);
  return key;
}

/** The fixed head of a PKCS #8 Ed25519 private key (RFC 8410, section 7); the 32-byte seed follows. */
const PKCS8_HEAD = Uint8Array.from([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]);

/** `seed`: 32 random bytes, the private key of RFC 8032. */
export function nodeSigner(kid: string, seed: Uint8Array): Signer {
  const der = Buffer.from(concat(PKCS8_HEAD, seed));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  const publicDer = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    kid,
    publicKey: new Uint8Array(publicDer.subarray(-32)),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  };
}
