import { beforeEach, describe, expect, it } from 'vitest';
import { type BooksFixture, booksFixture, crypto, hubSigner } from '../../test/support/books-fixture.ts';
import { GENESIS } from '../../test/support/fake-terminal.ts';
import { memoryBooks } from '../store/memory/memory-books.ts';
import { grant } from './grants.ts';
import { beginIncarnation, takeReport } from './restore.ts';

/** A hub restored from yesterday: what its kiosks hold is heard first, and no point is created or overdrawn by it. */

const store = memoryBooks();
let hub: BooksFixture;
let k1: Awaited<ReturnType<BooksFixture['kiosk']>>;
let grants: string[];
const empty = store.snapshot();
const at = { tid: 'k1', ep: 1 };

beforeEach(async () => {
  store.restore(empty);
  hub = await booksFixture(store);
  k1 = await hub.kiosk();
  await hub.give('a1', 60);
  await k1.send(k1.open());
  const backup = store.snapshot();
  await hub.give('a1', 40);
  grants = [await granted(50), await granted(50)];
  await k1.send(k1.redeem('a1', 3));
  store.restore(backup);
  await store.write((books) => beginIncarnation(books, 'inc-2', 1));
});

function granted(pts: number): Promise<string> {
  return store.write(async (books) => {
    const { epoch, county } = await rows(books);
    return (await grant(books, epoch, 'a1', pts, { hub: hubSigner, county, at: 1 })).grantJws ?? '';
  });
}
async function rows(books: Parameters<Parameters<typeof store.read>[0]>[0]) {
  const epoch = await books.get('epochs', at);
  const county = await books.get('counties', {});
  if (epoch === undefined || county === undefined) throw new Error('no books');
  return { epoch, county };
}
const report = (jwsList: readonly string[], last = true, hash = GENESIS) =>
  store.write(async (books) => {
    const { epoch, county } = await rows(books);
    const hubKeys = { keys: new Map([[hubSigner.kid, hubSigner.publicKey]]), verifying: crypto };
    const granting = { hub: hubSigner, county, at: 2 };
    return takeReport(books, epoch, { enrolment: 'x', grants: [...jwsList], last }, hash, hubKeys, granting);
  });

describe('a restored hub', () => {
  it('judges nothing new of a kiosk that has not reported; custody goes on', async () => {
    await k1.send(k1.redeem('a1', 1));
    const late = k1.redeem('a1', 1);
    await k1.send(late);
    expect(await hub.stages()).toEqual(['matched']);
    expect((await hub.epoch())?.topSeq).toBe(late.seq);
  });

  it('takes each G by max out of the account; what that lacks is lent, and repaid by what comes back', async () => {
    expect(await report(grants.toReversed())).toBe(true);
    expect([
      await hub.balance('account:a1'),
      await hub.balance('allowance:a1:k1:1'),
      await hub.balance('loss'),
    ]).toEqual([...[0, 100, -40]]);
    await report(grants);
    expect(await hub.balance('allowance:a1:k1:1'), 'told twice').toBe(100);
    expect((await hub.epoch())?.reportedInc).toBe('inc-2');
    const { acts } = hub.core;
    await acts.makeCredit({ credit: 'lost', acct: 'a1', activity: 'x', reason: 'x', pts: 40, again: true }, 'ann');
    await acts.approveCredit('lost', 'ben');
    hub.clock.ms += 8 * 86_400_000;
    expect(await acts.postDue()).toBe(1);
    expect([await hub.balance('account:a1'), await hub.balance('loss')], 'entered again, repays first').toEqual([0, 0]);
  });

  it('believes no grant of another key or epoch, and no report about another enrolment', async () => {
    const [head, body, tail] = (grants[0] ?? '').split('.');
    await report([`${head}.${body}.${tail?.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))}`, 'junk']);
    expect(await hub.balance('allowance:a1:k1:1')).toBe(0);
    expect(await report(grants, true, 'B'.repeat(43))).toBe(false);
  });

  it('posts nothing but what is entered again, until two people end it', async () => {
    const { acts } = hub.core;
    await acts.makeCredit({ credit: 'new', acct: 'a1', activity: 'x', reason: 'x', pts: 5 }, 'ann');
    await acts.approveCredit('new', 'ben');
    hub.clock.ms += 800 * 86_400_000;
    expect([await acts.postDue(), await acts.expireDue('a1')]).toEqual([0, 0]);
    expect(await hub.twoPeople('end-restore', 'x', { early: false })).toMatchObject({ code: 'not-reported' });
    await report(grants);
    expect(await hub.twoPeople('end-restore', 'x', { early: false })).toMatchObject({ ok: true });
    expect(await acts.postDue()).toBe(1);
  });

  it('that two people stop waiting for judges as it comes: what was granted unknown to it is held', async () => {
    const lost = k1.redeem('a1', 7);
    void lost;
    await hub.twoPeople('end-restore', 'x', { early: true });
    expect((await hub.epoch())?.waitsCode).toBeNull();
  });
});
