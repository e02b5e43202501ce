/**
 * Hashing and signing behind ports, so that the rules run in a browser, in the simulator (with a keyed hash) and on
 * Node's own crypto alike. Everything is synchronous: a rule never waits.
 */

export interface Hashing {
  sha256(bytes: Uint8Array): Uint8Array;
  hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array;
}

/** Ed25519 (RFC 8032). `publicKey` is the raw 32 bytes; a malformed key or signature is false, never an exception. */
export interface Verifying {
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** One private key. It may live in a TPM, so the key itself never comes out. */
export interface Signer {
  readonly kid: string;
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** AES-128 in CBC mode without padding (FIPS 197, NIST SP 800-38A): keys and IVs of 16 bytes, whole blocks. */
export interface Aes128 {
  encryptCbc(key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array;
  decryptCbc(key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array;
}
