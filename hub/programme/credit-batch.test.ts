import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BooksFixture, booksFixture, DAY_MS } from '../../test/support/books-fixture.ts';
import { describeEngines, type OpenBooks } from '../../test/support/engines.ts';
import { parseCsv } from './csv.ts';

const HEADER = 'credit,acct,activity,reason,pts';
const csv = (...lines: string[]) => [HEADER, ...lines].join('\r\n');

describe('a CSV file', () => {
  it.each<[string, string, unknown[]]>([
    [
      'plain',
      'a,b\n1,2\n',
      [
        [1, ['a', 'b']],
        [2, ['1', '2']],
      ],
    ],
    [
      'with a byte order mark, CRLF and empty lines',
      '\uFEFFa\r\n\r\nb\r\n',
      [
        [1, ['a']],
        [3, ['b']],
      ],
    ],
    [
      'quoted commas, quotes and line ends',
      '"a,""b""\nc",d\ne,f',
      [
        [1, ['a,"b"\nc', 'd']],
        [3, ['e', 'f']],
      ],
    ],
    [
      'an unclosed quote',
      'a\n"b,c\nd',
      [
        [1, ['a']],
        [2, ['b,c\nd']],
      ],
    ],
    ['nothing', '', []],
  ])('%s', (_what, text, wanted) => {
    expect(parseCsv(text).map(({ line, fields }) => [line, fields])).toEqual(wanted);
  });
});

describeEngines('a batch of credits', (openBooks) => {
  let hub: BooksFixture;
  let open: OpenBooks;
  beforeEach(async () => {
    open = await openBooks();
    hub = await booksFixture(open.books);
  });
  afterEach(() => open.close());
  const read = (text: string) => hub.core.desk.readBatch(text);

  it('is read without changing anything: what it would do', async () => {
    const batch = await read(csv('e1,a1,sweep,"Swept, the yard",30', 'e2,a2,sweep,Helped,12'));
    expect(batch).toEqual({
      bad: [],
      totalPts: 42,
      rows: [
        { credit: 'e1', acct: 'a1', activity: 'sweep', reason: 'Swept, the yard', pts: 30 },
        { credit: 'e2', acct: 'a2', activity: 'sweep', reason: 'Helped', pts: 12 },
      ],
    });
    expect(await hub.balance('pending:a1')).toBe(0);
  });

  it('lists every bad line with its number', async () => {
    await hub.core.acts.makeCredit({ credit: 'e0', acct: 'a1', activity: 'x', reason: 'x', pts: 1 }, 'ann');
    const { bad } = await read(
      csv('e1,a1,sweep,ok,30', 'e1,a1,sweep,twice,30', ',a1,sweep,x,1', 'e3,a9,sweep,x,1', 'e4,a1,sweep,x,0').concat(
        '\r\ne5,a1,sweep,x,1.5',
        '\r\ne6,a1,sweep,x',
        '\r\ne0,a1,sweep,x,1',
        '\r\ne7,a1,,,1',
      ),
    );
    const lines = bad.map(({ line, says }) => [line, says.split(' ').slice(0, 3).join(' ')]);
    expect(lines).toEqual([
      [3, 'The credit’s number'],
      [4, 'The credit’s number'],
      [5, 'There is no'],
      [6, 'The points must'],
      [7, 'The points must'],
      [8, 'It has 4'],
      [9, 'A credit with'],
      [10, 'The activity must'],
      [10, 'The reason must'],
    ]);
  });

  it.each([
    ['another header', 'a,b,c', 1],
    ['no credit', HEADER, 1],
    ['too many', csv(...Array.from({ length: 1_001 }, (_, n) => `e${n},a1,sweep,x,1`)), 1_002],
    ['nothing', '', 1],
  ])('with %s is one bad line', async (_what, text, line) => {
    expect((await read(text)).bad.map((each) => each.line)).toEqual([line]);
  });

  it('is made by one and approved by another, whole; then it waits out the objections', async () => {
    const { rows } = await read(csv('e1,a1,sweep,x,30', 'e2,a1,sweep,y,12'));
    const act = await hub.core.acts.propose('credit-batch', 'june', { rows }, 'ann');
    expect(await hub.core.acts.approve(act, 'ann')).toMatchObject({ code: 'same-person' });
    expect(await hub.core.acts.approve(act, 'ben')).toMatchObject({ ok: true });
    expect(await hub.balance('pending:a1')).toBe(42);
    const row = await hub.store.read((books) => books.get('credits', { credit: 'e1' }));
    expect(row).toMatchObject({ madeBy: 'ann', approvedBy: 'ben', state: 'pending', reason: 'x' });
    await hub.core.acts.withdrawCredit('e2', 'eve');
    hub.clock.ms += 7 * DAY_MS;
    await hub.core.acts.postDue();
    expect([await hub.balance('account:a1'), await hub.balance('programme')]).toEqual([30, -30]);
  });

  it('that a line spoils meanwhile changes nothing, and can be approved once that is mended', async () => {
    const { rows } = await read(csv('e1,a1,sweep,x,30', 'e2,a2,sweep,y,12'));
    const act = await hub.core.acts.propose('credit-batch', 'june', { rows }, 'ann');
    await hub.core.acts.makeCredit({ credit: 'e2', acct: 'a2', activity: 'x', reason: 'x', pts: 1 }, 'eve');
    expect(await hub.core.acts.approve(act, 'ben')).toMatchObject({ code: 'bad-line' });
    expect(await hub.balance('pending:a1')).toBe(0);
    expect(await hub.store.read((books) => books.get('proposals', { act }))).toMatchObject({ state: 'proposed' });
  });

  it('names activities of the county, once it has some', async () => {
    const sweep = { activity: 'sweep', name: 'Sweeping', unit: 'hour', pts: 5, state: 'active' as const };
    await hub.twoPeople('set-activity', 'sweep', sweep);
    const { bad } = await read(csv('e1,a1,sweep,x,30', 'e2,a1,dance,x,30'));
    expect(bad).toEqual([{ line: 3, says: 'There is no such active activity.' }]);
  });
});

