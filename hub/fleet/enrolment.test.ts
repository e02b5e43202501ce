import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ENROL_KID, enrolmentDocument, enrolRequestDocument } from '../../protocol/documents/kinds.ts';
import { nodeHashing, nodeSigner, nodeVerifying } from '../../protocol/node/crypto.ts';
import { toBase64url } from '../../protocol/primitives/base64url.ts';
import { hashOf } from '../../protocol/records/record.ts';
import { createSeal } from '../programme/seal.ts';
import { type HubStore, openSqliteStore } from '../store/open.ts';
import { createEnrolment, ENROL_SENTENCES, type Enrolment, fingerprintOf } from './enrolment.ts';

/** Enrolment over a real store: ann issues a code, a device shows it with its key, bob compares and confirms. */

const DAY_MS = 24 * 3_600_000;
const crypto = { ...nodeHashing, ...nodeVerifying };
const hub = nodeSigner('hub.1', new Uint8Array(32).fill(50));
const seal = createSeal(new Uint8Array(32).fill(51));
const device = (n: number) => nodeSigner(ENROL_KID, new Uint8Array(32).fill(n));
const keyOf = (n: number) => toBase64url(device(n).publicKey);
const [ONE, TWO] = [1, 2];

let dir: string;
let now: number;
let store: HubStore;
let enrolment: Enrolment;
let code: string;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tally-enrol-'));
  now = Date.UTC(2026, 2, 1);
  store = openSqliteStore(join(dir, 'hub.sqlite'), 'c');
  await store.books.write(async (books) => {
    await books.add('counties', [
      {
        ...{ id: 'c', name: 'x', nameEn: 'x', timeZone: 'UTC', inc: 'i', downlinkVersion: 0, policyJson: '{}' },
        ...{ policyVersion: 1, catalogueJws: null, catalogueVersion: 0, hotlistVersion: 0, restoring: 0 },
      },
    ]);
    const place = { village: 'v1', name: 'x', nameEn: 'x' };
    await books.add('villages', [{ ...place, pepperVersion: 1, pepperSealed: new Uint8Array(1) }]);
    await books.add('shops', [{ ...place, shop: 's1', phone: '' }]);
  });
  let salt = 0;
  const randomBytes = (n: number) => new Uint8Array(n).fill(++salt);
  enrolment = createEnrolment({ store: store.books, seal, crypto, hub, nowMs: () => now, randomBytes });
  code = await issued('k1');
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

const epochOf = (tid: string, ep = 1) => store.books.read((books) => books.get('epochs', { tid, ep }));

async function issued(tid: string): Promise<string> {
  const outcome = await enrolment.issue(tid, 's1', 'ann');
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.value.code;
}
/** A request for `key`, signed by the key of device `by`. */
const ask = (by: number, typed = code, key = keyOf(by)) =>
  enrolment.request(enrolRequestDocument.sign({ v: 1, code: typed, key }, device(by)));
const fingerprint = (n: number) => fingerprintOf(device(n).publicKey, crypto);
const confirm = (by: string, typed = fingerprint(ONE)) => enrolment.confirm('k1', 1, typed, by);
const refusal = (wanted: string) => ({ ok: false, code: wanted });

describe('issuing a code', () => {
  it.each([
    ['an id with capitals', 'K1', 's1', 'bad-tid'],
    ['an id with a dot, which would make another kid', 'k2.1', 's1', 'bad-tid'],
    ['an id that begins with a hyphen', '-k2', 's1', 'bad-tid'],
    ['an id of 33 letters', 'k'.repeat(33), 's1', 'bad-tid'],
    ['a shop nobody knows', 'k2', 's9', 'unknown-shop'],
    ['an id in use', 'k1', 's1', 'tid-taken'],
  ])('refuses %s', async (_what, tid, shop, wanted) => {
    expect(await enrolment.issue(tid, shop, 'ann')).toEqual(refusal(wanted));
  });

  it('keeps no code: the store holds a keyed hash only', () => {
    const db = new Database(join(dir, 'hub.sqlite'), { readonly: true });
    const row = JSON.stringify(db.prepare('SELECT * FROM epochs').get());
    const audit = JSON.stringify(db.prepare('SELECT * FROM audit').all());
    db.close();
    expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    for (const text of [row, audit]) expect(text).not.toContain(code);
  });
});

