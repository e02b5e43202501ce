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
 * messages alike in a county of hundreds. Four bytes at a time.
 */
function keyed(publicKey: Uint8Array, message: Uint8Array): Uint8Array {
  let one = 0x811c9dc5;
  let two = 0x01000193;
  for (const bytes of [publicKey, message]) {
    const { length } = bytes;
    const words = wordsOf(bytes);
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as number;
      one = Math.imul(one ^ word, 0x01000193);
      // Products carry upwards only: what a word's high bits say comes down again.
      one ^= one >>> 15;
      two = Math.imul(two ^ word ^ i, 0x85ebca6b);
      two ^= two >>> 13;
    }
    for (let i = words.length * 4; i < length; i++) {
      one = Math.imul(one ^ (bytes[i] as number), 0x01000193);
      two = Math.imul(two ^ (bytes[i] as number) ^ i, 0x85ebca6b);
    }
    one ^= length;
  }
  const signature = new Uint32Array(16);
  for (let i = 0; i < signature.length; i++) signature[i] = i % 2 === 0 ? one ^ i : two ^ i;
  return new Uint8Array(signature.buffer);
}

/** Whole words of four bytes; copied where they do not lie on a word's border. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const words = bytes.length >> 2;
  if (bytes.byteOffset % 4 === 0) return new Uint32Array(bytes.buffer, bytes.byteOffset, words);
  return new Uint32Array(bytes.slice(0, words * 4).buffer);
}

const MACS_MAX = 4_096;
const macs: Map<string, Uint8Array> = new Map();

/** Node's, remembered: the tokens of a few dozen cards are asked for with every roster. */
function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  const name = `${Buffer.from(key).toString('latin1')} ${Buffer.from(message).toString('latin1')}`;
  let mac = macs.get(name);
  if (mac === undefined) {
    mac = nodeHashing.hmacSha256(key, message);
    if (macs.size >= MACS_MAX) macs.clear();
    macs.set(name, mac);
  }
  return mac;
}

const keyedHash: SimCrypto = {
  crypto: {
    ...nodeHashing,
    hmacSha256,
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
