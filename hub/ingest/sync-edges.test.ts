import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catalogueDocument, grantDocument } from '../../protocol/documents/kinds.ts';
import { signDetached } from '../../protocol/jws/compact.ts';
import { createChain, enrolTerminal, type FakeTerminal, inject } from '../../test/support/fake-terminal.ts';
import { crypto, hubSigner, openTestHub, START_MS, type TestHub } from '../../test/support/hub-fixture.ts';
import { SECRETS } from '../../test/support/tiny-county.ts';
import { BooksUnavailable } from '../ledger/books.ts';
import type { HubStore } from '../store/open.ts';
import { createAdmission } from './admission.ts';

/** Sync at its edges: what must be durable when the answer leaves, what a stranger gets, what is said to whom. */

let hub: TestHub;
let k1: FakeTerminal;
beforeEach(async () => {
  hub = await openTestHub();
  k1 = await enrolTerminal(hub);
});
afterEach(() => hub.close());

const grantOf = (jws: string) => grantDocument.open(jws, 'hub.1', hubSigner.publicKey, crypto);

describe('when the answer is made', () => {
  it('records and grants stand in the file already, for any other process to see', async () => {
    const { grants } = await k1.sync([k1.open()]);
    const db = new Database(hub.path, { readonly: true });
    const seen = [
      db.prepare('SELECT count(*) AS records FROM records').get(),
      db.prepare("SELECT g, grant_jws AS jws FROM allowances WHERE acct = 'r1'").get(),
    ];
    db.close();
    const jws = grants.find((each) => grantOf(each)?.acct === 'r1');
    expect(seen).toEqual([{ records: 1 }, { g: 200, jws }]);
  });

  it('a grant names terminal, epoch, account, G and thirty days, and only the village’s accounts have one', async () => {
    const { grants } = await k1.sync([]);
    const opened = grants.map(grantOf);
    expect(opened.map((grant) => [grant?.acct, grant?.G])).toEqual([
      ['r1', 200],
      ['r2', 40],
    ]);
    for (const grant of opened) {
      expect(grant).toMatchObject({ tid: 'k1', ep: 1, inc: hub.now.inc, notAfter: START_MS + 30 * 86_400_000 });
    }
  });

  it('time frees no allowance: a year later the same grants stand, with the same bytes', async () => {
    const { grants } = await k1.sync([]);
    hub.clock.ms += 365 * 86_400_000;
    expect((await k1.sync([])).grants).toEqual(grants);
  });
});

describe('an answer', () => {
  it('holds roster, catalogue and policy once; asked with their versions it holds only what is new', async () => {
    const first = await k1.sync([]);
    expect(first.roster?.entries.map((entry) => entry.name)).toEqual(['张*芳', '欧**英']);
    expect(first.roster?.clerks.map((clerk) => clerk.name)).toEqual(['王*国']);
    const cards = first.roster?.entries.map((entry) =>
      entry.cards.map((card) => [card.last4, card.state, 'pin' in card]),
    );
    expect(cards).toEqual([[['1111', 'good', true]], [['2222', 'blocked', false]]]);
    const catalogue = catalogueDocument.open(first.catalogue ?? '', 'hub.1', hubSigner.publicKey, crypto);
    expect(catalogue?.items.map((item) => [item.sku, item.pts])).toEqual([
      ['rice', 10],
      ['salt', 3],
    ]);
    expect(first.policy).toMatchObject({ capPts: 200, place: { shop: { en: 'Shop One' } } });
    const want = { visits: [], judged: 0, roster: first.roster?.version ?? 0, catalogue: 1, hotlist: 1, policy: 1 };
    const second = await k1.sync([], { want });
    expect(second.grants).toEqual([]);
    for (const name of ['roster', 'catalogue', 'policy', 'hotlist']) expect(second).not.toHaveProperty(name);
    const third = await k1.sync([k1.open(), k1.redeem('r2')], { want });
    expect(third.grants, 'r2 has nothing left to top up with').toEqual([]);
  });

  it('says what became of each record', async () => {
    const records = [k1.open(), k1.redeem('r1'), k1.redeem('r1', 1, { pts: 11, S: 21, tot: 21 })];
    await k1.sync([]);
    expect((await k1.sync(records)).judged).toEqual([
      { ep: 1, seq: 1, stage: 'matched', flags: [] },
      { ep: 1, seq: 2, stage: 'matched', flags: [] },
      { ep: 1, seq: 3, stage: 'quarantined', flags: [], code: 'wrong-price' },
    ]);
  });

  it('asks for everything again where the heads differ, and only there', async () => {
    const open = k1.open();
    await k1.sync([open]);
    const other = k1.forkOf(open);
    expect(await k1.sync([], { have: { seq: 1, head: other.hash } })).toMatchObject({ resendFrom: 1 });
    expect(await k1.sync([], { have: { seq: 0, head: other.hash } })).toMatchObject({ resendFrom: 1 });
    expect(await k1.sync([], { have: { seq: 9, head: other.hash } })).not.toHaveProperty('resendFrom');
    expect(await k1.sync([])).not.toHaveProperty('resendFrom');
  });

  it('has its question’s id and this hub’s incarnation, also when the very request comes again', async () => {
    const body = k1.body([k1.open(), k1.redeem('r1')], { id: 'asked-once' });
    const answers = [];
    for (const headers of [{}, { 'content-encoding': 'gzip' }, {}]) answers.push((await k1.post(body, headers)).json());
    for (const answer of answers) {
      expect(answer).toMatchObject({ id: 'asked-once', inc: hub.now.inc, stored: { seq: 2 } });
    }
    expect(hub.sql((db) => db.prepare('SELECT count(*) FROM records').pluck().get())).toBe(2);
  });
});

