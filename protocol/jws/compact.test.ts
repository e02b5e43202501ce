import { readFileSync } from 'node:fs';
import { compactVerify, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { nodeSigner, nodeVerifying } from '../node/crypto.ts';
import { toBase64url } from '../primitives/base64url.ts';
import { fromHex, fromUtf8, toHex, utf8 } from '../primitives/bytes.ts';
import { headerOf, parseCompact, parseDetached, signCompact, signDetached, verifyCompact } from './compact.ts';

const bytes = (hex: string) => fromHex(hex) ?? new Uint8Array();
const SEED = bytes('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
const signer = nodeSigner('k1.1', SEED);

/** RFC 8032, section 7.1. */
const RFC_8032 = [
  {
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    key: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    key: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
];

describe('Ed25519', () => {
  it.each(RFC_8032)('RFC 8032: message $message', ({ seed, key, message, signature }) => {
    const one = nodeSigner('k1.1', bytes(seed));
    expect(toHex(one.publicKey)).toBe(key);
    expect(toHex(one.sign(bytes(message)))).toBe(signature);
    expect(nodeVerifying.verify(bytes(key), bytes(message), bytes(signature))).toBe(true);
    expect(nodeVerifying.verify(bytes(key), bytes(`${message}00`), bytes(signature))).toBe(false);
  });

  it('RFC 8037, A.4: our signer writes the signature of cards.json over its foreign header', () => {
    const file = new URL('../../test/vectors/cards.json', import.meta.url);
    const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as {
      vectors: { algorithm: string; input: Record<string, string>; expected: Record<string, string> }[];
    };
    const found = vectors.filter((vector) => vector.algorithm === 'ed25519-jws');
    expect(found.length).toBeGreaterThan(0);
    for (const { input, expected } of found) {
      const head = toBase64url(bytes(input.protected ?? ''));
      const signed = `${head}.${toBase64url(bytes(input.payload ?? ''))}`;
      const signature = nodeSigner('any.0', bytes(input.seed ?? '')).sign(utf8(signed));
      const jws = `${signed}.${toBase64url(signature)}`;
      expect(toHex(utf8(jws))).toBe(expected.jws);
      expect(parseCompact('tally-record', jws), 'a good signature under another header is none of ours').toBeNull();
    }
  });

  it.each([
    ['a key that is no point', new Uint8Array(32).fill(2), new Uint8Array(64)],
    ['a short key', new Uint8Array(31), new Uint8Array(64)],
    ['a short signature', signer.publicKey, new Uint8Array(63)],
    ['a signature of zeros', signer.publicKey, new Uint8Array(64)],
  ])('%s is false, never an exception', (_what, key, signature) => {
    expect(nodeVerifying.verify(key, utf8('x'), signature)).toBe(false);
  });

  it('s + L is not a second signature of the same message', () => {
    const L = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn;
    const signature = signer.sign(utf8('x'));
    const s = BigInt(`0x${toHex(signature.slice(32).reverse())}`) + L;
    const doubled = new Uint8Array(64);
    doubled.set(signature.slice(0, 32));
    doubled.set(bytes(s.toString(16).padStart(64, '0')).reverse(), 32);
    expect(nodeVerifying.verify(signer.publicKey, utf8('x'), signature)).toBe(true);
    expect(nodeVerifying.verify(signer.publicKey, utf8('x'), doubled)).toBe(false);
  });
});

describe('compact JWS', () => {
  it('any JOSE library checks it, and reads this very header', async () => {
    const jws = signCompact('tally-record', utf8('{"张":1}'), signer);
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64url(signer.publicKey) };
    const opened = await compactVerify(jws, await importJWK(jwk, 'Ed25519'), { algorithms: ['Ed25519'] });
    expect(opened.protectedHeader).toEqual({ alg: 'Ed25519', kid: 'k1.1', typ: 'tally-record' });
    expect(fromUtf8(opened.payload)).toBe('{"张":1}');
  });

  it('a record is no grant: the type is part of what was signed', () => {
    const jws = signCompact('tally-record', utf8('{}'), signer);
    expect(parseCompact('tally-record', jws)?.kid).toBe('k1.1');
    expect(parseCompact('tally-grant', jws)).toBeNull();
  });

  it.each([
    'k1',
    'k1.',
    '.1',
    'K1.1',
    'k1.01',
    'k1.1.1',
    'k 1.1',
    `${'k'.repeat(33)}.1`,
    'k1.1234567890',
    'k1.-1',
    'k1\\u0031.1',
  ])('refuses the kid %j', (kid) => {
    const segments = [headerOf('tally-record', kid), '{}', 'x'.repeat(64)].map((part) => toBase64url(utf8(part)));
    expect(parseCompact('tally-record', segments.join('.'))).toBeNull();
  });

  it('a detached signature holds for its body, byte for byte, and for no other', () => {
    const body = utf8('{"v": 1}');
    const detached = signDetached('tally-sync', body, signer);
    const holds = (bodyNow: Uint8Array, text = detached) => {
      const parsed = parseDetached('tally-sync', text, bodyNow);
      return parsed !== null && verifyCompact(parsed, signer.publicKey, nodeVerifying);
    };
    expect(detached).toMatch(/^[\w-]+\.\.[\w-]+$/);
    expect(holds(body)).toBe(true);
    expect(holds(utf8('{"v":1}'))).toBe(false);
    expect(holds(body, signCompact('tally-sync', body, signer)), 'not detached').toBe(false);
    for (const text of ['', '.', '..', `${detached}.`, detached.replace('..', '.'), ` ${detached}`]) {
      expect(holds(body, text), text).toBe(false);
    }
  });
});