describeEngines('what residents ask for', (openBooks) => {
  let hub: BooksFixture;
  let open: OpenBooks;
  beforeEach(async () => {
    open = await openBooks();
    hub = await booksFixture(open.books);
  });
  afterEach(() => open.close());
  const request = (number: string) => hub.store.read((books) => books.get('requests', { number }));

  it('a claim becomes a credit that another approves, or is refused with a reason', async () => {
    const k1 = await hub.kiosk();
    const claim = (units: number) => k1.write({ type: 'claim', acct: 'a1', activity: 'sweep', units });
    await k1.send(k1.open(), claim(3), claim(900));
    const { answerRequest } = hub.core.desk;
    expect(await answerRequest('k1.1.2', { granted: true, answer: 'Thank you' }, 'ann')).toMatchObject({
      code: 'no-activity',
    });
    expect(await request('k1.1.2')).toMatchObject({ state: 'open', answer: null });
    const sweep = { activity: 'sweep', name: 'Sweeping', unit: 'hour', pts: 5, state: 'active' as const };
    await hub.twoPeople('set-activity', 'sweep', sweep);
    expect(await answerRequest('k1.1.2', { granted: true, answer: 'Thank you' }, 'ann')).toMatchObject({ ok: true });
    expect(await answerRequest('k1.1.2', { granted: false, answer: 'No' }, 'ann')).toMatchObject({ code: 'answered' });
    const credit = 'claim-k1.1.2';
    expect(await hub.core.acts.approveCredit(credit, 'ann')).toMatchObject({ code: 'same-person' });
    expect(await hub.core.acts.approveCredit(credit, 'ben')).toMatchObject({ ok: true });
    expect(await hub.balance('pending:a1')).toBe(15);
    await answerRequest('k1.1.3', { granted: false, answer: 'Nobody sweeps 900 hours' }, 'ben');
    expect(await request('k1.1.3')).toMatchObject({ state: 'refused', answer: 'Nobody sweeps 900 hours' });
    expect(await answerRequest('k1.1.9', { granted: false, answer: 'x' }, 'ben')).toMatchObject({ code: 'no-request' });
  });

  it('a case marks the record it names, of its own account only, and is answered in words', async () => {
    const k1 = await hub.kiosk();
    await hub.give('a1', 200, 100);
    const [opening, sale] = [k1.open(), k1.redeem('a1', 1)];
    const file = (acct: string) => k1.write({ type: 'case', acct, code: 'wrong-item', ref: 'k1.1.2' });
    await k1.send(opening, sale, file('a2'));
    const flags = async () =>
      (await hub.store.read((books) => books.get('judgements', { tid: 'k1', ep: 1, seq: 2 })))?.flags;
    expect(await flags(), 'somebody else’s record').toEqual([]);
    await k1.send(file('a1'));
    expect(await flags()).toEqual(['disputed']);
    await hub.core.desk.answerRequest('k1.1.4', { granted: true, answer: 'Bring it back' }, 'ann');
    expect(await request('k1.1.4')).toMatchObject({ kind: 'case', state: 'granted', answer: 'Bring it back' });
    expect(await hub.balance('programme'), 'a case moves no points').toBe(-200);
  });
});
