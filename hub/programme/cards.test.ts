import { afterEach, beforeEach, expect, it } from 'vitest';
import { cardToken } from '../../protocol/cards/token.ts';
import { type BooksFixture, booksFixture, crypto, DAY_MS } from '../../test/support/books-fixture.ts';
import { describeEngines, type OpenBooks } from '../../test/support/engines.ts';
import { createSeal } from './seal.ts';

/** A household loses a card: blocked, replaced, its points untouched; and what the lost card still did. */

describeEngines('cards', (openBooks) => {
  let hub: BooksFixture;
  let open: OpenBooks;
  const seal = createSeal(new Uint8Array(32));
  const uid = (n: number) => `04${n.toString(16).padStart(12, '0')}`;
  const fresh = (n: number) => ({ kind: 'uid', uid: uid(n), last4: `000${n}` });

  beforeEach(async () => {
    open = await openBooks();
    hub = await booksFixture(open.books);
    await hub.store.write(async (books) => {
      const village = await books.get('villages', { village: 'v1' });
      const county = await books.get('counties', {});
      if (village === undefined || county === undefined) throw new Error('no county');
      await books.put('villages', [{ ...village, pepperSealed: seal.seal(new Uint8Array(32), 'pepper:v1.1') }]);
      await books.put('counties', [{ ...county, hotlistVersion: 1 }]);
    });
    await hub.core.desk.issueCard('a1', fresh(1), 'ann');
  });
  afterEach(() => open.close());

  const cards = () => hub.store.read((books) => books.list('cards', 'ofAccount', { acct: 'a1' }));
  const county = () => hub.store.read((books) => books.get('counties', {}));
  const roster = () =>
    hub.store.read(async (books) => (await books.get('residents', { acct: 'a1' }))?.rosterVersion ?? 0);
  const block = (card: number) => hub.store.read((books) => books.get('blocks', { card }));
  const first = async () => (await cards())[0]?.card ?? 0;

  it('lost: blocked at once, the hotlist and the roster grow, who and why stay', async () => {
    const card = await first();
    const before = await roster();
    expect(await hub.core.desk.blockCard(card, 'lost at the market', 'ben')).toMatchObject({ ok: true });
    expect((await cards()).map((each) => each.state)).toEqual(['blocked']);
    expect((await county())?.hotlistVersion).toBe(2);
    expect(await roster()).toBeGreaterThan(before);
    expect(await block(card)).toMatchObject({
      acct: 'a1',
      blockedBy: 'ben',
      reason: 'lost at the market',
      at: 1_000_000,
    });
    expect(await hub.core.desk.blockCard(card, 'again', 'ben')).toMatchObject({ code: 'blocked-already' });
    expect(await hub.core.desk.blockCard(9, 'x', 'ben')).toMatchObject({ code: 'no-card' });
    expect((await county())?.hotlistVersion, 'nothing happened, nothing is told').toBe(2);
  });

  it('replaced: another card opens the same account, and the old one names it', async () => {
    await hub.give('a1', 70);
    const card = await first();
    await hub.core.desk.blockCard(card, 'lost', 'ben');
    hub.clock.ms += 5;
    expect(await hub.core.desk.replaceCard(card, fresh(2), 'lost', 'ann')).toMatchObject({ ok: true });
    const [old, now] = await cards();
    expect([old?.state, now?.state, now?.acct]).toEqual(['blocked', 'good', 'a1']);
    expect(await block(card)).toMatchObject({ blockedBy: 'ben', replacedBy: now?.card, replacedAt: 1_000_005 });
    expect(await hub.balance('account:a1'), 'points stay with the account').toBe(70);
    expect(await hub.core.desk.replaceCard(card, fresh(3), 'x', 'ann')).toMatchObject({ code: 'replaced-already' });
    expect(await hub.core.desk.issueCard('a2', fresh(2), 'ann')).toMatchObject({ code: 'card-known' });
    expect(await hub.core.desk.issueCard('a9', fresh(3), 'ann')).toMatchObject({ code: 'no-account' });
  });

  it('replaced while good: it is blocked by that', async () => {
    await hub.core.desk.replaceCard(await first(), fresh(2), 'worn out', 'ann');
    expect((await cards()).map((each) => each.state)).toEqual(['blocked', 'good']);
    expect((await county())?.hotlistVersion).toBe(2);
  });

  it('a household has several, and not more than fit', async () => {
    for (let n = 2; n <= 8; n++)
      expect(await hub.core.desk.issueCard('a1', fresh(n), 'ann')).toMatchObject({ ok: true });
    expect(await hub.core.desk.issueCard('a1', fresh(9), 'ann')).toMatchObject({ code: 'too-many-cards' });
  });

  it('used after it was blocked: the sale stands, is marked, and somebody looks; before that and by others not', async () => {
    const k1 = await hub.kiosk();
    await hub.give('a1', 200, 100);
    const token = cardToken({ version: 1, key: new Uint8Array(32) }, 'uid', uid(1), crypto);
    const [opening, before] = [k1.open(), k1.redeem('a1', 1, { card: token })];
    hub.clock.ms += DAY_MS;
    await hub.core.desk.blockCard(await first(), 'lost', 'ben');
    const after = k1.redeem('a1', 1, { card: token });
    const other = k1.redeem('a1', 1);
    await k1.send(opening, before, after, other);
    const rows = await hub.store.read((books) => books.list('judgements', 'ofChain', { tid: 'k1', ep: 1 }));
    const redeems = rows.filter((row) => row.type === 'redeem');
    expect(redeems.map((row) => [row.stage, row.flags])).toEqual([
      ['matched', []],
      ['matched', ['lost-card']],
      ['matched', []],
    ]);
    expect(await hub.open()).toContain('blocked-card');
  });
});
