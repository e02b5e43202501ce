import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cardToken } from '../../protocol/cards/token.ts';
import { fromBase64url } from '../../protocol/primitives/base64url.ts';
import type { RosterEntry, SyncResponse } from '../../protocol/sync/messages.ts';
import { enrolTerminal, type FakeTerminal } from '../../test/support/fake-terminal.ts';
import { crypto, openTestHub, type TestHub } from '../../test/support/hub-fixture.ts';

/** What kiosks are told of a household: its cards, what was used elsewhere, what will expire. Over the signed sync. */

const DAY_MS = 86_400_000;
let hub: TestHub;
let home: FakeTerminal;
let away: FakeTerminal;
const known = { roster: 0, hotlist: 0 };

beforeAll(async () => {
  hub = await openTestHub();
  home = await enrolTerminal(hub, 'k1', 's1');
  away = await enrolTerminal(hub, 'k2', 's2');
  await home.sync([home.open()]);
  await away.sync([away.open()]);
});
afterAll(() => hub.close());

/** What is new at home. */
async function told(): Promise<SyncResponse> {
  const want = { visits: [], judged: 0, catalogue: 1, policy: 1, ...known };
  const answer = await home.sync([], { want });
  known.roster = answer.roster?.version ?? known.roster;
  known.hotlist = answer.hotlist?.version ?? known.hotlist;
  return answer;
}
const entry = (answer: SyncResponse, acct: string): RosterEntry | undefined =>
  answer.roster?.entries.find((each) => each.acct === acct);
const tokenOf = (answer: SyncResponse, uid: string) => {
  const [pepper] = answer.roster?.peppers ?? [];
  const key = fromBase64url(pepper?.key ?? '');
  return cardToken({ version: pepper?.version ?? 0, key: key ?? new Uint8Array() }, 'uid', uid, crypto);
};
async function policy(change: object): Promise<void> {
  await hub.now.store.books.write(async (books) => {
    const county = await books.get('counties', {});
    if (county === undefined) throw new Error('no county');
    const policyJson = JSON.stringify({ ...JSON.parse(county.policyJson), ...change });
    await books.put('counties', [{ ...county, policyJson }]);
  });
}

describe('a household', () => {
  it('whose card is lost: blocked everywhere at the next sync, and the new one opens its points the same day', async () => {
    const before = entry(await told(), 'r1');
    expect(before?.cards.map((card) => card.state)).toEqual(['good']);
    const [card] = await hub.now.store.books.read((books) => books.list('cards', 'ofAccount', { acct: 'r1' }));
    await hub.now.desk.blockCard(card?.card ?? 0, 'lost', 'ann');
    const fresh = { kind: 'uid', uid: '04aabbccddee01', last4: '7777' };
    await hub.now.desk.replaceCard(card?.card ?? 0, fresh, 'lost', 'ann');
    const answer = await told();
    const cards = entry(answer, 'r1')?.cards ?? [];
    expect(cards.map(({ state, last4 }) => [state, last4])).toEqual([
      ['blocked', '1111'],
      ['good', '7777'],
    ]);
    expect(cards[1]?.token).toBe(tokenOf(answer, fresh.uid));
    expect(answer.hotlist?.tokens).toContain(tokenOf(answer, '04a1b2c3d4e5f6'));
    const other = await away.sync([], {
      want: { visits: [], judged: 0, roster: 0, catalogue: 1, hotlist: 1, policy: 1 },
    });
    expect(other.hotlist?.tokens, 'also where it is a visitor').toHaveLength(2);
    const sale = home.redeem('r1', 1, { card: cards[1]?.token });
    expect((await home.sync([sale])).judged.at(-1)).toMatchObject({ seq: sale.seq, stage: 'matched', flags: [] });
  });

  it('that shopped elsewhere: home hears what counts against its limits', async () => {
    await policy({ limits: { dayPts: 100, items: [{ sku: 'rice', qty: 9, days: 30 }] } });
    await hub.now.store.books.write(async (books) => {
      const { grant } = await import('./grants.ts');
      const { hubSigner } = await import('../../test/support/hub-fixture.ts');
      const epoch = await books.get('epochs', { tid: 'k2', ep: 1 });
      const county = await books.get('counties', {});
      if (epoch === undefined || county === undefined) throw new Error('no epoch');
      await grant(books, epoch, 'r1', 60, { hub: hubSigner, county, at: hub.clock.ms });
    });
    expect(entry(await told(), 'r1')).not.toHaveProperty('used');
    await away.sync([away.redeem('r1', 3)]);
    expect(entry(await told(), 'r1')?.used).toEqual({ day: '2026-03-01', pts: 30, items: { rice: 3 } });
  });

  it('whose points expire soon is told thirty days ahead, in the county’s own date', async () => {
    await policy({ lifeDays: 40 });
    const credit = { credit: 'x1', acct: 'r2', activity: 'sweeping', reason: 'x', pts: 500 };
    await hub.now.acts.makeCredit(credit, 'ann');
    await hub.now.acts.approveCredit('x1', 'bob');
    hub.clock.ms += 7 * DAY_MS;
    await hub.now.jobs.runOnce();
    expect(entry(await told(), 'r2')).not.toHaveProperty('expiring');
    hub.clock.ms += 10 * DAY_MS;
    await hub.now.jobs.runOnce();
    const warned = entry(await told(), 'r2');
    expect(warned?.expiring?.day).toBe('2026-04-17');
    // Not what a kiosk holds, nor the forty of the opening, which live for ever.
    expect([warned?.elsewhere, warned?.expiring?.pts]).toEqual([340, 300]);
    expect(entry(await told(), 'r2'), 'once').toBeUndefined();
  });

  it('whose points beyond the kiosk change is told so, also where nothing more is granted', async () => {
    const before = entry(
      await home.sync([], { want: { visits: [], judged: 0, catalogue: 1, policy: 1, ...known, roster: 0 } }),
      'r2',
    );
    await told();
    await hub.now.acts.makeCredit({ credit: 'b1', acct: 'r2', activity: 'sweeping', reason: 'x', pts: 1 }, 'ann');
    await hub.now.acts.approveCredit('b1', 'bob');
    expect(entry(await told(), 'r2'), 'not before it is posted').toBeUndefined();
    hub.clock.ms += 8 * DAY_MS;
    await hub.now.acts.postDue();
    const after = await told();
    expect(after.grants).toEqual([]);
    expect(entry(after, 'r2')?.elsewhere).toBe((before?.elsewhere ?? 0) + 1);
    expect(entry(await told(), 'r2')).toBeUndefined();
  });

  it('that is merged into another: its cards open that one, and no kiosk finds it any more', async () => {
    const act = await hub.now.acts.propose('move', 'r2', { from: 'r2', to: 'r1' }, 'ann');
    expect(await hub.now.acts.approve(act, 'bob')).toMatchObject({ ok: true });
    const answer = await told();
    expect(entry(answer, 'r2')?.cards).toEqual([]);
    expect(
      entry(answer, 'r1')
        ?.cards.map((card) => card.last4)
        .sort(),
    ).toEqual(['1111', '2222', '7777']);
    expect(await hub.now.acts.makeCredit({ ...claim, acct: 'r2' }, 'ann')).toMatchObject({ code: 'no-account' });
  });
  const claim = { credit: 'x9', activity: 'sweeping', reason: 'x', pts: 5 };
});
