import { describe, expect, it } from 'vitest';
import { SYNC_LIMITS, syncRequestCheck } from '../../protocol/sync/messages.ts';
import { entry, epochRow, grant, kioskFixture, NOON, roster } from '../../test/support/kiosk-fixture.ts';
import { memoryStore } from '../journal/memory-store.ts';

/** What a kiosk says to the hub, and what it makes of the answers, however they come. */

const HEAD = 'Z'.repeat(43);

describe('requests', () => {
  it('bring what the hub has not stored, in order, until it has', () => {
    const kiosk = kioskFixture().stocked();
    kiosk.sell();
    const first = kiosk.outbox.request();
    expect(syncRequestCheck.Check(first)).toBe(true);
    expect(first.records).toEqual(kiosk.store.after(1, 0, 9).map(({ jws }) => jws));
    expect(kiosk.outbox.request().records).toHaveLength(2);
    const half = kiosk.store.record(1, 1);
    kiosk.told({ stored: { ep: 1, seq: 1, head: half?.hash ?? '' } });
    expect([kiosk.outbox.request().records, kiosk.outbox.unsent()]).toEqual([[kiosk.store.record(1, 2)?.jws], 1]);
    kiosk.told();
    expect([kiosk.outbox.request().records, kiosk.outbox.unsent()]).toEqual([[], 0]);
    expect(kioskFixture({ store: kiosk.store }).outbox.request().records).toEqual([]);
  });

  it('bring an older epoch’s tail first, under the new epoch’s name', () => {
    const store = memoryStore();
    const old = kioskFixture({ store }).stocked();
    old.sell();
    const kiosk = kioskFixture({ store, epoch: epochRow(2) });
    kiosk.clock.at = NOON + 5_000;
    kiosk.till.open();
    expect(kiosk.outbox.oldestUnsentAt()).toBe(NOON);
    const request = kiosk.outbox.request();
    expect(request).toMatchObject({ ep: 2, have: { seq: 1 } });
    expect(request.records).toEqual([...store.after(1, 0, 9), ...store.after(2, 0, 9)].map(({ jws }) => jws));
    expect(kiosk.outbox.unsent()).toBe(3);
    kiosk.outbox.accept(kiosk.answer(request));
    expect([kiosk.outbox.unsent(), kiosk.outbox.request().records]).toEqual([0, []]);
    expect(kiosk.outbox.oldestUnsentAt()).toBeNull();
    kiosk.clock.at = NOON + 9_000;
    kiosk.till.stock('count', [{ sku: 'rice', qty: 1 }], 'c1');
    expect(kiosk.outbox.oldestUnsentAt()).toBe(NOON + 9_000);
  });

  it('hold at most so much, and never less than one record', () => {
    const kiosk = kioskFixture().stocked(100_000);
    const lines = Array.from({ length: 50 }, () => ({ sku: 'rice', qty: 999 }));
    for (let i = 0; i < 500; i++) kiosk.till.stock('count', lines, 'c1');
    const request = kiosk.outbox.request();
    expect(JSON.stringify(request).length).toBeLessThan(SYNC_LIMITS.packedBytes);
    expect(request.records.length).toBeGreaterThan(1);
    expect(request.records.length).toBeLessThan(501);
    const head = kiosk.store.record(1, request.records.length)?.hash ?? '';
    const accepted = kiosk.outbox.accept(
      kiosk.answer(request, { stored: { ep: 1, seq: request.records.length, head } }),
    );
    expect(accepted.again).toBe(true);
  });

  it('on a stick carry no PIN', () => {
    const kiosk = kioskFixture().stocked();
    kiosk.store.addPin({ id: 'p', token: 't', salt: 's', scrypt: 'x', clerk: 'c1', at: 1 });
    const [stick] = kiosk.outbox.courier().requests;
    if (stick === undefined) throw new Error('no bundle');
    expect(stick).toMatchObject({ via: 'courier', pins: [] });
    kiosk.outbox.accept(kiosk.answer(stick));
    expect(kiosk.outbox.request().pins).toHaveLength(1);
    kiosk.told();
    expect(kiosk.outbox.request().pins).toEqual([]);
  });
});

