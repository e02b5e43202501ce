import { readFileSync } from 'node:fs';
import { compactVerify, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { nodeHashing, nodeSigner, nodeVerifying } from '../node/crypto.ts';
import { fromBase64url, toBase64url } from '../primitives/base64url.ts';
import { fromHex, toHex, utf8 } from '../primitives/bytes.ts';
import { checkCode } from './number.ts';
import type { Payload } from './payload.ts';
import { decodeRecord, encodeRecord, type KeyOf } from './record.ts';

const crypto = { ...nodeHashing, ...nodeVerifying };
const seed = new Uint8Array(32).fill(7);
const signer = nodeSigner('k1.1', seed);
const keyOf: KeyOf = (tid, ep) => (tid === 'k1' && ep === 1 ? signer.publicKey : null);
const decode = (jws: string) => decodeRecord(jws, keyOf, crypto);

const payload: Payload = {
  ...{ v: 1, type: 'redeem', tid: 'k1', ep: 1, seq: 2, prev: toBase64url(new Uint8Array(32)), at: 1_800_000_000_000 },
  ...{ up: 5, boot: 'b', day: '2027-01-15', tot: 45, acct: 'a1', card: `1.${'A'.repeat(22)}` },
  lines: [{ sku: 'rice', rev: 1, qty: 1, pts: 45 }],
  ...{ pts: 45, S: 45, V: 0, R: 0, auth: { level: 'uid', pin: false, hotlist: 0 } },
};
const record = encodeRecord(payload, signer, nodeHashing);
const [head = '', body = '', tail = ''] = record.jws.split('.');

/** Signs whatever header and payload text, as a terminal with a bug, or an attacker with the key, could. */
function signed(header: string, text: string): string {
  const part = `${toBase64url(utf8(header))}.${toBase64url(utf8(text))}`;
  return `${part}.${toBase64url(signer.sign(utf8(part)))}`;
}
const HEADER = '{"alg":"Ed25519","kid":"k1.1","typ":"tally-record"}';
const TEXT = JSON.stringify(payload);

describe('a record', () => {
  it('comes back as it was signed, with its hash', () => {
    const decoded = decode(record.jws);
    expect(decoded).toEqual({ ok: true, record });
    expect(checkCode(record.hash)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
  });

  it('is checked by another JOSE library as well', async () => {
    const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: toBase64url(signer.publicKey) }, 'Ed25519');
    const verified = await compactVerify(record.jws, key);
    expect(JSON.parse(new TextDecoder().decode(verified.payload))).toEqual(payload);
  });

  it.each([
    ['padding on the signature', `${head}.${body}.${tail}=`],
    [
      'stray bits in the signature’s last character',
      `${head}.${body}.${tail.slice(0, -1)}${tail.endsWith('A') ? 'B' : String.fromCharCode(tail.charCodeAt(tail.length - 1) + 1)}`,
    ],
    ['a newline at the end', `${record.jws}\n`],
    ['a space before', ` ${record.jws}`],
    ['a fourth segment', `${record.jws}.`],
    ['two segments', `${head}.${body}`],
    ['standard base64', record.jws.replaceAll('-', '+').replaceAll('_', '/').concat('=')],
    ['another header order', signed('{"kid":"k1.1","alg":"Ed25519","typ":"tally-record"}', TEXT)],
    ['white space in the header', signed('{"alg": "Ed25519","kid":"k1.1","typ":"tally-record"}', TEXT)],
    ['alg none', signed('{"alg":"none","kid":"k1.1","typ":"tally-record"}', TEXT)],
    ['alg EdDSA', signed('{"alg":"EdDSA","kid":"k1.1","typ":"tally-record"}', TEXT)],
    ['another typ', signed('{"alg":"Ed25519","kid":"k1.1","typ":"tally-grant"}', TEXT)],
    ['a crit header', signed('{"alg":"Ed25519","kid":"k1.1","typ":"tally-record","crit":[]}', TEXT)],
    ['a key nobody enrolled', signed(HEADER.replace('k1.1', 'k9.1'), TEXT)],
    ['the kid of an epoch with a leading zero', signed(HEADER.replace('k1.1', 'k1.01'), TEXT)],
    ['a changed payload', `${head}.${toBase64url(utf8(TEXT.replace('"pts":45', '"pts":44')))}.${tail}`],
    ['a doubled key', signed(HEADER, TEXT.replace('{', '{"v":1,'))],
    ['a fraction', signed(HEADER, TEXT.replace('"tot":45', '"tot":45.0'))],
    ['no sequence number', signed(HEADER, TEXT.replace('"seq":2,', ''))],
    ['a payload of another terminal', signed(HEADER, TEXT.replace('"tid":"k1"', '"tid":"k2"'))],
    ['half a character', `${head}.${toBase64url(Uint8Array.of(0x7b, 0xe5, 0x7d))}.${tail}`],
    ['nothing', ''],
  ])('%s is junk: no ID, no fork, no duplicate', (_name, jws) => {
    expect(jws).not.toBe(record.jws);
    expect(decode(jws).ok).toBe(false);
  });

  it.each([
    ['version', TEXT.replace('"v":1', '"v":9')],
    ['type', TEXT.replace('"type":"redeem"', '"type":"barter"')],
    ['field', TEXT.replace('"pts":45,"S"', '"pts":45,"extra":1,"S"')],
  ])('with an unknown %s keeps its ID, and waits', (_name, text) => {
    const decoded = decode(signed(HEADER, text));
    expect(decoded).toMatchObject({ ok: true, record: { tid: 'k1', ep: 1, seq: 2, payload: null } });
  });

  it('may be spelled with other white space by another implementation', () => {
    const decoded = decode(signed(HEADER, JSON.stringify(payload, null, 1)));
    expect(decoded).toMatchObject({ ok: true, record: { payload } });
  });

  it('is not signed with the key of another epoch', () => {
    expect(() => encodeRecord({ ...payload, ep: 2 }, signer, nodeHashing)).toThrow(/may not sign/);
  });
});

