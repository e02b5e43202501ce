import type { Seal } from '../../hub/programme/seal.ts';
import type { Hashing, Signer, Verifying } from '../../protocol/crypto.ts';
import { nodeHashing, nodeSigner, nodeVerifying } from '../../protocol/node/crypto.ts';
import { concat, utf8 } from '../../protocol/primitives/bytes.ts';

/** Signatures are a port: a keyed hash by default, which is fast; real Ed25519 on request. Hashes are always real. */
export interface SimCrypto {
  readonly crypto: Hashing & Verifying;
  signer(kid: string, seed: string): Signer;
}

/** Whoever knows the "public" key could forge here; nobody in the simulation tries but where a fault says so. */
function keyed(publicKey: Uint8Array, message: Uint8Array): Uint8Array {
  const digest = nodeHashing.sha256(concat(publicKey, message));
  return concat(digest, digest); // of a signature's length
}

const keyedHash: SimCrypto = {
  crypto: {
    ...nodeHashing,
    verify: (publicKey, message, signature) => Buffer.compare(keyed(publicKey, message), signature) === 0,
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
