import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../protocol/api/console.ts';
import type {
  ActRow,
  BatchView,
  CreditItem,
  ExceptionItem,
  RequestItem,
  ResidentPage,
} from '../../protocol/api/programme.ts';
import { enrolTerminal } from '../../test/support/fake-terminal.ts';
import { COOKIE, openTestHub, type TestHub } from '../../test/support/hub-fixture.ts';
import { PASSWORD } from '../../test/support/tiny-county.ts';

/** The programme's work over HTTP: right, by the wrong role, signed out, from another page, and with bad input. */

let hub: TestHub;
/** ann: operator. bob: reviewer. eve: auditor. */
const cookies: Record<string, string> = {};

async function signIn(): Promise<void> {
  for (const user of ['ann', 'bob', 'eve']) {
    const payload = { user, password: PASSWORD };
    const answer = await hub.now.app.inject({ method: 'POST', url: '/api/console/session', payload });
    cookies[user] = `${COOKIE}=${answer.cookies.find((each) => each.name === COOKIE)?.value}`;
  }
}

beforeAll(async () => {
  hub = await openTestHub();
  await signIn();
  const chain = await enrolTerminal(hub, 'k3', 's1');
  await chain.sync([]);
  const claim = { type: 'claim', acct: 'r1', activity: 'sweeping', units: 2 };
  await chain.sync([
    chain.open().jws,
    chain.redeem('r2', 9).jws,
    chain.append({ ...claim, tot: 90 }).jws,
    chain.append({ type: 'case', acct: 'r2', code: 'wrong-item', ref: 'k3.1.2', tot: 90 }).jws,
    chain.append({ ...claim, units: 3, tot: 90 }).jws,
  ]);
});
afterAll(() => hub.close());

async function ask<T>(who: string | null, method: 'GET' | 'POST', path: string, payload?: object, headers = {}) {
  const cookie = who === null ? {} : { cookie: cookies[who] ?? '' };
  const url = `/api/console${path}`;
  const answer = await hub.now.app.inject({
    method,
    url,
    headers: { ...cookie, ...headers },
    ...(payload ? { payload } : {}),
  });
  return { status: answer.statusCode, body: answer.json() as T };
}
const get = async <T>(path: string, who = 'eve') => (await ask<T>(who, 'GET', path)).body;
const post = <T = { code?: string; act?: string }>(who: string, path: string, payload: object = {}) =>
  ask<T>(who, 'POST', path, payload);

const credit = { credit: 'c1', acct: 'r1', activity: 'sweeping', reason: 'Swept the square', pts: 12 };
const csv = 'credit,acct,activity,reason,pts\nb1,r1,sweeping,x,5\nb2,r3,sweeping,y,6';
const card = { kind: 'uid', uid: '04aabbccddee01', last4: '7777' };
const WRITES: readonly [path: string, body: object][] = [
  ['/acts', { kind: 'end-epoch', detail: { tid: 'k3', ep: 1 } }],
  ['/acts/x/approve', {}],
  ['/acts/x/decline', {}],
  ['/exceptions/x/owner', { mine: true }],
  ['/exceptions/x/notes', { text: 'x' }],
  ['/exceptions/x/close', { text: 'x' }],
  ['/residents/r1/cards', card],
  ['/cards/1/block', { reason: 'lost' }],
  ['/cards/1/replace', { ...card, reason: 'lost' }],
  ['/credits', credit],
  ['/credits/x/approve', {}],
  ['/credits/x/withdraw', {}],
  ['/credit-batches/check', { name: 'june', csv }],
  ['/credit-batches', { name: 'june', csv }],
  ['/requests/k3.1.3/answer', { granted: false, answer: 'no' }],
];
const READS = ['/acts', '/exceptions', '/exceptions/x', '/residents/r1', '/credits', '/requests', '/shelves?shop=s1'];

describe('nobody gets by', () => {
  it.each(READS)('signed out: GET %s', async (path) => {
    expect(await ask(null, 'GET', path)).toMatchObject({ status: 401, body: { code: 'signed-out' } });
  });
  it.each(WRITES)('POST %s: signed out, as auditor, or from another site’s page', async (path, body) => {
    expect(await ask(null, 'POST', path, body)).toMatchObject({ status: 401, body: { code: 'signed-out' } });
    expect(await ask('eve', 'POST', path, body)).toMatchObject({ status: 403, body: { code: 'not-your-right' } });
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    expect(await ask('ann', 'POST', path, body, elsewhere)).toMatchObject({
      status: 403,
      body: { code: 'another-page' },
    });
    const origin = { origin: 'https://evil.example' };
    expect(await ask('ann', 'POST', path, body, origin)).toMatchObject({ status: 403, body: { code: 'another-page' } });
  });
  it.each([
    '/acts',
    '/residents/r1/cards',
    '/cards/1/replace',
    '/credits',
    '/credit-batches',
    '/requests/k3.1.3/answer',
  ])('a reviewer begins nothing: POST %s', async (path) => {
    const body = WRITES.find(([each]) => each === path)?.[1] ?? {};
    expect(await post('bob', path, body)).toMatchObject({ status: 403, body: { code: 'not-your-right' } });
  });
});