describe('published vectors', () => {
  const file = JSON.parse(readFileSync(new URL('../../test/vectors/cards.json', import.meta.url), 'utf8')) as {
    vectors: { name: string; algorithm: string; input: Record<string, string>; expected: Record<string, string> }[];
  };
  it('RFC 8037 A.4: the same signature', () => {
    const vector = file.vectors.find((each) => each.algorithm === 'ed25519-jws');
    const bytes = (hex: string | undefined) => fromHex(hex ?? '') ?? new Uint8Array();
    const rfc = nodeSigner('x.1', bytes(vector?.input.seed));
    const part = `${toBase64url(bytes(vector?.input.protected))}.${toBase64url(bytes(vector?.input.payload))}`;
    const jws = `${part}.${toBase64url(rfc.sign(utf8(part)))}`;
    expect(toHex(utf8(jws))).toBe(vector?.expected.jws);
    expect(
      nodeVerifying.verify(rfc.publicKey, utf8(part), fromBase64url(jws.split('.')[2] ?? '') ?? new Uint8Array()),
    ).toBe(true);
  });

  it('our golden record: these very bytes, for ever', () => {
    const golden = JSON.parse(readFileSync(new URL('../../test/vectors/records.json', import.meta.url), 'utf8')) as {
      vectors: { input: { jws: string; key: string }; expected: { hash: string } }[];
    };
    expect(golden.vectors.length).toBeGreaterThan(0);
    for (const { input, expected } of golden.vectors) {
      const jws = new TextDecoder().decode(fromHex(input.jws) ?? new Uint8Array());
      expect(toHex(nodeHashing.sha256(utf8(jws)))).toBe(expected.hash);
      expect(decodeRecord(jws, () => fromHex(input.key), crypto).ok).toBe(true);
    }
    expect(golden.vectors[0]?.input.jws).toBe(toHex(utf8(record.jws)));
  });
});
