import { describe, expect, it } from 'vitest';
import { spendable } from '../../protocol/allowance/counters.ts';
import {
  catalogue,
  DAY_MS,
  entry,
  grant,
  HOUR_MS,
  type KioskFixture,
  kioskFixture,
  NOON,
  policy,
  roster,
  TOKEN,
} from '../../test/support/kiosk-fixture.ts';
import type { Written } from './till.ts';

/** What a kiosk may write, and what it must not. */

const seqOf = (written: Written | null) => (written?.ok ? written.record.seq : 0);
const left = (kiosk: KioskFixture, acct = 'a1') => spendable(kiosk.journal.allowance(acct));
const lastOf = (kiosk: KioskFixture) => kiosk.store.last(kiosk.epoch.ep)?.payload;

describe('redeem', () => {
  it('writes `open` first, then the sale: counters, total and the points around it', () => {
    const kiosk = kioskFixture().stocked(100, { roster: roster(1, entry('a1', { elsewhere: 40 })) });
    const seen: number[] = [];
    const lines = [{ sku: 'rice', rev: 1, qty: 3, pts: 10 }];
    kiosk.till.redeem({ acct: 'a1', token: TOKEN, lines, pinChecked: true }, (...points) => {
      seen.push(...points);
      return null;
    });
    expect(kiosk.types()).toEqual(['open', 'redeem']);
    expect(lastOf(kiosk)).toMatchObject({
      S: 30,
      V: 0,
      R: 0,
      pts: 30,
      tot: 30,
      auth: { pin: true },
      day: '2027-01-15',
    });
    expect([left(kiosk), seen]).toEqual([70, [140, 110]]);
  });

  it.each([
    ['an item that is gone', { sku: 'oil' }, 'item-gone'],
    ['a price that changed', { pts: 9 }, 'price-changed'],
    ['a revision that is over', { rev: 2 }, 'price-changed'],
    ['more than is here', { qty: 11 }, 'not-enough-points'],
    ['somebody unknown here', { acct: 'a9' }, 'allowance-expired'],
  ])(
    'refuses %s, and writes nothing',
    (_what, change: { qty?: number; sku?: string; pts?: number; rev?: number; acct?: string }, code) => {
      const kiosk = kioskFixture().stocked();
      expect(kiosk.sell(change.qty, change)).toEqual({ ok: false, code });
      expect([kiosk.types(), left(kiosk)]).toEqual([[], 100]);
    },
  );

  it('refuses past the grant’s end, to the millisecond', () => {
    const kiosk = kioskFixture().stocked();
    kiosk.clock.at = NOON + 30 * DAY_MS;
    expect(kiosk.sell()).toEqual({ ok: false, code: 'allowance-expired' });
    kiosk.clock.at -= 1;
    expect(kiosk.sell().ok).toBe(true);
  });

  it.each([
    ['on the hotlist', { hotlist: { version: 1, tokens: [TOKEN] } }],
    [
      'blocked in the roster since it was tapped',
      {
        roster: roster(2, entry('a1', { cards: [{ token: TOKEN, last4: '1', state: 'blocked' as const }] })),
      },
    ],
  ])('refuses a card %s', (_where, patch) => {
    const kiosk = kioskFixture().stocked();
    kiosk.told(patch);
    expect(kiosk.sell()).toEqual({ ok: false, code: 'card-blocked' });
  });

  it('sells nothing while a stop stands', () => {
    const kiosk = kioskFixture().stocked();
    for (const stop of ['frozen', 'clock-unsure', 'disk-low', 'ended'] as const) {
      kiosk.clock.stop = stop;
      expect(kiosk.sell()).toEqual({ ok: false, code: stop });
    }
    expect(kiosk.types()).toEqual([]);
  });

  it('counts limits over what stands: a void gives the room back', () => {
    const kiosk = kioskFixture().stocked(100, { policy: policy({ limits: { dayPts: 30, items: [] } }) });
    const first = seqOf(kiosk.sell(3));
    expect(kiosk.sell()).toEqual({ ok: false, code: 'limit-day-points' });
    kiosk.till.void(first, 'mistake', 'c1');
    expect(kiosk.sell(3).ok).toBe(true);
  });

  it('counts what the hub said was used elsewhere', () => {
    const used = { day: '2027-01-15', pts: 25, items: {} };
    const limits = { dayPts: 30, items: [] };
    const kiosk = kioskFixture().stocked(100, { roster: roster(1, entry('a1', { used })), policy: policy({ limits }) });
    expect(kiosk.sell()).toEqual({ ok: false, code: 'limit-day-points' });
    kiosk.clock.at += DAY_MS;
    expect(kiosk.sell().ok).toBe(true);
  });

  it('sells a visitor no item with a period while offline', () => {
    const limits = { items: [{ sku: 'rice', qty: 5, days: 30 }] };
    const kiosk = kioskFixture().stocked(100, {
      ...{ roster: roster(1, entry('a1', { visitor: true })), policy: policy({ limits }) },
    });
    kiosk.clock.offline = true;
    expect(kiosk.sell()).toEqual({ ok: false, code: 'limit-item-visitor' });
    expect(kiosk.sell(1, { sku: 'salt', pts: 3 }).ok).toBe(true);
    kiosk.clock.offline = false;
    expect(kiosk.sell().ok).toBe(true);
  });
});