describe('bad input is refused, with a sentence', () => {
  const bad: readonly [string, string, object][] = [
    ['no such kind of act', '/acts', { kind: 'fine', detail: {} }],
    ['a field that is missing', '/acts', { kind: 'end-epoch', detail: { tid: 'k3' } }],
    ['a field too many', '/acts', { kind: 'end-epoch', detail: { tid: 'k3', ep: 1, also: 1 } }],
    ['a field of another kind', '/acts', { kind: 'end-epoch', detail: { tid: 'k3', ep: 'one' } }],
    [
      'an activity without points',
      '/acts',
      { kind: 'set-activity', detail: { activity: 'a', name: 'a', unit: 'h', pts: 0, state: 'active' } },
    ],
    ['a batch without its file', '/acts', { kind: 'credit-batch', detail: { rows: [credit] } }],
    ['no body', '/acts', {}],
    ['nobody’s exception', '/exceptions/x/owner', {}],
    ['an empty note', '/exceptions/x/notes', { text: '' }],
    ['a note of spaces', '/exceptions/x/notes', { text: '  ' }],
    ['a note without end', '/exceptions/x/notes', { text: 'x'.repeat(1_001) }],
    ['a UID that is none', '/residents/r1/cards', { ...card, uid: '04' }],
    ['another kind of card', '/residents/r1/cards', { ...card, kind: 'magnet' }],
    ['a card that is no number', '/cards/one/block', { reason: 'x' }],
    ['no reason', '/cards/1/block', {}],
    ['points of nothing', '/credits', { ...credit, pts: 0 }],
    ['half a point', '/credits', { ...credit, pts: 1.5 }],
    ['too many points', '/credits', { ...credit, pts: 10_000_001 }],
    ['no reason for a credit', '/credits', { ...credit, reason: ' ' }],
    ['a field of its own', '/credits', { ...credit, state: 'posted' }],
    ['an empty file', '/credit-batches/check', { name: 'x', csv: '' }],
    ['an answer without words', '/requests/k3.1.3/answer', { granted: true, answer: '' }],
    ['an answer that decides nothing', '/requests/k3.1.3/answer', { answer: 'x' }],
  ];
  it.each(bad)('%s: POST %s', async (_what, path, body) => {
    const answer = await ask<{ error: string; whatToDo: string }>('ann', 'POST', path, body);
    expect([answer.status, answer.body.error.length > 9, answer.body.whatToDo.length > 9]).toEqual([400, true, true]);
  });
  it.each([
    '/acts?state=done',
    '/exceptions?kind=none',
    '/exceptions?state=none',
    '/exceptions?limit=0',
    '/exceptions?cursor=x',
    '/credits?state=none',
    '/credits?limit=201',
    '/requests?kind=none',
    '/shelves',
  ])('GET %s', async (path) => {
    expect((await ask('eve', 'GET', path)).status).toBe(400);
  });
  it.each([
    ['POST', '/acts/none/approve', 'not-open'],
    ['POST', '/exceptions/none/notes', 'no-exception'],
    ['POST', '/residents/none/cards', 'no-account'],
    ['POST', '/cards/9/block', 'no-card'],
    ['POST', '/credits/none/approve', 'not-open'],
    ['POST', '/requests/none/answer', 'no-request'],
    ['GET', '/exceptions/none', 'no-exception'],
    ['GET', '/residents/none', 'no-account'],
  ] as const)('what is not there: %s %s', async (method, path, code) => {
    const body = WRITES.find(([each]) => each.split('/').at(-1) === path.split('/').at(-1))?.[1];
    const answer = await ask('ann', method, path, method === 'POST' ? body : undefined);
    expect(answer).toMatchObject({ status: code === 'not-open' ? 409 : 404, body: { code } });
  });
});

