import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { headerOf, signCompact } from '../jws/compact.ts';
import { nodeHashing, nodeSigner, nodeVerifying } from '../node/crypto.ts';
import { toBase64url } from '../primitives/base64url.ts';
import { utf8 } from '../primitives/bytes.ts';
import type { OpenPayload } from './payload.ts';
import { decodeRecord, encodeRecord, MAX_RECORD_CHARS } from './record.ts';

const crypto = { ...nodeHashing, ...nodeVerifying };
const signer = nodeSigner('k1.1', new Uint8Array(32).fill(1));
const other = nodeSigner('k1.1', new Uint8Array(32).fill(2));
const keyOf = (tid: string, ep: number) => (tid === 'k1' && ep === 1 ? signer.publicKey : null);
const decode = (jws: string) => decodeRecord(jws, keyOf, crypto);

const open: OpenPayload = {
  ...{ v: 1, type: 'open', tid: 'k1', ep: 1, seq: 1, prev: 'A'.repeat(43), at: 5, up: 1, boot: 'b', day: '2026-01-01' },
  ...{ tot: 0, reason: 'enrol', sw: '0.1.0' },
};
const good = encodeRecord(open, signer, nodeHashing);
const [head = '', body = '', tail = ''] = good.jws.split('.');
const part = (text: string) => toBase64url(utf8(text));
/** What the real key signs under a header or payload that is not ours. */
function signed(header: string, payload = JSON.stringify(open), by = signer): string {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${toBase64url(by.sign(utf8(input)))}`;
}
const withPayload = (payload: unknown) => signCompact('tally-record', utf8(JSON.stringify(payload)), signer);
const ourHeader = headerOf('tally-record', 'k1.1');
/** The next character spells the same bytes for a decoder that drops stray bits. */
const strayTail = `${tail.slice(0, -1)}${String.fromCharCode(tail.charCodeAt(tail.length - 1) + 1)}`;

describe('a record', () => {
  it('reads back as what was signed, under the hash of its very characters', () => {
    const decoded = decode(good.jws);
    expect(decoded).toEqual({ ok: true, record: good });
    expect(good.payload).toEqual(open);
    expect(good.hash).toBe(createHash('sha256').update(good.jws).digest('base64url'));
  });

  it('the stray spelling of the table below is the same signature to a lax decoder', () => {
    expect(Buffer.from(strayTail, 'base64url')).toEqual(Buffer.from(tail, 'base64url'));
  });

  it.each([
    ['padding on the signature', `${head}.${body}.${tail}==`, 'not-compact'],
    ['padding on the header', `${head}=.${body}.${tail}`, 'not-compact'],
    ['padding on the payload', `${head}.${body}=.${tail}`, 'not-compact'],
    ['stray bits in the signature', `${head}.${body}.${strayTail}`, 'not-compact'],
    ['a newline at the end', `${good.jws}\n`, 'not-compact'],
    ['a newline within', `${head}.${body}.${tail.slice(0, 9)}\n${tail.slice(9)}`, 'not-compact'],
    ['a space before', ` ${good.jws}`, 'not-compact'],
    ['a NUL at the end', `${good.jws}\u0000`, 'not-compact'],
    ['a fourth segment', `${good.jws}.`, 'not-compact'],
    ['a fifth segment', `${good.jws}..${tail}`, 'not-compact'],
    ['two segments', `${head}.${body}`, 'not-compact'],
    ['an empty payload', `${head}..${tail}`, 'bad-signature'],
    ['the plain alphabet', good.jws.replaceAll('-', '+').replaceAll('_', '/'), 'not-compact'],
    ['a signature one byte short', `${head}.${body}.${toBase64url(new Uint8Array(63))}`, 'not-compact'],
    ['a signature one byte long', `${head}.${body}.${toBase64url(new Uint8Array(65))}`, 'not-compact'],
    ['an empty string', '', 'not-compact'],
    ['header: other order', signed('{"kid":"k1.1","alg":"Ed25519","typ":"tally-record"}'), 'not-compact'],
    ['header: alg EdDSA', signed('{"alg":"EdDSA","kid":"k1.1","typ":"tally-record"}'), 'not-compact'],
    ['header: alg none', signed('{"alg":"none","kid":"k1.1","typ":"tally-record"}'), 'not-compact'],
    ['header: white space', signed(`${ourHeader} `), 'not-compact'],
    ['header: one key more', signed(ourHeader.replace('}', ',"crit":[]}')), 'not-compact'],
    ['header: kid twice', signed(ourHeader.replace('"typ"', '"kid":"k1.1","typ"')), 'not-compact'],
    ['header: an escaped letter', signed(ourHeader.replace('"alg"', '"\\u0061lg"')), 'not-compact'],
    ['header: another type', signed(headerOf('tally-grant', 'k1.1')), 'not-compact'],
    ['another terminal’s kid', signed(headerOf('tally-record', 'k2.1')), 'unknown-key'],
    ['another epoch’s kid', signed(headerOf('tally-record', 'k1.2')), 'unknown-key'],
    ['another key under this kid', signed(ourHeader, JSON.stringify(open), other), 'bad-signature'],
    ['another payload under the signature', `${head}.${part('{}')}.${tail}`, 'bad-signature'],
    ['payload: a key twice', signed(ourHeader, JSON.stringify(open).replace('{', '{"seq":9,')), 'not-strict-json'],
    ['payload: a fraction', signed(ourHeader, JSON.stringify(open).replace('"up":1', '"up":1.5')), 'not-strict-json'],
    [
      'payload: half a character',
      signCompact('tally-record', Uint8Array.of(0x22, 0xe5, 0xbc, 0x22), signer),
      'not-strict-json',
    ],
    ['payload: nested 5,000 deep', signed(ourHeader, `${'['.repeat(5_000)}${']'.repeat(5_000)}`), 'not-strict-json'],
    ['payload: an array', withPayload([1]), 'no-identity'],
    ['payload: seq 0', withPayload({ ...open, seq: 0 }), 'no-identity'],
    ['payload: no prev', withPayload({ ...open, prev: undefined }), 'no-identity'],
    ['payload: a prev that is no hash', withPayload({ ...open, prev: 'A'.repeat(42) }), 'no-identity'],
    ['payload: another tid than its key', withPayload({ ...open, tid: 'k2' }), 'key-of-another'],
    ['payload: another epoch than its key', withPayload({ ...open, ep: 2 }), 'key-of-another'],
    ['too long', withPayload({ ...open, type: 'later', more: 'x'.repeat(MAX_RECORD_CHARS) }), 'not-compact'],
  ])('%s is junk', (_what, jws, reason) => {
    const hash = createHash('sha256').update(jws).digest('base64url');
    expect(decode(jws)).toEqual({ ok: false, hash, reason });
  });

  it.each([
    ['a type of a later version', { ...open, type: 'barter' }],
    ['a later version', { ...open, v: 2, colour: 'red' }],
    ['a field we do not know', { ...open, colour: 'red' }],
    ['a field that is not as its type asks', { ...open, reason: 'whim' }],
    ['a type named like a method', { ...open, type: 'toString' }],
  ])('%s keeps its ID, and has no payload of ours', (_what, payload) => {
    const decoded = decode(withPayload(payload));
    expect(decoded).toMatchObject({
      ok: true,
      record: { tid: 'k1', ep: 1, seq: 1, type: payload.type, v: payload.v, payload: null },
    });
  });

  it('we sign nothing that we would not read', () => {
    expect(() => encodeRecord({ ...open, tid: 'k2' }, signer, nodeHashing)).toThrow(/may not sign/);
    expect(() => encodeRecord({ ...open, sw: '' }, signer, nodeHashing)).toThrow(/our schema refuses/);
  });
});