describe('void', () => {
  it('undoes a redeem whole and once, also while frozen', () => {
    const kiosk = kioskFixture().stocked();
    const sale = seqOf(kiosk.sell(2));
    kiosk.clock.stop = 'frozen';
    expect(kiosk.till.void(sale, 'mistake', 'c1')).toMatchObject({ ok: true, record: { payload: { V: 20, tot: 0 } } });
    expect(kiosk.till.void(sale, 'mistake', 'c1')).toEqual({ ok: false, code: 'void-twice' });
    expect(left(kiosk)).toBe(100);
  });

  it('refuses what is no redeem, what is not there, and what a close covers', () => {
    const kiosk = kioskFixture().stocked();
    const sale = seqOf(kiosk.sell());
    for (const ref of [1, 9]) expect(kiosk.till.void(ref, 'm', 'c1')).toEqual({ ok: false, code: 'nothing-to-void' });
    kiosk.till.close(false, 'c1');
    expect(kiosk.till.void(sale, 'm', 'c1')).toEqual({ ok: false, code: 'void-closed' });
  });

  it('is another clerk’s to do, as a sale is, where it is of the clerk’s own account', () => {
    const clerk = (id: string) => ({ clerk: id, name: '李*', cards: [] });
    const told = { ...roster(1, entry('a1')), clerks: [{ ...clerk('c1'), acct: 'a1' }, clerk('c2')] };
    const kiosk = kioskFixture().stocked(100, { roster: told });
    const lines = [{ sku: 'rice', rev: 1, qty: 1, pts: 10 }];
    const help = (clerk: string) => kiosk.till.redeem({ acct: 'a1', token: TOKEN, lines, pinChecked: false, clerk });
    expect(help('c1')).toEqual({ ok: false, code: 'own-account' });
    const sale = seqOf(help('c2'));
    expect(lastOf(kiosk)).toMatchObject({ type: 'redeem', clerk: 'c2' });
    expect(kiosk.till.void(sale, 'other', 'c1')).toEqual({ ok: false, code: 'own-account' });
    expect([kiosk.types(), left(kiosk)]).toEqual([['open', 'redeem'], 90]);
    expect(kiosk.till.void(sale, 'other', 'c2').ok).toBe(true);
  });

  it('is not done twice by a clock that stood still', () => {
    const kiosk = kioskFixture().stocked();
    const [one, two] = [seqOf(kiosk.sell()), seqOf(kiosk.sell())];
    kiosk.till.void(one, 'm', 'c1');
    expect(kiosk.till.void(one, 'm', 'c1')).toEqual({ ok: false, code: 'void-twice' });
    expect(kiosk.till.void(two, 'm', 'c1').ok).toBe(true);
  });
});

