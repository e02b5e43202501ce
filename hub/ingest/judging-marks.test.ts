import { afterEach, beforeEach, expect, it } from 'vitest';
import { type BooksFixture, booksFixture, DAY_MS } from '../../test/support/books-fixture.ts';
import { describeEngines, type OpenBooks } from '../../test/support/engines.ts';
import { usedElsewhere } from '../fleet/used.ts';

/** What the hub notices beside a verdict, and the exceptions that open and close by it. */

describeEngines('marks', (openBooks) => {
  let hub: BooksFixture;
  let open: OpenBooks;
  let k1: Awaited<ReturnType<BooksFixture['kiosk']>>;
  let k2: Awaited<ReturnType<BooksFixture['kiosk']>>;
  const limits = { dayPts: 30, items: [{ sku: 'rice', qty: 4, days: 30 }] };

  beforeEach(async () => {
    open = await openBooks();
    hub = await booksFixture(open.books);
    k1 = await hub.kiosk('k1');
    k2 = await hub.kiosk('k2');
    await hub.give('a1', 500, 100, 'k1');
    await hub.give('a1', 500, 100, 'k2');
    await k1.send(k1.open());
    await k2.send(k2.open());
  });
  afterEach(() => open.close());

  async function setLimits(): Promise<void> {
    await hub.store.write(async (books) => {
      const county = await books.get('counties', {});
      if (county === undefined) throw new Error('no county');
      const policyJson = JSON.stringify({ ...JSON.parse(county.policyJson), limits });
      await books.put('counties', [{ ...county, policyJson }]);
    });
  }
  const flags = (tid: string) =>
    hub.store.read(async (books) =>
      (await books.list('judgements', 'ofChain', { tid, ep: 1 })).map((row) => [row.stage, ...row.flags].join(' ')),
    );
  const openOnes = () =>
    hub.store.read(async (books) => {
      const rows = [
        ...(await books.list('exceptions', 'ofTerminal', { tid: 'k1' })),
        ...(await books.list('exceptions', 'ofTerminal', { tid: 'k2' })),
      ];
      return rows.filter((row) => row.closedAt === null).map((row) => row.exception);
    });
  const used = (tid: string) => {
    const when = { tid, day: '2026-03-01', at: hub.clock.ms, limits };
    return hub.store.read((books) => usedElsewhere(books, 'a1', when));
  };

  it('a day’s limit passed across two kiosks: matched, marked, an exception; the void of it closes that', async () => {
    await setLimits();
    await k1.send(k1.redeem('a1', 2));
    const second = k2.redeem('a1', 2);
    await k2.send(second);
    expect([await flags('k1'), await flags('k2')]).toEqual([
      ['matched', 'matched'],
      ['matched', 'matched limit'],
    ]);
    expect(await openOnes()).toEqual(['limit:k2.1.2']);
    expect(await hub.balance('shop:s1'), 'no point moved by it').toBe(40);
    await k2.send(k2.void(second.seq));
    expect(await openOnes()).toEqual([]);
  });

  it('an item’s limit, within one run and over a period; what was voided does not count', async () => {
    await setLimits();
    const [one, two] = [k1.redeem('a1', 3, { day: '2026-03-02' }), k1.redeem('a1', 2, { day: '2026-03-03' })];
    await k1.send(one, two);
    expect(await flags('k1')).toEqual(['matched', 'matched', 'matched limit']);
    await k1.send(k1.void(two.seq));
    hub.clock.ms += 29 * DAY_MS;
    await k2.send(k2.redeem('a1', 1, { day: '2026-03-30' }), k2.redeem('a1', 1, { day: '2026-03-31' }));
    expect(await flags('k2')).toEqual(['matched', 'matched', 'matched limit']);
    hub.clock.ms += 2 * DAY_MS;
    await k2.send(k2.redeem('a1', 1, { day: '2026-04-02' }));
    expect((await flags('k2')).at(-1), 'the first three are out of the period').toBe('matched');
  });

  it('without limits nothing is marked, and no use is kept', async () => {
    await k1.send(k1.redeem('a1', 9));
    expect(await flags('k1')).toEqual(['matched', 'matched']);
    expect(await hub.store.read((books) => books.list('uses', 'ofAccount', { acct: 'a1' }))).toEqual([]);
  });

  it('what was used at other kiosks is told to each, its own never', async () => {
    await setLimits();
    expect(await used('k1')).toBeUndefined();
    const sale = k1.redeem('a1', 2);
    await k1.send(sale);
    expect(await used('k1'), 'it knows that itself').toBeUndefined();
    expect(await used('k2')).toEqual({ day: '2026-03-01', pts: 20, items: { rice: 2 } });
    await k1.send(k1.void(sale.seq));
    expect(await used('k2')).toBeUndefined();
  });

  it('a clock ahead of ours is marked until a record has a time that can be', async () => {
    await k1.send(k1.redeem('a1', 1, { at: hub.clock.ms + DAY_MS }));
    expect(await flags('k1')).toEqual(['matched', 'matched clock']);
    expect(await openOnes()).toEqual(['clock:k1.1']);
    hub.clock.ms += 2 * DAY_MS;
    await k1.send(k1.redeem('a1', 1));
    expect(await openOnes()).toEqual([]);
  });

  it('a held sale that the same batch undoes needs nobody, as one that a later batch undoes', async () => {
    const over = k1.redeem('a1', 11);
    await k1.send(over, k1.void(over.seq));
    const later = k2.redeem('a1', 11);
    await k2.send(later);
    expect(await openOnes()).toEqual(['over-allowance:k2.1.2']);
    await k2.send(k2.void(later.seq));
    expect(await openOnes()).toEqual([]);
    const undone = await hub.store.read(async (books) => [
      await books.get('judgements', { tid: 'k1', ep: 1, seq: over.seq }),
      await books.get('judgements', { tid: 'k2', ep: 1, seq: later.seq }),
    ]);
    expect(undone.map((row) => [row?.stage, row?.undoneBy])).toEqual([
      ['quarantined', 'void 3'],
      ['quarantined', 'void 3'],
    ]);
  });

  const stock = (kind: string, qty: number) =>
    k1.write({ type: 'stock', kind, lines: [{ sku: 'rice', qty }] }, { tot: tot });
  let tot = 0;

  it('stock: a count that differs is an exception; the next that agrees closes it', async () => {
    tot = 0;
    await k1.send(stock('count', 20), stock('restock', 10));
    const [sale, undone] = [k1.redeem('a1', 3), k1.redeem('a1', 1)];
    const back = k1.void(undone.seq);
    await k1.send(sale, undone, back);
    tot = 30;
    await k1.send(stock('waste', 1), stock('count', 24));
    expect(await openOnes()).toEqual(['stock-difference:s1.rice']);
    const found = await hub.store.read((books) => books.get('exceptions', { exception: 'stock-difference:s1.rice' }));
    expect(JSON.parse(found?.detailJson ?? '')).toEqual({ counted: 24, expected: 26, difference: -2 });
    await k1.send(stock('restock', 6), stock('count', 30));
    expect(await openOnes()).toEqual([]);
    expect((await flags('k1')).every((each) => each === 'matched')).toBe(true);
  });

  it('a sold item that no stock record named keeps no shelf', async () => {
    await k1.send(k1.redeem('a1', 1));
    expect(await hub.store.read((books) => books.list('shelves', 'ofShop', { shop: 's1' }))).toEqual([]);
  });

  it('a chain that does not add up: two people let it go on, what is still held stays open', async () => {
    const wrong = k1.redeem('a1', 1, { tot: 99 });
    await k1.send(wrong);
    await k2.send(k2.open());
    expect((await openOnes()).sort()).toEqual(['wrong-chain:k1.1.2', 'wrong-chain:k2.1.2']);
    await hub.twoPeople('unfreeze', 'x', { tid: 'k1', ep: 1 });
    await hub.twoPeople('unfreeze', 'x', { tid: 'k2', ep: 1 });
    expect(await openOnes(), 'the second moved nothing').toEqual(['wrong-chain:k1.1.2']);
    await hub.twoPeople('end-epoch', 'x', { tid: 'k1', ep: 1 });
    await hub.twoPeople('reject', 'x', { tid: 'k1', ep: 1, seq: 2, acct: 'a1' });
    expect(await openOnes()).toEqual([]);
  });

  it('a day that did not close is covered by the final close of two people', async () => {
    await k1.send(k1.redeem('a1', 1), k1.close({ redeemed: { count: 9, pts: 9 } }));
    expect(await openOnes()).toEqual(['close-mismatch:k1.1.3']);
    await hub.twoPeople('end-epoch', 'x', { tid: 'k1', ep: 1 });
    await hub.twoPeople('final-close', 'x', { tid: 'k1', ep: 1 });
    expect(await openOnes()).toEqual([]);
  });

  it('a fork is over when two people decided each record of it', async () => {
    const one = k1.redeem('a1', 1);
    const payload = JSON.parse(Buffer.from(one.jws.split('.')[1] ?? '', 'base64url').toString());
    const other = k1.write(payload, { boot: 'other' });
    await k1.send(one, other);
    expect(await openOnes()).toContain('fork:k1.1');
    const decide = (hash: string, as: 'sale' | 'nothing') =>
      hub.twoPeople('decide-forked', 'x', { tid: 'k1', ep: 1, hash, as });
    await decide(one.hash, 'sale');
    expect(await openOnes()).toContain('fork:k1.1');
    await decide(other.hash, 'nothing');
    expect(await openOnes()).not.toContain('fork:k1.1');
  });
});