describe('a device asks', () => {
  it('and waits, under the fingerprint of its key; however its code is typed', async () => {
    const pending = { ok: true, value: { state: 'pending', tid: 'k1', fingerprint: fingerprint(ONE) } };
    expect(await ask(ONE)).toEqual(pending);
    expect(await ask(ONE, code.toLowerCase().replaceAll('-', ' '))).toEqual(pending);
  });

  it('and is refused, when a second key shows the same code, before and after the confirmation', async () => {
    await ask(ONE);
    expect(await ask(TWO)).toEqual(refusal('other-key'));
    await confirm('bob');
    expect(await ask(TWO)).toEqual(refusal('other-key'));
  });

  it('and is refused, when its key belongs to another terminal', async () => {
    const other = await issued('k2');
    await ask(ONE);
    expect(await ask(ONE, other)).toEqual(refusal('key-in-use'));
  });

  it.each([
    ['a code nobody issued', () => ask(ONE, 'AAAA-AAAA-AAAA'), 'unknown-code'],
    ['a key of small order', () => ask(ONE, code, toBase64url(new Uint8Array(32))), 'weak-key'],
    ['a key it does not hold', () => ask(ONE, code, keyOf(TWO)), 'bad-request'],
    ['rubbish', () => enrolment.request('rubbish'), 'bad-request'],
    ['nothing', () => enrolment.request(''), 'bad-request'],
  ])('and is refused with %s; the code stays free for the right device', async (_what, act, wanted) => {
    expect(await act()).toEqual(refusal(wanted));
    expect(await ask(TWO)).toMatchObject({ ok: true, value: { state: 'pending' } });
  });

  it('a day later, and is refused; one that asked in time still gets its answer', async () => {
    const late = await issued('k2');
    await ask(ONE);
    now += DAY_MS;
    expect(await ask(TWO, late)).toMatchObject({ ok: true });
    const later = await issued('k3');
    now += DAY_MS + 1;
    expect(await ask(3, later)).toEqual(refusal('code-expired'));
    await confirm('bob');
    expect(await ask(ONE)).toMatchObject({ ok: true, value: { state: 'enrolled' } });
  });
});

describe('a second person confirms', () => {
  it.each([
    ['who issued the code', () => confirm('ann'), 'same-person'],
    ['another fingerprint', () => confirm('bob', fingerprint(TWO)), 'other-fingerprint'],
    ['no fingerprint', () => confirm('bob', ''), 'other-fingerprint'],
    ['a terminal nobody knows', () => enrolment.confirm('k9', 1, fingerprint(ONE), 'bob'), 'unknown-terminal'],
  ])('not: %s; and nothing is enrolled', async (_what, act, wanted) => {
    await ask(ONE);
    expect(await act()).toEqual(refusal(wanted));
    expect(await ask(ONE)).toMatchObject({ value: { state: 'pending' } });
    expect(await epochOf('k1')).toMatchObject({ enrolmentJws: null, confirmedBy: null });
  });

  it('not before a device has asked, and not twice', async () => {
    expect(await confirm('bob')).toEqual(refusal('not-waiting'));
    await ask(ONE);
    expect(await confirm('bob')).toEqual({ ok: true, value: true });
    expect(await confirm('bob')).toEqual(refusal('not-waiting'));
  });

  it('and the same code and key get the same bytes, signed by the hub and bound to the code', async () => {
    await ask(ONE);
    await confirm('bob', fingerprint(ONE).toLowerCase());
    const first = await ask(ONE);
    now += 400 * DAY_MS;
    expect(await ask(ONE)).toEqual(first);
    if (!first.ok || first.value.state !== 'enrolled') throw new Error('not enrolled');
    const { enrolment: jws, terminalPepper, mac } = first.value;
    expect(enrolmentDocument.open(jws, 'hub.1', hub.publicKey, crypto)).toMatchObject({
      ...{ county: 'c', tid: 'k1', ep: 1, village: 'v1', shop: 's1', inc: 'i', key: keyOf(ONE) },
    });
    const expected = nodeHashing.hmacSha256(Buffer.from(code), Buffer.from(`${jws}.${terminalPepper}`));
    expect(mac).toBe(toBase64url(expected));
    expect(await epochOf('k1')).toMatchObject({
      ...{ enrolmentHash: hashOf(jws, nodeHashing), enrolmentJws: jws, state: 'open', confirmedBy: 'bob' },
      publicKey: Buffer.from(device(ONE).publicKey),
    });
  });

  it('every refusal has a sentence and what to do', () => {
    for (const says of Object.values(ENROL_SENTENCES)) for (const text of says) expect(text).toMatch(/^[A-Z].{10,}\.$/);
  });
});