describe('an act of two people', () => {
  it('is proposed by one and approved by another, never by its maker', async () => {
    const detail = { activity: 'sweeping', name: 'Sweeping', unit: 'hour', pts: 4, state: 'active' };
    const { act } = (await post('ann', '/acts', { kind: 'set-activity', detail })).body;
    const listed = async (who: string) =>
      (await get<Page<ActRow>>('/acts?state=proposed', who)).rows.find((row) => row.act === act);
    expect(await listed('ann')).toMatchObject({ mayApprove: false, maker: 'ann', detail, subject: 'sweeping' });
    expect([(await listed('bob'))?.mayApprove, (await listed('eve'))?.mayApprove]).toEqual([true, false]);
    expect(await post('ann', `/acts/${act}/approve`)).toMatchObject({ status: 403, body: { code: 'same-person' } });
    expect(await post('bob', `/acts/${act}/approve`)).toMatchObject({ status: 200, body: { ok: true } });
    expect(await post('bob', `/acts/${act}/approve`)).toMatchObject({ status: 409, body: { code: 'not-open' } });
    expect(await listed('bob')).toBeUndefined();
  });

  it('that cannot be stays open; it is refused by another or withdrawn by its maker', async () => {
    const propose = async () =>
      (await post('ann', '/acts', { kind: 'final-close', detail: { tid: 'k3', ep: 1 } })).body.act;
    const [first, second] = [await propose(), await propose()];
    expect(await post('bob', `/acts/${first}/approve`)).toMatchObject({ status: 409, body: { code: 'alive' } });
    expect((await post('bob', `/acts/${first}/decline`)).status).toBe(200);
    expect((await post('ann', `/acts/${second}/decline`)).status).toBe(200);
    const states = (await get<Page<ActRow>>('/acts')).rows
      .filter((row) => row.subject === 'k3.1')
      .map((row) => row.state);
    expect(states.sort()).toEqual(['refused', 'withdrawn']);
  });
});

describe('the queue of exceptions', () => {
  const id = encodeURIComponent('over-allowance:k3.1.2');
  const queue = (query = '') => get<Page<ExceptionItem>>(`/exceptions?${query}`);

  it('says what, since when, until when, and what to do', async () => {
    const found = (await queue()).rows.find((row) => row.kind === 'over-allowance');
    expect(found).toMatchObject({ tid: 'k3', ageMs: 0, overdue: false, owner: null, notes: 0, byHand: false });
    expect(found?.whatToDo).toMatch(/two people release or reject/);
    hub.clock.ms += 25 * 3_600_000;
    await signIn();
    expect((await queue('overdue=true')).rows.map((row) => [row.kind, row.ageMs])).toEqual([
      ['over-allowance', 25 * 3_600_000],
    ]);
  });

  it('is taken, noted, given back; what can be mended closes only by itself', async () => {
    expect((await post('ann', `/exceptions/${id}/owner`, { mine: true })).status).toBe(200);
    expect((await queue('owner=ann')).rows).toHaveLength(1);
    expect((await queue('owner=nobody&kind=over-allowance')).rows).toHaveLength(0);
    await post('bob', `/exceptions/${id}/notes`, { text: 'Called the shop.' });
    expect(await get(`/exceptions/${id}`)).toMatchObject({
      row: { owner: 'ann', notes: 1 },
      detail: { code: 'over-allowance' },
      notes: [{ by: 'bob', text: 'Called the shop.' }],
    });
    expect(await post('ann', `/exceptions/${id}/close`, { text: 'x' })).toMatchObject({
      body: { code: 'closes-by-itself' },
    });
    await post('bob', `/exceptions/${id}/owner`, { mine: false });
    expect((await queue('owner=nobody&kind=over-allowance')).rows).toHaveLength(1);
  });

  it('page by page is the whole list; what is explained is closed, and stays with its note', async () => {
    await hub.now.store.books.write(async (books) => {
      const { openException } = await import('../reconcile/exceptions.ts');
      for (let n = 0; n < 5; n++) await openException(books, 'limit', `k3.1.${n}`, hub.clock.ms, {}, 'k3');
    });
    const whole = (await queue('tid=k3')).rows.map((row) => row.exception);
    const paged: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 9; pages++) {
      const page = await queue(`tid=k3&limit=2${cursor}`);
      paged.push(...page.rows.map((row) => row.exception));
      if (page.next === null) break;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
    expect(whole).toHaveLength(6);
    expect(paged).toEqual(whole);
    const limit = encodeURIComponent('limit:k3.1.3');
    expect((await post('bob', `/exceptions/${limit}/close`, { text: 'A wedding.' })).status).toBe(200);
    expect(await post('bob', `/exceptions/${limit}/close`, { text: 'x' })).toMatchObject({ body: { code: 'closed' } });
    expect((await queue('state=closed')).rows).toMatchObject([
      { exception: 'limit:k3.1.3', closedBy: 'bob', notes: 1 },
    ]);
  });
});

