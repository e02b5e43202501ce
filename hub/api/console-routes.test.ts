import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordEvidence, RecordRow } from '../../protocol/api/console.ts';
import { checkCode } from '../../protocol/records/number.ts';
import { enrolTerminal, type Signed } from '../../test/support/fake-terminal.ts';
import { COOKIE, openTestHub, type TestHub } from '../../test/support/hub-fixture.ts';
import { PASSWORD } from '../../test/support/tiny-county.ts';

/** What an operator sees of one bad week: a good sale, a held one, a fork, a gap, and dirt. */

let hub: TestHub;
let cookie = '';
let sale: Signed;
let fork: Signed;

beforeAll(async () => {
  hub = await openTestHub();
  const chain = await enrolTerminal(hub, 'k3', 's1');
  await chain.sync([]);
  const [open, one, held, forked] = [chain.open(), chain.redeem('r1', 2), chain.redeem('r2', 9), chain.redeem('r1')];
  sale = one;
  fork = chain.forkOf(forked);
  const lost = chain.redeem('r1');
  await chain.sync([open.jws, one.jws, held.jws, 'rubbish']);
  await chain.sync([forked, fork]);
  await chain.sync([chain.redeem('r1')]);
  expect(lost.seq).toBe(5);
  const payload = { user: 'eve', password: PASSWORD };
  const answer = await hub.now.app.inject({ method: 'POST', url: '/api/console/session', payload });
  cookie = `${COOKIE}=${answer.cookies.find((each) => each.name === COOKIE)?.value}`;
});
afterAll(() => hub.close());

const get = async <T>(path: string) => {
  const answer = await hub.now.app.inject({ url: `/api/console${path}`, headers: { cookie } });
  return { status: answer.statusCode, body: answer.json() as T };
};
const list = async (query: string) => (await get<{ rows: RecordRow[]; next: string | null }>(`/records?${query}`)).body;
const evidence = async (number: string) => (await get<{ rows: RecordEvidence[] }>(`/records/${number}`)).body.rows;
const checks = (one: RecordEvidence | undefined) => one?.checks.map((check) => `${check.name} ${check.ok}`);

describe('the list of records', () => {
  it.each([
    ['matched', ['k3.1.2', 'k3.1.1']],
    ['quarantined', ['k3.1.3']],
    ['received', ['k3.1.4', 'k3.1.4']],
    ['gap', ['k3.1.6']],
    ['junk', [null]],
    ['closed', []],
  ])('by stage %s', async (stage, numbers) => {
    expect((await list(`stage=${stage}`)).rows.map((row) => row.number)).toEqual(numbers);
  });

  it.each([
    ['a number', 'q=k3.1.2', ['k3.1.2']],
    ['an account', 'q=r2', ['k3.1.3']],
    ['a part of a name', `q=${encodeURIComponent('秀英')}`, ['k3.1.3']],
    ['a sign of SQL’s own', 'q=%25', []],
    ['another terminal', 'tid=k1', []],
  ])('by %s', async (_what, query, numbers) => {
    expect((await list(query)).rows.map((row) => row.number)).toEqual(numbers);
  });

  it('page by page is the whole list, each record once', async () => {
    const whole = (await list('')).rows.map((row) => row.hash);
    const paged: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 10; pages++) {
      const page = await list(`limit=3${cursor}`);
      paged.push(...page.rows.map((row) => row.hash));
      if (page.next === null) break;
      cursor = `&cursor=${page.next}`;
    }
    expect(whole).toHaveLength(7);
    expect(paged).toEqual(whole);
  });

  it.each(['limit=0', 'limit=201', 'stage=none', 'limit=x'])('refuses %s', async (query) => {
    expect((await get(`/records?${query}`)).status).toBe(400);
  });
});

describe('the evidence for a record', () => {
  it('is checked anew, and every check holds for a good one', async () => {
    const [one, ...more] = await evidence('k3.1.2');
    expect(more).toEqual([]);
    const names = ['signature', 'chain', 'counters', 'price', 'allowance', 'transfers'];
    expect(checks(one)).toEqual(names.map((name) => `${name} true`));
    expect(one).toMatchObject({
      ...{ code: null, says: null, previous: 'k3.1.1', following: 'k3.1.3', checkCode: checkCode(sale.hash) },
      allowance: { before: { S: 0, spendable: 200 }, after: { S: 20, spendable: 180 } },
      lines: [{ sku: 'rice', qty: 2, pts: 10 }],
    });
    expect(one?.transfers).toMatchObject([{ kind: 'redeem', amount: 20, credit: 'shop:s1' }]);
  });

  it('says why one is held, where its points are, and what was not covered', async () => {
    const [one] = await evidence('k3.1.3');
    expect(one).toMatchObject({ code: 'over-allowance', row: { stage: 'quarantined' } });
    expect(one?.says).toMatch(/spent more than it was granted/);
    expect(checks(one)).toContain('allowance false');
    expect(one?.transfers.map((t) => [t.debit, t.credit, t.amount])).toEqual([
      ['allowance:r2:k3:1', 'suspense:k3:1:3', 40],
      ['loss', 'suspense:k3:1:3', 50],
    ]);
  });

  it('shows both branches of a fork, and that neither moved anything', async () => {
    const branches = await evidence('k3.1.4');
    expect(branches.map((one) => [one.row.flags, one.code, one.transfers])).toEqual([
      [['forked'], 'forked', []],
      [['forked'], 'forked', []],
    ]);
    expect(branches[1]?.row.hash).toBe(fork.hash);
    expect(branches[0]?.says).toMatch(/until two people decide/);
  });

  it('of a record past a gap says that the one before is not here', async () => {
    const [one] = await evidence('k3.1.6');
    expect(checks(one)).toContain('chain false');
    expect(one?.row.stage).toBe('gap');
  });

  it.each(['k3.1.5', 'k9.1.1', 'nonsense'])('%s: there is none', async (number) => {
    expect(await get(`/records/${number}`)).toMatchObject({ status: 404, body: { code: 'no-record' } });
  });
});

describe('the county at a glance', () => {
  it('adds up', async () => {
    const { body } = await get<Record<string, unknown>>('/home');
    expect(body).toMatchObject({ issuedPts: 390, redeemedPts: 20, ledgerSumPts: 0 });
    expect(body.terminals).toMatchObject({ open: 0, frozen: 1 });
    expect(body.records).toMatchObject({ matched: 2, quarantined: 1, received: 2, gap: 1, junk: 1 });
  });
});

describe('a receipt’s address', () => {
  it.each<[string, () => string, string]>([
    ['as printed', () => `k3.1.2.${checkCode(sale.hash)}`, 'stored'],
    ['typed by a person', () => `k3.1.2.${checkCode(sale.hash).toLowerCase().replaceAll('-', '')}`, 'stored'],
    ['of a fork’s later branch', () => `k3.1.4.${checkCode(fork.hash)}`, 'stored'],
    ['with another code', () => 'k3.1.2.AAAA-AAAA-AAAA', 'differs'],
    ['of a record not yet here', () => 'k3.1.5.AAAA-AAAA-AAAA', 'not-yet-seen'],
    ['that is none', () => 'hello', 'not-a-receipt'],
    ['with markup', () => 'k3.1.2.%3Cscript%3E', 'differs'],
  ])('%s', async (_what, path, says) => {
    const answer = await hub.now.app.inject(`/r/${path()}`);
    expect(answer.body).toContain(`data-answer="${says}"`);
    expect(answer.body).not.toMatch(/<script|张|rice/);
  });
});
