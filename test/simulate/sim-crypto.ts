import type { Seal } from '../../hub/programme/seal.ts';
import type { Hashing, Signer, Verifying } from '../../protocol/crypto.ts';
import { nodeHashing, nodeSigner, nodeVerifying } from '../../protocol/node/crypto.ts';
import { equalBytes, utf8 } from '../../protocol/primitives/bytes.ts';

/** Signatures are a port: a keyed hash by default, which is fast; real Ed25519 on request. Hashes are always real. */
export interface SimCrypto {
  readonly crypto: Hashing & Verifying;
  signer(kid: string, seed: string): Signer;
}

/**
 * Whoever knows the "public" key could forge here; nobody in the simulation tries but where a fault says so. Two lanes of
 * FNV-1a over key and message, spread to a signature's length: a third of a second opinion's cost, and no chance of two
 * messages alike in a county of hundreds.
 */
function keyed(publicKey: Uint8Array, message: Uint8Array): Uint8Array {
  let one = 0x811c9dc5;
  let two = 0x01000193;
  for (const bytes of [publicKey, message]) {
    for (let i = 0; i < bytes.length; i++) {
      one = Math.imul(one ^ (bytes[i] ?? 0), 0x01000193);
      two = Math.imul(two ^ (bytes[i] ?? 0) ^ i, 0x85ebca6b);
    }
  }
  const signature = new Uint32Array(16);
  for (let i = 0; i < signature.length; i++) signature[i] = i % 2 === 0 ? one ^ i : two ^ i;
  return new Uint8Array(signature.buffer);
}

const keyedHash: SimCrypto = {
  crypto: {
    ...nodeHashing,
    verify: (publicKey, message, signature) => equalBytes(keyed(publicKey, message), signature),
  },
  signer(kid, seed) {
    const publicKey = new Uint8Array(nodeHashing.sha256(utf8(seed)));
    return { kid, publicKey, sign: (message) => keyed(publicKey, message) };
  },
};
const real: SimCrypto = {
  crypto: { ...nodeHashing, ...nodeVerifying },
  signer: (kid, seed) => nodeSigner(kid, nodeHashing.sha256(utf8(seed))),
};
export const simCrypto = (kind: 'keyed' | 'real'): SimCrypto => (kind === 'real' ? real : keyedHash);

/** Sealing is not what is simulated: what is sealed is only marked. */
export const openSeal: Seal = {
  seal: (plain) => plain,
  open: (sealed) => sealed,
  index: (plain) => plain,
};
