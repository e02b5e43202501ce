import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BooksFixture, booksFixture } from '../../test/support/books-fixture.ts';
import { describeEngines, type OpenBooks } from '../../test/support/engines.ts';

/** What becomes of points when something goes wrong: each a story from the first record to the last transfer. */

describeEngines('points', (openBooks) => {
  let hub: BooksFixture;
  let open: OpenBooks;
  afterEach(() => open.close());
  let k1: Awaited<ReturnType<BooksFixture['kiosk']>>;
  const at = { tid: 'k1', ep: 1 };

  beforeEach(async () => {
    open = await openBooks();
    hub = await booksFixture(open.books);
    k1 = await hub.kiosk();
    await hub.give('a1', 200, 100);
    await k1.send(k1.open());
  });
  const points = async () => ({
    account: await hub.balance('account:a1'),
    allowance: await hub.balance('allowance:a1:k1:1'),
    shop: await hub.balance('shop:s1'),
  });

  describe('a sale and its void', () => {
    it('leave everything as it was; the void only once', async () => {
      const [other, sale] = [k1.redeem('a1', 4), k1.redeem('a1', 3)];
      await k1.send(other, sale, k1.void(sale.seq));
      expect(await points()).toEqual({ account: 100, allowance: 60, shop: 40 });
      await k1.send(k1.void(sale.seq));
      expect(await hub.stages()).toEqual(['matched', 'matched', 'matched', 'matched', 'void-of-nothing']);
      expect(await points()).toEqual({ account: 100, allowance: 60, shop: 40 });
    });

    it('of a held sale: the hold is undone, and the exception closes by itself', async () => {
      const sale = k1.redeem('a1', 1, { lines: [{ sku: 'rice', rev: 1, qty: 1, pts: 9 }] });
      await k1.send(sale);
      expect([await hub.balance('suspense:k1:1:2'), await hub.open()]).toEqual([10, ['wrong-price']]);
      await k1.send(k1.void(sale.seq));
      expect([await hub.balance('suspense:k1:1:2'), await hub.open()]).toEqual([0, []]);
      expect(await points()).toEqual({ account: 100, allowance: 100, shop: 0 });
    });

    it('of a sale that was partly lent: loss gets its part back', async () => {
      const sale = k1.redeem('a1', 12);
      await k1.send(sale);
      expect([await hub.stages(), await hub.balance('loss')]).toEqual([['matched', 'over-allowance'], -20]);
      await k1.send(k1.void(sale.seq));
      expect([await hub.balance('loss'), await points()]).toEqual([0, { account: 100, allowance: 100, shop: 0 }]);
    });

    it('not after the day was closed', async () => {
      const sale = k1.redeem('a1');
      await k1.send(sale, k1.close(), k1.void(sale.seq));
      expect((await hub.stages()).at(-1)).toBe('void-of-nothing');
      expect((await points()).shop).toBe(10);
    });
  });

  describe('a held sale', () => {
    const wrong = { lines: [{ sku: 'rice', rev: 1, qty: 1, pts: 9 }] };
    it('is decided by two people, behind a matched close only', async () => {
      const sale = k1.redeem('a1', 1, wrong);
      await k1.send(sale);
      const detail = { ...at, seq: sale.seq, acct: 'a1' };
      expect(await hub.twoPeople('release', 'x', detail)).toMatchObject({ ok: false, code: 'not-closed' });
      await k1.send(k1.close({ byItem: { rice: { count: 1, pts: 9 } } }));
      const act = await hub.core.acts.propose('release', 'x', detail, 'ann');
      expect(await hub.core.acts.approve(act, 'ann')).toMatchObject({ ok: false, code: 'same-person' });
      expect(await hub.core.acts.approve(act, 'ben')).toMatchObject({ ok: true });
      expect(await points()).toEqual({ account: 100, allowance: 90, shop: 10 });
      expect(await hub.twoPeople('reject', 'x', detail)).toMatchObject({ ok: false, code: 'not-held' });
    });

    it('that is rejected goes back to the resident, what was lent to loss', async () => {
      const sale = k1.redeem('a1', 12);
      await k1.send(sale, k1.close());
      expect(await hub.twoPeople('reject', 'x', { ...at, seq: sale.seq, acct: 'a1' })).toMatchObject({ ok: true });
      expect([await points(), await hub.balance('loss')]).toEqual([{ account: 200, allowance: 0, shop: 0 }, 0]);
    });
  });

  describe('a refund', () => {
    it('gives the shop’s points back once, behind a close', async () => {
      const sale = k1.redeem('a1', 2);
      await k1.send(sale);
      const detail = { ...at, seq: sale.seq };
      expect(await hub.twoPeople('refund', 'x', detail)).toMatchObject({ code: 'not-closed' });
      await k1.send(k1.close());
      expect(await hub.twoPeople('refund', 'x', detail)).toMatchObject({ ok: true });
      expect(await points()).toEqual({ account: 120, allowance: 80, shop: 0 });
      expect(await hub.twoPeople('refund', 'x', detail)).toMatchObject({ code: 'not-held' });
    });
  });

  describe('a lost kiosk', () => {
    it('is covered at once; its sales that turn up later still reach the shop, and returns repay the reserve', async () => {
      const sale = k1.redeem('a1', 4);
      const back = k1.giveBack('a1', 60);
      expect(await hub.twoPeople('cover', 'x', { ...at, acct: null })).toMatchObject({ code: 'alive' });
      await hub.twoPeople('end-epoch', 'x', at);
      await hub.twoPeople('cover', 'x', { ...at, acct: null });
      expect([await points(), await hub.balance('reserve')]).toEqual([{ account: 200, allowance: 100, shop: 0 }, -100]);
      await hub.twoPeople('cover', 'x', { ...at, acct: 'a1' });
      expect(await hub.balance('reserve'), 'covered once').toBe(-100);
      await k1.send(sale, back);
      expect(await hub.stages()).toEqual(['matched', 'matched', 'matched']);
      expect([await points(), await hub.balance('reserve')]).toEqual([{ account: 200, allowance: 0, shop: 40 }, -40]);
    });

    it('whose key is revoked: sales and returns found later are held, a void still undoes its sale', async () => {
      const before = k1.redeem('a1', 2);
      await k1.send(before);
      const sale = k1.redeem('a1', 1);
      const back = k1.giveBack('a1', 5);
      await hub.twoPeople('revoke-epoch', 'x', at);
      await k1.send(sale, back, k1.void(before.seq), k1.void(sale.seq));
      expect(await hub.stages()).toEqual(['matched', 'matched', 'revoked', 'revoked', 'matched', 'matched']);
      expect(await points()).toEqual({ account: 100, allowance: 95, shop: 0 });
      const held = { ...at, seq: back.seq, acct: 'a1' };
      expect(await hub.twoPeople('release', 'x', held)).toMatchObject({ code: 'only-reject' });
      await hub.twoPeople('reject', 'x', held);
      expect(await points(), 'back to the allowance: the epoch is dead').toEqual({
        account: 100,
        allowance: 100,
        shop: 0,
      });
    });

    it('gets a final close by two people; a close found later takes only the rest', async () => {
      const [one, two] = [k1.redeem('a1', 1), k1.redeem('a1', 2)];
      const close = k1.close();
      await k1.send(one);
      await hub.twoPeople('end-epoch', 'x', at);
      expect(await hub.twoPeople('final-close', 'x', at)).toMatchObject({ ok: true });
      await k1.send(two, close);
      const closes = await hub.store.read((books) => books.list('closes', 'ofChain', at));
      expect(closes.map(({ fromSeq, toSeq }) => [fromSeq, toSeq])).toEqual([
        [1, 2],
        [3, 4],
      ]);
    });
  });

  describe('a planned end', () => {
    it('sweeps what is still open, as the kiosk never sells again', async () => {
      await k1.send(k1.redeem('a1', 1), k1.giveBack('a1', 50), k1.close(), k1.end());
      expect((await hub.epoch())?.state).toBe('ended');
      expect(await points()).toEqual({ account: 190, allowance: 0, shop: 10 });
      await k1.send(k1.redeem('a1'));
      expect((await hub.stages()).at(-1)).toBe('after-end');
      expect((await points()).shop).toBe(10);
    });

    it('without a matched close before it is none', async () => {
      await k1.send(k1.redeem('a1'), k1.end());
      expect((await hub.stages()).at(-1)).toBe('end-not-closed');
      expect((await hub.epoch())?.state).toBe('open');
    });
  });

  describe('a day close', () => {
    it.each([
      ['a sale too many', { redeemed: { count: 2, pts: 10 } }],
      ['points too many', { redeemed: { count: 1, pts: 11 } }],
      ['a void nobody made', { voided: { count: 1, pts: 10 } }],
      ['other goods', { byItem: { salt: { count: 1, pts: 10 } } }],
      ['another beginning', { from: 2 }],
      ['another end', { to: 1 }],
    ])('with %s does not match; the next one covers it too', async (_what, patch) => {
      await k1.send(k1.redeem('a1'), k1.close(patch));
      expect([(await hub.stages()).at(-1), await hub.open()]).toEqual(['close-mismatch', ['close-mismatch']]);
      expect((await hub.epoch())?.closedSeq).toBe(0);
      await k1.send(k1.close());
      const closes = await hub.store.read((books) => books.list('closes', 'ofChain', at));
      expect(closes.map(({ fromSeq, toSeq }) => [fromSeq, toSeq])).toEqual([[1, 4]]);
      expect(await hub.open()).toEqual([]);
    });
  });

  describe('a hole that stays', () => {
    it('is accepted by two people; what it hid is held at the account’s next record, and can be decided', async () => {
      await hub.give('a2', 100, 50);
      const [, sale] = [k1.redeem('a1', 2), k1.redeem('a2', 1)];
      const [lost, back, seen] = [k1.redeem('a1', 3), k1.giveBack('a1', 5), k1.redeem('a1', 1)];
      void lost;
      void back;
      await k1.send(seen);
      expect(await hub.open()).toEqual(['gap']);
      expect(await hub.twoPeople('accept-hole', 'x', { ...at, to: sale.seq })).toMatchObject({ code: 'no-such-hole' });
      expect(await hub.twoPeople('accept-hole', 'x', { ...at, to: 5 })).toMatchObject({ ok: true });
      expect(await hub.stages()).toEqual(['matched', 'matched']);
      expect([await hub.open(), await hub.balance('suspense:k1:1:2'), await points()]).toEqual([
        ...[[], 55, { account: 100, allowance: 35, shop: 10 }],
      ]);
      await k1.send(k1.close());
      expect((await hub.epoch())?.closedSeq).toBe(7);
      await hub.twoPeople('release', 'x', { ...at, seq: 2, acct: 'a1' });
      expect(await points(), 'goods to the shop; points given back wait').toEqual({
        account: 100,
        allowance: 35,
        shop: 60,
      });
      await hub.twoPeople('reject', 'x', { ...at, seq: 2, acct: 'a1' });
      expect(await points()).toEqual({ account: 105, allowance: 35, shop: 60 });
    });

    it('hides a sale whose void is seen: that much of the hold is undone', async () => {
      const lost = k1.redeem('a1', 3);
      await k1.send(k1.redeem('a1', 1), k1.void(lost.seq));
      await hub.twoPeople('accept-hole', 'x', { ...at, to: lost.seq });
      expect(await hub.stages()).toEqual(['matched', 'matched', 'matched']);
      expect([await points(), await hub.balance('suspense:k1:1:2')]).toEqual([
        { account: 100, allowance: 90, shop: 10 },
        0,
      ]);
    });

    it('found again later is evidence: kept, and without effect', async () => {
      const lost = k1.redeem('a1', 3);
      await k1.send(k1.redeem('a1', 1));
      await hub.twoPeople('accept-hole', 'x', { ...at, to: lost.seq });
      const before = await points();
      await k1.send(lost);
      expect([await points(), (await hub.epoch())?.state]).toEqual([before, 'open']);
    });
  });
});
