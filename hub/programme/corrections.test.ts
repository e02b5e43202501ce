import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BooksFixture, booksFixture, DAY_MS } from '../../test/support/books-fixture.ts';
import { describeEngines, type OpenBooks } from '../../test/support/engines.ts';
import { expiringBy, expiryOf } from '../ledger/expiry.ts';
import type { LotRow } from '../ledger/tables.ts';
import { settleReversal } from './corrections.ts';

/** Credits from making to expiry, and the ways an error of ours is mended. */

describeEngines('credits', (openBooks) => {
  let hub: BooksFixture;
  let open: OpenBooks;
  afterEach(() => open.close());
  beforeEach(async () => {
    open = await openBooks();
    hub = await booksFixture(open.books);
    await hub.kiosk();
  });
  const credit = (name: string, pts: number) => ({ credit: name, acct: 'a1', activity: 'sweep', reason: 'swept', pts });

  async function posted(name: string, pts: number): Promise<void> {
    const { acts } = hub.core;
    await acts.makeCredit(credit(name, pts), 'ann');
    await acts.approveCredit(name, 'ben');
    hub.clock.ms += 7 * DAY_MS;
    await acts.postDue();
  }

  describe('a credit', () => {
    it('is made by one, approved by another, and posted when nobody objected in time', async () => {
      const { acts } = hub.core;
      expect(await acts.makeCredit(credit('e1', 30), 'ann')).toMatchObject({ ok: true });
      expect(await acts.makeCredit(credit('e1', 30), 'ann'), 'the same again').toMatchObject({ ok: true });
      expect(await acts.makeCredit(credit('e1', 31), 'ann')).toMatchObject({ code: 'exists-with-different' });
      expect(await acts.approveCredit('e1', 'ann')).toMatchObject({ code: 'same-person' });
      expect(await acts.approveCredit('e1', 'ben')).toMatchObject({ ok: true });
      expect([await hub.balance('pending:a1'), await hub.balance('account:a1')]).toEqual([30, 0]);
      hub.clock.ms += 7 * DAY_MS - 1;
      expect(await acts.postDue()).toBe(0);
      hub.clock.ms += 1;
      expect(await acts.postDue()).toBe(1);
      expect([await hub.balance('pending:a1'), await hub.balance('account:a1')]).toEqual([0, 30]);
      expect(await acts.withdrawCredit('e1', 'ann')).toMatchObject({ code: 'not-open' });
    });

    it('that is objected to never reaches the account', async () => {
      const { acts } = hub.core;
      await acts.makeCredit(credit('e1', 30), 'ann');
      await acts.approveCredit('e1', 'ben');
      await acts.withdrawCredit('e1', 'eve');
      hub.clock.ms += 8 * DAY_MS;
      expect([await acts.postDue(), await hub.balance('programme')]).toEqual([0, 0]);
    });
  });

  describe('expiry', () => {
    const lot = (name: string, pts: number, expiresAt: number | null, expired = 0): LotRow => {
      return { lot: name, acct: 'a1', pts, expired, expiresAt };
    };
    it.each([
      ['nothing that is not due', 50, [lot('a', 50, 10)], 9, 0],
      ['all of what is due and unspent', 50, [lot('a', 50, 10)], 10, 50],
      ['only what is left of it: the oldest were spent first', 60, [lot('a', 50, 10), lot('b', 50, 99)], 10, 10],
      ['nothing where only newer points are left', 40, [lot('a', 50, 10), lot('b', 50, 99)], 10, 0],
      ['nothing twice', 50, [lot('a', 50, 10, 50), lot('b', 50, null)], 10, 0],
      ['no more than the lots claim', 90, [lot('a', 50, 10)], 10, 50],
      ['never below zero', 0, [lot('a', 50, 10), lot('b', 50, 99)], 10, 0],
    ])('takes %s', (_what, account, lots, now, wanted) => {
      expect(expiryOf(account, lots, now).pts).toBe(wanted);
      expect(expiringBy(account, lots, now)).toBe(wanted);
    });

    it('is one transfer to expired; leased points do not expire', async () => {
      await posted('e1', 80);
      hub.clock.ms += 366 * DAY_MS;
      expect(await hub.core.acts.expireDue('a1')).toBe(80);
      expect(await hub.core.acts.expireDue('a1')).toBe(0);
      expect([await hub.balance('account:a1'), await hub.balance('expired')]).toEqual([0, 80]);
    });
  });

  describe('a reversal of our own error', () => {
    it('takes the credit back whole and once, its expired part from what expired', async () => {
      await posted('e1', 80);
      hub.clock.ms += 366 * DAY_MS;
      await hub.core.acts.expireDue('a1');
      expect(await hub.twoPeople('reverse-credit', 'x', { credit: 'e1' })).toMatchObject({ ok: true });
      expect(await hub.sum()).toMatchObject({ programme: 0, expired: 0 });
      expect(await hub.twoPeople('reverse-credit', 'x', { credit: 'e1' })).toMatchObject({ code: 'not-posted' });
    });

    it('that the account cannot cover takes nothing, recalls, and waits; then it is done by itself', async () => {
      await posted('e1', 80);
      const k1 = await hub.kiosk('k2');
      await hub.give('a2', 10);
      await hub.store.write(async (books) => {
        const { grant } = await import('../fleet/grants.ts');
        const { nodeSigner } = await import('../../protocol/node/crypto.ts');
        const epoch = await books.get('epochs', { tid: 'k2', ep: 1 });
        const county = await books.get('counties', {});
        if (epoch === undefined || county === undefined) throw new Error('no epoch');
        await grant(books, epoch, 'a1', 60, { hub: nodeSigner('hub.1', new Uint8Array(32).fill(7)), county, at: 1 });
      });
      const act = await hub.core.acts.propose('reverse-credit', 'x', { credit: 'e1' }, 'ann');
      expect(await hub.core.acts.approve(act, 'ben')).toMatchObject({ ok: true });
      expect([await hub.balance('account:a1'), await hub.balance('programme')]).toEqual([20, -90]);
      const asked = await hub.store.read((books) => books.get('allowances', { tid: 'k2', ep: 1, acct: 'a1' }));
      expect(asked?.keep).toBe(0);
      await k1.send(k1.open(), k1.giveBack('a1', 60));
      expect(await hub.store.write((books) => settleReversal(books, 'e1', act, 5))).toBe(true);
      expect([await hub.balance('account:a1'), await hub.balance('programme')]).toEqual([0, -10]);
    });

    it('that can never be covered is charged to the programme by two people', async () => {
      await posted('e1', 80);
      await hub.give('a1', 0 + 1, 0);
      const k1 = await hub.kiosk('k3');
      await hub.give('a1', 1, 81, 'k3');
      await k1.send(k1.open(), k1.redeem('a1', 8));
      await hub.twoPeople('reverse-credit', 'x', { credit: 'e1' });
      expect(await hub.twoPeople('charge-reversal', 'x', { credit: 'e1' })).toMatchObject({ ok: true });
      expect(await hub.sum()).toMatchObject({ programme: -2, loss: -80, 'shop:s1': 80 });
    });
  });

  describe('a merge', () => {
    it('moves points, lots and cards, by two people', async () => {
      await posted('e1', 80);
      expect(await hub.twoPeople('move', 'x', { from: 'a1', to: 'a2' })).toMatchObject({ ok: true });
      expect([await hub.balance('account:a1'), await hub.balance('account:a2')]).toEqual([0, 80]);
      hub.clock.ms += 366 * DAY_MS;
      expect(await hub.core.acts.expireDue('a2')).toBe(80);
      expect(await hub.core.acts.makeCredit({ ...credit('e9', 5) }, 'ann')).toMatchObject({ code: 'no-account' });
    });
  });
});
