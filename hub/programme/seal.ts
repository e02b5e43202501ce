import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/**
 * Seals what the database must hold but a stolen copy of it must not show: UIDs, PIN hashes, peppers, one-time-code
 * secrets. AES-256-GCM; 12-byte nonce, 16-byte tag, then the text. The key is a file beside the store, never in it.
 */
export interface Seal {
  seal(plain: Uint8Array, what: string): Uint8Array;
  /** Throws when the bytes were changed, or were sealed for something else. */
  open(sealed: Uint8Array, what: string): Uint8Array;
  /** A keyed fingerprint: finds an equal value again without opening any. */
  index(plain: Uint8Array): Uint8Array;
}

export function createSeal(key: Uint8Array): Seal {
  const indexKey = createHmac('sha256', key).update('tallystick index').digest();
  return {
    seal(plain, what) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(Buffer.from(what));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(sealed, what) {
      const bytes = Buffer.from(sealed);
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAAD(Buffer.from(what));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
    },
    index: (plain) => createHmac('sha256', indexKey).update(plain).digest(),
  };
}