describe('points that go back', () => {
  it('all but what is to be kept; nothing twice', () => {
    const kiosk = kioskFixture().stocked();
    expect(kiosk.till.giveBack('a1', 40)).toMatchObject({
      ok: true,
      record: { payload: { type: 'return', pts: 60, R: 60 } },
    });
    expect([kiosk.till.giveBack('a1', 40), kiosk.till.giveBack('nobody', 0), left(kiosk)]).toEqual([null, null, 40]);
  });

  it('a recall is answered where G is our own, ignored where a grant is still on its way', () => {
    const kiosk = kioskFixture().stocked();
    expect(kiosk.till.answerRecall({ acct: 'a1', G: 150, keep: 0 })).toBeNull();
    expect(kiosk.till.answerRecall({ acct: 'a1', G: 100, keep: 10 })?.ok).toBe(true);
    expect(kiosk.till.answerRecall({ acct: 'a1', G: 100, keep: 10 })).toBeNull();
    expect(left(kiosk)).toBe(10);
  });

  it('what has expired is returned, and only that', () => {
    const grants = [grant('a1', 100, { notAfter: NOON + HOUR_MS }), grant('a2', 50)];
    const kiosk = kioskFixture().stocked(0, { roster: roster(1, entry('a1'), entry('a2', { cards: [] })), grants });
    expect(kiosk.till.returnExpired()).toEqual([]);
    kiosk.clock.at = NOON + HOUR_MS;
    expect(kiosk.till.returnExpired()).toMatchObject([{ ok: true, record: { payload: { acct: 'a1', pts: 100 } } }]);
    expect([kiosk.till.returnExpired(), left(kiosk, 'a2')]).toEqual([[], 50]);
  });

  it('nothing is written on a chain that is not the hub’s', () => {
    const kiosk = kioskFixture().stocked();
    kiosk.sell();
    for (const stop of ['rolled-back', 'needs-new-epoch', 'ended', 'revoked'] as const) {
      kiosk.clock.stop = stop;
      for (const written of [
        kiosk.till.giveBack('a1', 0),
        kiosk.till.void(2, 'm', 'c1'),
        kiosk.till.close(true),
        kiosk.till.stock('restock', [], 'c1'),
        kiosk.till.claim('a1', 'sweeping', 1, 'c1'),
      ]) {
        expect(written).toEqual({ ok: false, code: stop });
      }
    }
    expect(kiosk.types()).toEqual(['open', 'redeem']);
  });
});

describe('stock, claims and cases', () => {
  it('are written with who asked; a text travels beside its hash', () => {
    const kiosk = kioskFixture().stocked();
    kiosk.till.stock('count', [{ sku: 'rice', qty: 4 }], 'c1');
    expect(lastOf(kiosk)).toMatchObject({
      type: 'stock',
      kind: 'count',
      lines: [{ sku: 'rice', qty: 4 }],
      clerk: 'c1',
    });
    kiosk.till.claim('a1', 'sweeping', 3, 'c1');
    expect(lastOf(kiosk)).toMatchObject({ type: 'claim', acct: 'a1', activity: 'sweeping', units: 3, clerk: 'c1' });
    const text = { hash: 'H'.repeat(43), salt: 's', text: '少了一袋' };
    kiosk.till.case('a1', 'goods-missing', 'k1.1.2', text);
    expect(lastOf(kiosk)).toMatchObject({ type: 'case', code: 'goods-missing', ref: 'k1.1.2', text: text.hash });
    expect(JSON.stringify(kiosk.store.after(1, 0, 9))).not.toContain('少了');
    expect(kiosk.outbox.request().texts).toEqual([text]);
  });

  it('a new catalogue changes what may be sold at once', () => {
    const kiosk = kioskFixture().stocked();
    kiosk.told({ catalogue: catalogue(2, [['rice', 12, 2]]) });
    expect(kiosk.sell()).toEqual({ ok: false, code: 'price-changed' });
    expect(kiosk.sell(1, { pts: 12, rev: 2 }).ok).toBe(true);
  });
});
