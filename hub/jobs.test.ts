import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BooksFixture, booksFixture, DAY_MS } from '../test/support/books-fixture.ts';
import { describeEngines, type OpenBooks } from '../test/support/engines.ts';
import { createJobs, LONG_UNSEEN_MS, startJobs } from './jobs.ts';
import { expiringOf } from './programme/expiring.ts';

/** What the calendar asks for: done once however often it is asked, and never at the cost of the rest. */

describeEngines('jobs', (openBooks) => {
  let hub: BooksFixture;
  let open: OpenBooks;
  beforeEach(async () => {
    open = await openBooks();
    hub = await booksFixture(open.books);
  });
  afterEach(() => open.close());
  const run = () => hub.core.jobs.runOnce();
  const credit = (name: string, pts: number) => ({ credit: name, acct: 'a1', activity: 'sweep', reason: 'x', pts });
  async function approved(name: string, pts: number): Promise<void> {
    await hub.core.acts.makeCredit(credit(name, pts), 'ann');
    await hub.core.acts.approveCredit(name, 'ben');
  }
  const version = () => hub.store.read(async (books) => (await books.get('residents', { acct: 'a1' }))?.rosterVersion);

  it('post what waited out its objections, warn thirty days ahead, expire when due: each once', async () => {
    await approved('e1', 30);
    expect(await run()).toMatchObject({ 'post-credits': 0 });
    hub.clock.ms += 7 * DAY_MS;
    expect(await run()).toMatchObject({ 'post-credits': 1, 'warn-of-expiry': 0, expire: 0 });
    expect(await run()).toMatchObject({ 'post-credits': 0 });
    const posted = hub.clock.ms;
    hub.clock.ms = posted + 335 * DAY_MS - 1;
    expect(await run()).toMatchObject({ 'warn-of-expiry': 0 });
    const before = await version();
    hub.clock.ms = posted + 335 * DAY_MS;
    const warning = await hub.store.read((books) => expiringOf(books, 'a1', hub.clock.ms));
    expect(warning).toEqual({ pts: 30, at: posted + 365 * DAY_MS });
    expect(await run()).toMatchObject({ 'warn-of-expiry': 1, expire: 0 });
    expect(await version(), 'its village hears of it').toBeGreaterThan(before ?? 0);
    expect(await run()).toMatchObject({ 'warn-of-expiry': 0 });
    hub.clock.ms = posted + 365 * DAY_MS;
    expect(await run()).toMatchObject({ expire: 1 });
    expect(await run()).toMatchObject({ expire: 0 });
    expect([await hub.balance('account:a1'), await hub.balance('expired')]).toEqual([0, 30]);
  });

  it('of two hub processes do the work once', async () => {
    await approved('e1', 30);
    hub.clock.ms += 7 * DAY_MS;
    const other = createJobs({ store: hub.store, nowMs: () => hub.clock.ms, onFault: (what) => hub.faults.push(what) });
    const both = await Promise.all([run(), other.runOnce()]);
    expect(both.map((did) => did['post-credits']).sort()).toEqual([0, 1]);
    expect([await hub.balance('account:a1'), hub.faults]).toEqual([30, []]);
  });

  it('expire what came back from a kiosk after its lot was due, within a day', async () => {
    await approved('e1', 30);
    hub.clock.ms += 7 * DAY_MS;
    await run();
    const k1 = await hub.kiosk();
    await hub.give('a1', 1, 31);
    hub.clock.ms += 366 * DAY_MS;
    expect(await run()).toMatchObject({ expire: 0 });
    await k1.send(k1.open(), k1.giveBack('a1', 31));
    hub.clock.ms += DAY_MS;
    expect(await run()).toMatchObject({ expire: 1 });
    expect(await hub.balance('expired')).toBe(30);
  });

  it('finish a reversal when its points came back', async () => {
    await approved('e1', 30);
    hub.clock.ms += 7 * DAY_MS;
    await run();
    const k1 = await hub.kiosk();
    await hub.give('a1', 1, 31);
    await hub.twoPeople('reverse-credit', 'x', { credit: 'e1' });
    expect(await run()).toMatchObject({ 'settle-reversals': 0 });
    await k1.send(k1.open(), k1.giveBack('a1', 31));
    expect(await run()).toMatchObject({ 'settle-reversals': 1 });
    expect(await run()).toMatchObject({ 'settle-reversals': 0 });
    expect(await hub.balance('account:a1')).toBe(1);
  });

  it('drop waits of visitors who have gone home', async () => {
    const wait = { tid: 'k1', ep: 1, acct: 'a1', pts: 5, at: hub.clock.ms };
    await hub.store.write((books) => books.put('waits', [wait]));
    hub.clock.ms += 15 * 60_000;
    expect(await run()).toMatchObject({ 'drop-old-waits': 0 });
    hub.clock.ms += 1;
    expect(await run()).toMatchObject({ 'drop-old-waits': 1 });
    expect(await hub.store.read((books) => books.list('waits', 'ofAccount', { acct: 'a1' }))).toEqual([]);
  });

  it('say which kiosk was long unseen, until it is heard again; not of one that has ended', async () => {
    await hub.kiosk('k1');
    await hub.kiosk('k2');
    const seen = (tid: string, lastSyncAt: number) =>
      hub.store.write(async (books) => {
        const row = await books.get('terminals', { tid });
        if (row !== undefined) await books.put('terminals', [{ ...row, lastSyncAt }]);
      });
    const begin = hub.clock.ms;
    await seen('k1', begin);
    await seen('k2', begin);
    await hub.twoPeople('end-epoch', 'x', { tid: 'k2', ep: 1 });
    hub.clock.ms = begin + LONG_UNSEEN_MS;
    expect(await run()).toMatchObject({ 'watch-terminals': 0 });
    hub.clock.ms += 1;
    expect(await run()).toMatchObject({ 'watch-terminals': 1 });
    expect(await run()).toMatchObject({ 'watch-terminals': 0 });
    expect(await hub.open()).toEqual(['long-unseen']);
    await seen('k1', hub.clock.ms);
    await run();
    expect(await hub.open()).toEqual([]);
  });

  it('that fail are told of, and keep the others from nothing', async () => {
    await approved('e1', 30);
    hub.clock.ms += 7 * DAY_MS;
    await hub.store.write((books) => books.put('waits', [{ tid: 'k1', ep: 1, acct: 'a1', pts: 5, at: 1 }]));
    let writes = 0;
    const failing = {
      ...hub.store,
      write: <T>(work: (books: never) => Promise<T>) => {
        writes += 1;
        if (writes === 1) return Promise.reject(new Error('disk'));
        return hub.store.write(work as never) as Promise<T>;
      },
    };
    const faults: string[] = [];
    const jobs = createJobs({ store: failing, nowMs: () => hub.clock.ms, onFault: (what) => faults.push(what) });
    expect(await jobs.runOnce()).toMatchObject({ 'drop-old-waits': 1 });
    expect(faults).toEqual(['job post-credits']);
    expect(await jobs.runOnce(), 'and are tried again').toMatchObject({ 'post-credits': 1 });
  });
});

describe('the clockwork', () => {
  it('runs at start and again and again, one run at a time, and stops', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const jobs = {
      async runOnce() {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
        runs += 1;
        return {};
      },
    };
    const started = startJobs(jobs, 1);
    while (runs < 3) await new Promise((resolve) => setTimeout(resolve, 2));
    await started.stop();
    const stopped = runs;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([most, running, runs - stopped]).toEqual([1, 0, 0]);
  });
});
