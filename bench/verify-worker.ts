import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';

/** The floor of `ingest`: nothing but Ed25519, on what was taken apart beforehand. Answers how many held. */
export interface Signatures {
  readonly keys: readonly Uint8Array[];
  readonly signatures: readonly {
    readonly key: number;
    readonly signed: Uint8Array;
    readonly signature: Uint8Array;
  }[];
}

const { keys, signatures } = workerData as Signatures;
const objects: KeyObject[] = keys.map((key) => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
});
parentPort?.on('message', () => {
  let good = 0;
  for (const { key, signed, signature } of signatures) {
    const object = objects[key];
    if (object !== undefined && verify(null, signed, object, signature)) good += 1;
  }
  parentPort?.postMessage(good);
  parentPort?.close();
});
parentPort?.postMessage('ready');