describe('a full house', () => {
  it('sends away with 429 and a time to come back, stores nothing, and lets in whoever comes later', async () => {
    const admission = createAdmission({ requestsMax: 1, bytesMax: 1_000_000 });
    const small = await openTestHub({ admission });
    try {
      const k2 = await enrolTerminal(small);
      const leave = admission.enter(1);
      const away = await k2.post(k2.body([k2.open()]));
      expect([away.statusCode, away.json().code]).toEqual([429, 'busy']);
      expect(Number(away.headers['retry-after'])).toBeGreaterThan(0);
      expect(small.sql((db) => db.prepare('SELECT count(*) AS n FROM records').get())).toEqual({ n: 0 });
      leave?.();
      // Each gives its place back, whether it was answered or refused.
      expect((await k2.post(Buffer.from('rubbish'))).statusCode).toBe(400);
      expect((await k2.sync([])).stored.seq).toBe(0);
      expect(admission.inside()).toBe(0);
    } finally {
      await small.close();
    }
  });

  it('a database that is away is said as such, with a time to come back', async () => {
    let gone = false;
    const unless = <T>(work: () => Promise<T>) => (gone ? Promise.reject(new BooksUnavailable('gone')) : work());
    const store = ({ books, ...rest }: HubStore): HubStore => ({
      ...rest,
      books: {
        ...books,
        write: (work) => unless(() => books.write(work)),
        custody: (tid, work) => unless(() => books.custody(tid, work)),
      },
    });
    const other = await openTestHub({ store });
    try {
      const k2 = await enrolTerminal(other);
      gone = true;
      const answer = await k2.post(k2.body([k2.open()]));
      expect([answer.statusCode, answer.json().code]).toEqual([503, 'store-unavailable']);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    } finally {
      await other.close();
    }
  });
});

describe('nobody else', () => {
  it('a courier’s bundle, found and posted, gets nothing out of the hub', async () => {
    const answer = await k1.post(k1.body([k1.open()], { via: 'courier' }));
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'courier-by-net']);
    expect(hub.sql((db) => db.prepare('SELECT count(*) FROM records').pluck().get())).toBe(0);
  });

  it.each([
    ['a body of another terminal', { tid: 'k2' }],
    ['a body of another epoch', { ep: 2 }],
    ['a field too many', { extra: 1 }],
    ['1,001 records', { records: Array.from({ length: 1_001 }, () => 'x') }],
    ['a negative number', { have: { seq: -1, head: 'A'.repeat(43) } }],
    ['nesting without end', { health: JSON.parse(`${'['.repeat(3_000)}${']'.repeat(3_000)}`) as unknown }],
  ])('%s is refused, though it is signed', async (_what, patch) => {
    expect((await k1.post(k1.body([], patch))).statusCode).toBe(400);
  });

  it('a terminal that nobody confirmed yet is not answered, however well it signs', async () => {
    expect(await hub.now.enrolment.issue('k2', 's2', 'ann')).toMatchObject({ ok: true });
    const k2 = createChain('k2');
    const body = k1.body([k2.open()], { tid: 'k2' });
    const headers = { 'tally-signature': signDetached('tally-sync', body, k2.signer) };
    for (const tid of ['k2', 'k9']) {
      const answer = await inject(hub, `/v1/terminals/${tid}/sync`, body, headers);
      expect([answer.statusCode, answer.json().code]).toEqual(
        tid === 'k2' ? [403, 'unknown-terminal'] : [401, 'bad-signature'],
      );
    }
    expect(hub.sql((db) => db.prepare('SELECT count(*) FROM records').pluck().get())).toBe(0);
  });

  it('learns a name, a UID or a PIN: not from an answer, a log, a metric, or the books’ open columns', async () => {
    await k1.sync([]);
    const answers = [
      await k1.post(k1.body([k1.open(), k1.redeem('r1')])),
      await k1.post(k1.body([], { tid: 'k2' })),
      await hub.now.app.inject('/metrics'),
      await hub.now.app.inject('/r/k1.1.2.AAAA-AAAA-AAAA'),
    ];
    const said = [...answers.map((answer) => answer.body), ...hub.logs].join('\n');
    for (const secret of SECRETS) expect(said).not.toContain(secret);
    const file = readdirSync(hub.dir).map((name) => readFileSync(join(hub.dir, name)).toString('latin1'));
    const uid = '04a1b2c3d4e5f6';
    for (const form of [uid, Buffer.from(uid, 'hex').toString('latin1')]) {
      expect(file.map((bytes) => bytes.includes(form))).not.toContain(true);
    }
    expect(file.map((bytes) => bytes.includes('r1.k1.1.200'))).toContain(true);
  });
});
