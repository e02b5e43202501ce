import { readFileSync } from 'node:fs';
import { compactVerify, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { nodeHashing, nodeSigner, nodeVerifying } from '../node/crypto.ts';
import { fromBase64url, toBase64url } from '../primitives/base64url.ts';
import { fromHex, toHex } from '../primitives/bytes.ts';
import { linkFault } from './chain.ts';
import type { Payload } from './payload.ts';
import { decodeRecord, encodeRecord, hashOf } from './record.ts';

/** A chain that jose signed once. Our code must write the same characters for ever: hashes on paper hang on them. */
const file = new URL('../../test/vectors/records.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as {
  vectors: { name: string; algorithm: string; input: Record<string, string>; expected: Record<string, string> }[];
};
const text = (hex: string | undefined) => Buffer.from(hex ?? '', 'hex').toString('utf8');
const records = vectors.filter((vector) => vector.algorithm === 'ed25519-jws');
const hashes = vectors.filter((vector) => vector.algorithm === 'record-hash');
const crypto = { ...nodeHashing, ...nodeVerifying };

describe('golden records', () => {
  it('stand for five types', () => {
    expect(records.map((vector) => vector.name)).toEqual(
      ['open', 'redeem', 'void', 'return', 'close'].map((t) => `golden ${t}`),
    );
    expect(hashes).toHaveLength(records.length);
  });

  it.each(records)('$name: we write and read these characters', async ({ input, expected }) => {
    const signer = nodeSigner('k1.1', fromHex(input.seed ?? '') ?? new Uint8Array());
    const payload = JSON.parse(text(input.payload)) as Payload;
    const jws = text(expected.jws);
    expect(encodeRecord(payload, signer, nodeHashing).jws).toBe(jws);
    const decoded = decodeRecord(jws, () => signer.publicKey, crypto);
    expect(decoded).toMatchObject({ ok: true, record: { type: payload.type, seq: payload.seq, payload } });
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64url(signer.publicKey) };
    const opened = await compactVerify(jws, await importJWK(jwk, 'Ed25519'));
    expect(Buffer.from(opened.payload).toString('hex')).toBe(input.payload);
  });

  it.each(hashes)('$name', ({ input, expected }) => {
    expect(toHex(fromBase64url(hashOf(text(input.jws), nodeHashing)) ?? new Uint8Array())).toBe(expected.hash);
  });

  it('are one chain; with one left out they are not', () => {
    let before = { seq: 0, head: toBase64url(new Uint8Array(32).fill(7)) };
    for (const { expected } of records) {
      const decoded = decodeRecord(
        text(expected.jws),
        (_tid, _ep) => nodeSigner('k1.1', fromHex(records[0]?.input.seed ?? '') ?? new Uint8Array()).publicKey,
        crypto,
      );
      if (!decoded.ok) throw new Error('unreadable');
      const { record } = decoded;
      expect(linkFault(before, record)).toBeNull();
      expect(linkFault({ ...before, head: record.hash }, record)).toBe('wrong-prev');
      expect(linkFault({ ...before, seq: before.seq + 1 }, record)).toBe('gap');
      before = { seq: record.seq, head: record.hash };
    }
  });
});