describe('answers', () => {
  it('to nothing asked, or asked before, change nothing', () => {
    const kiosk = kioskFixture().stocked();
    const old = kiosk.answer(kiosk.outbox.request(), { grants: [grant('a1', 500)] });
    kiosk.told();
    expect(kiosk.outbox.accept(old)).toMatchObject({ ours: false, again: false });
    expect(kiosk.outbox.accept({ ...old, id: 'unknown' }).ours).toBe(false);
    expect(kiosk.journal.allowance('a1').G).toBe(100);
  });

  it('that come late to an older request do not make it look rolled back', () => {
    const kiosk = kioskFixture().stocked();
    kiosk.sell();
    const one = kiosk.outbox.request();
    const two = kiosk.outbox.request();
    expect(
      kiosk.outbox.accept(kiosk.answer(one, { stored: { ep: 1, seq: 0, head: kiosk.epoch.enrolmentHash } })).ours,
    ).toBe(true);
    expect([kiosk.outbox.rolledBack(), kiosk.outbox.hub().seq]).toEqual([false, 0]);
    kiosk.outbox.accept(kiosk.answer(two));
    expect([kiosk.outbox.rolledBack(), kiosk.outbox.headConfirmed(), kiosk.outbox.hub().seq]).toEqual([false, true, 2]);
  });

  it.each([
    ['the hub is ahead', { stored: { ep: 1, seq: 9, head: HEAD } }],
    ['the hub has another record in that place', { stored: { ep: 1, seq: 2, head: HEAD } }],
    ['the hub says so', { resendFrom: 1 }],
  ])('rolled back: %s. It sends all it has, then waits for a new epoch', (_what, patch) => {
    const kiosk = kioskFixture().stocked();
    kiosk.sell();
    kiosk.told();
    kiosk.told(patch);
    expect([kiosk.outbox.rolledBack(), kiosk.outbox.resent()]).toEqual([true, false]);
    expect(kiosk.outbox.request().records).toHaveLength(2);
    kiosk.told(patch);
    expect([kiosk.outbox.rolledBack(), kiosk.outbox.resent()]).toEqual([true, true]);
    expect(kioskFixture({ store: kiosk.store }).outbox.resent()).toBe(true);
    expect(kioskFixture({ store: kiosk.store, epoch: epochRow(2) }).outbox.rolledBack()).toBe(false);
  });

  it('stop the sale where the hub says so, and let it go on', () => {
    const kiosk = kioskFixture().stocked();
    for (const state of ['frozen', 'revoked', 'ended', 'open'] as const) {
      kiosk.told({ state });
      expect(kiosk.outbox.hubState()).toBe(state);
    }
  });

  it('hand recalls and visits over, and ask a visit until it is answered', () => {
    const kiosk = kioskFixture().stocked();
    const rid = kiosk.outbox.visit('uid', '04a1b2c3d4e5f6');
    expect(kiosk.outbox.request().want.visits).toEqual([{ rid, kind: 'uid', uid: '04a1b2c3d4e5f6' }]);
    kiosk.told();
    expect(kiosk.outbox.request().want.visits).toHaveLength(1);
    const visit = { rid, reason: 'granted', grantedPts: 5, more: false, entry: entry('v9', { cards: [] }) };
    const accepted = kiosk.told({
      visits: [visit],
      grants: [grant('v9', 5)],
      recalls: [{ acct: 'a1', G: 100, keep: 0 }],
    });
    expect(accepted).toMatchObject({ visits: [{ rid }], recalls: [{ acct: 'a1' }] });
    expect([kiosk.journal.allowance('v9').G, kiosk.book.account('v9')?.acct]).toEqual([5, 'v9']);
    expect(kiosk.outbox.request().want.visits).toEqual([]);
  });

  it('leave nothing behind where the disk is full; the same answer is asked for again', () => {
    let full = false;
    const kiosk = kioskFixture({ store: memoryStore(() => full) }).stocked();
    kiosk.outbox.visit('uid', '04a1b2c3d4e5f6');
    const request = kiosk.outbox.request();
    full = true;
    expect(() => kiosk.outbox.accept(kiosk.answer(request, { grants: [grant('a1', 300)] }))).toThrow('disk full');
    full = false;
    expect([kiosk.journal.allowance('a1').G, kiosk.outbox.request().want.visits.length]).toEqual([100, 1]);
    expect(kiosk.outbox.accept(kiosk.answer(request, { grants: [grant('a1', 300)] })).ours).toBe(true);
    expect(kiosk.journal.allowance('a1').G).toBe(300);
  });
});

