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
import type { TestHub } from '../../test/support/hub-fixture.ts';
import { card, credit, csv, type ProgrammeConsole, programmeConsole } from '../../test/support/programme-console.ts';

/** The programme's work over HTTP, by who may do it. */

let hub: TestHub;
let console: ProgrammeConsole;
const signIn = () => console.signIn();
const get: ProgrammeConsole['get'] = (...asked) => console.get(...asked);
const post: ProgrammeConsole['post'] = (...asked) => console.post(...asked);

beforeAll(async () => {
  console = await programmeConsole();
  hub = console.hub;
});
afterAll(() => console.close());

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