describe('a household', () => {
  it('loses a card: found by its last four, blocked, replaced; history and points stay; no UID comes out', async () => {
    expect((await get<Page<{ acct: string }>>('/balances?q=1111')).rows.map((row) => row.acct)).toEqual(['r1']);
    const before = await get<ResidentPage>('/residents/r1');
    const lost = before.cards[0]?.card;
    expect((await post('bob', `/cards/${lost}/block`, { reason: 'Lost at the market' })).status).toBe(200);
    expect((await post('ann', `/cards/${lost}/replace`, { ...card, reason: 'Lost' })).status).toBe(200);
    const after = await get<ResidentPage>('/residents/r1');
    expect(after.accountPts).toBe(before.accountPts);
    expect(after.cards).toMatchObject([
      {
        last4: '1111',
        state: 'blocked',
        blocked: { by: 'bob', reason: 'Lost at the market', replacedBy: after.cards[1]?.card },
      },
      { last4: '7777', state: 'good', blocked: null },
    ]);
    expect(JSON.stringify(after)).not.toMatch(/04a1b2c3|04aabbcc/i);
    expect(await post('ann', '/residents/r3/cards', card)).toMatchObject({ status: 409, body: { code: 'card-known' } });
    expect((await post('ann', '/residents/r3/cards', { ...card, uid: '04aabbccddee02' })).status).toBe(200);
  });
});

describe('credits', () => {
  const states = async (query = '') =>
    (await get<Page<CreditItem>>(`/credits?${query}`)).rows.map((row) => `${row.credit} ${row.state}`);

  it('one: made, approved by another, withdrawn while anybody may object', async () => {
    expect((await post('ann', '/credits', credit)).status).toBe(200);
    expect(await post('ann', '/credits/c1/approve')).toMatchObject({ status: 403, body: { code: 'same-person' } });
    expect(await states('state=made')).toEqual(['c1 made']);
    expect((await post('bob', '/credits/c1/approve')).status).toBe(200);
    expect((await post('ann', '/credits/c1/withdraw')).status).toBe(200);
    expect(await states('acct=r1&state=withdrawn')).toEqual(['c1 withdrawn']);
    expect(await post('ann', '/credits', { ...credit, pts: 13 })).toMatchObject({
      body: { code: 'exists-with-different' },
    });
  });

  it('many: a dry run lists each bad line; a good file is proposed whole and approved by another', async () => {
    const spoilt = `${csv}\nb3,nobody,x,y,1\nb4,r1,x,y,many`;
    const dry = await post<BatchView>('ann', '/credit-batches/check', {
      name: 'x',
      csv: spoilt,
    });
    expect(dry.body.bad.map((each) => each.line)).toEqual([4, 4, 5]);
    expect(await post('ann', '/credit-batches', { name: 'x', csv: spoilt })).toMatchObject({
      status: 409,
      body: { code: 'bad-line' },
    });
    const { act } = (await post('ann', '/credit-batches', { name: 'june', csv })).body;
    expect((await post('bob', `/acts/${act}/approve`)).status).toBe(200);
    expect(await states('state=pending')).toEqual(['b2 pending', 'b1 pending']);
  });
});

describe('what residents asked for', () => {
  it('is listed oldest first with whom and by when, and answered once', async () => {
    const open = (await get<Page<RequestItem>>('/requests?state=open')).rows;
    expect(open.map((row) => [row.number, row.kind, row.units])).toEqual([
      ['k3.1.3', 'claim', 2],
      ['k3.1.4', 'case', 0],
      ['k3.1.5', 'claim', 3],
    ]);
    expect(open[0]?.residentName).toBe('张小芳');
    expect((await post('ann', '/requests/k3.1.3/answer', { granted: true, answer: 'Thank you' })).status).toBe(200);
    expect(await post('ann', '/requests/k3.1.3/answer', { granted: true, answer: 'x' })).toMatchObject({
      body: { code: 'answered' },
    });
    const made = (await get<Page<CreditItem>>('/credits?state=made')).rows;
    expect(made).toMatchObject([{ credit: 'claim-k3.1.3', pts: 8, madeBy: 'ann', reason: 'Thank you' }]);
    await post('ann', '/requests/k3.1.4/answer', { granted: true, answer: 'Bring it back' });
    expect((await get<Page<RequestItem>>('/requests?kind=case')).rows).toMatchObject([{ state: 'granted' }]);
  });
});