describe('a hub that lost its memory', () => {
  it('is told everything again: its answers to older questions count no more', () => {
    const kiosk = kioskFixture().stocked();
    kiosk.sell();
    kiosk.told();
    const old = kiosk.outbox.request();
    const empty = { inc: 'inc-2', stored: { ep: 1, seq: 0, head: kiosk.epoch.enrolmentHash }, reported: false };
    expect(kiosk.told(empty).again).toBe(true);
    expect(kiosk.outbox.accept(kiosk.answer(old)).ours).toBe(false);
    const request = kiosk.outbox.request();
    expect(request).toMatchObject({ inc: 'inc-2', want: { roster: 0, catalogue: 0, policy: 0 } });
    expect(request.records).toHaveLength(2);
    expect(request.report).toMatchObject({
      enrolment: kiosk.epoch.enrolmentJws,
      grants: [grant('a1', 100)],
      last: true,
    });
    expect(request.report?.catalogue).toBeDefined();
    kiosk.outbox.accept(kiosk.answer(request, { inc: 'inc-2' }));
    expect(kiosk.outbox.request().report).toBeUndefined();
  });

  it('and was restored between two epochs of ours is told all of the older one, though no answer says that it forgot', () => {
    const store = memoryStore();
    const old = kioskFixture({ store }).stocked();
    old.sell();
    old.told();
    expect(old.outbox.unsent()).toBe(0);
    const kiosk = kioskFixture({ store, epoch: epochRow(2), inc: 'inc-2' });
    const request = kiosk.outbox.request();
    expect(request).toMatchObject({ inc: 'inc-2', want: { roster: 0, judged: 0 } });
    expect(request.records).toEqual(store.after(1, 0, 9).map(({ jws }) => jws));
    expect(request.report?.enrolment).toBe(old.journal.epoch.enrolmentJws);
    kiosk.outbox.accept(kiosk.answer(request));
    expect([kiosk.outbox.unsent(), kiosk.outbox.request().report]).toEqual([0, undefined]);
    const again = kioskFixture({ store, epoch: epochRow(2), inc: 'inc-2' });
    expect(again.outbox.request(), 'once').toMatchObject({ records: [] });
  });

  it('is told in slices; a slice whose answer is lost is told again', () => {
    const accts = Array.from({ length: SYNC_LIMITS.grants + 3 }, (_, i) => `b${i}`);
    const kiosk = kioskFixture().stocked(0);
    for (const half of [accts.slice(0, 400), accts.slice(400)]) {
      kiosk.told({ grants: half.map((acct) => grant(acct, 1)), roster: roster(1) });
    }
    kiosk.told({ inc: 'inc-2', reported: false });
    const first = kiosk.outbox.request();
    expect([first.report?.grants.length, first.report?.last]).toEqual([SYNC_LIMITS.grants, false]);
    expect(kiosk.outbox.request().report).toEqual(first.report);
    kiosk.told({ inc: 'inc-2', reported: false });
    const second = kiosk.outbox.request().report;
    expect([second?.grants.length, second?.last]).toEqual([3, true]);
  });
});
