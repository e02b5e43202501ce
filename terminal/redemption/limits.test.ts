import { describe, expect, it } from 'vitest';
import type { Payload } from '../../protocol/records/payload.ts';
import { autoCloseDue, closeSums } from './closing.ts';
import { type LimitCase, limitRefusal, reachMs } from './limits.ts';
import { openReason } from './opening.ts';
import { saleStop } from './sale-stop.ts';

/** Limits, the close's sums, and why nothing is sold: rules without a kiosk. */

const DAY_MS = 86_400_000;
const redeem = (seq: number, change: Record<string, unknown> = {}) =>
  ({
    ...{ type: 'redeem', ep: 1, seq, day: 'today', at: 100 * DAY_MS, acct: 'a', pts: 10 },
    ...{ lines: [{ sku: 'rice', rev: 1, qty: 1, pts: 10 }], ...change },
  }) as unknown as Payload;
const undo = (ref: number, ep = 1) => ({ type: 'void', ep, seq: ref + 50, ref, pts: 10 }) as unknown as Payload;
const check = (change: Partial<LimitCase>) =>
  limitRefusal({
    ...{ limits: { items: [] }, lines: [{ sku: 'rice', qty: 1 }], pts: 10, day: 'today', at: 100 * DAY_MS },
    ...{ past: [], used: null, visitorOffline: false, ...change },
  });

describe('limits', () => {
  it('are inclusive: exactly the limit is allowed', () => {
    expect(check({ limits: { redemptionPts: 10, dayPts: 10, dayCount: 1, items: [] } })).toBeNull();
    expect(check({ limits: { redemptionPts: 9, items: [] } })).toBe('limit-redemption');
    expect(check({ limits: { dayPts: 9, items: [] } })).toBe('limit-day-points');
    expect(check({ limits: { dayCount: 0, items: [] } })).toBe('limit-day-count');
  });

  it.each([
    ['today’s redeems', [redeem(1)], 'limit-day-points'],
    ['not yesterday’s', [redeem(1, { day: 'yesterday' })], null],
    ['not what was voided', [redeem(1), undo(1)], null],
    ['what only another epoch’s void names', [redeem(1), undo(1, 2)], 'limit-day-points'],
  ])('count %s', (_what, past, code) => {
    expect(check({ past, limits: { dayPts: 15, items: [] } })).toBe(code);
    expect(check({ past, limits: { dayCount: 1, items: [] } })).toBe(code === null ? null : 'limit-day-count');
  });

  it('count what was used elsewhere today only, items over their period', () => {
    const used = { day: 'today', pts: 8, items: { rice: 2 } };
    expect(check({ used, limits: { dayPts: 17, items: [] } })).toBe('limit-day-points');
    expect(check({ used: { ...used, day: 'yesterday' }, limits: { dayPts: 17, items: [] } })).toBeNull();
    const items = [{ sku: 'rice', qty: 3, days: 7 }];
    expect(check({ used, limits: { items } })).toBeNull();
    expect(check({ used, past: [redeem(1)], limits: { items } })).toBe('limit-item');
    expect(check({ used, past: [redeem(1, { at: 93 * DAY_MS })], limits: { items } })).toBeNull();
  });

  it('of an item bind its buyers only, however the basket spells it', () => {
    const items = [{ sku: 'rice', qty: 1, days: 7 }];
    expect(check({ lines: [{ sku: 'salt', qty: 9 }], limits: { items }, visitorOffline: true })).toBeNull();
    expect(check({ limits: { items }, visitorOffline: true })).toBe('limit-item-visitor');
    const twice = [{ sku: 'rice', qty: 1 } as const, { sku: 'rice', qty: 1 } as const];
    expect(check({ lines: twice, limits: { items } })).toBe('limit-item');
  });

  it('look back as far as the longest period, a day at least', () => {
    expect(reachMs({ items: [] })).toBe(DAY_MS);
    const item = (days: number) => ({ sku: 'x', qty: 1, days });
    expect(reachMs({ items: [item(7), item(30)] })).toBe(30 * DAY_MS);
  });
});

describe('a close', () => {
  it('adds up what stands; an item wholly undone is not named', () => {
    const salt = redeem(3, { pts: 6, lines: [{ sku: 'salt', rev: 1, qty: 2, pts: 3 }] });
    expect(closeSums(1, [redeem(2), salt, undo(2)])).toEqual({
      ...{ from: 2, to: 52, redeemed: { count: 2, pts: 16 }, voided: { count: 1, pts: 10 } },
      byItem: { salt: { count: 2, pts: 6 } },
    });
    expect(closeSums(7, [])).toMatchObject({ from: 8, to: 7, redeemed: { count: 0 } });
  });

  it.each([
    ['nothing is open', null, '02', 23, false],
    ['today, before the hour', { day: '02', hour: 9 }, '02', 21, false],
    ['today, at the hour', { day: '02', hour: 9 }, '02', 22, true],
    ['written behind the hour', { day: '02', hour: 22 }, '02', 23, false],
    ['a day before, whatever the hour', { day: '01', hour: 23 }, '02', 0, true],
    ['a label ahead of a clock that stepped back', { day: '03', hour: 9 }, '02', 9, false],
  ])('by itself: %s', (_what, first, day, hour, due) => {
    expect(autoCloseDue(first, { day, hour }, 22)).toBe(due);
  });
});

describe('why nothing is sold', () => {
  const fine = {
    ...{ rolledBack: false, resent: false, fencePresent: true, headConfirmed: false, hubState: 'open' as const },
    ...{ informed: true, clockSure: true, diskLow: false, journal: 'good' as const },
  };
  it.each([
    [{}, null],
    [{ rolledBack: true, hubState: 'frozen' as const }, 'rolled-back'],
    [{ rolledBack: true, resent: true }, 'needs-new-epoch'],
    [{ hubState: 'revoked' as const, fencePresent: false }, 'revoked'],
    [{ journal: 'damaged' as const, rolledBack: true }, 'journal-damaged'],
    [{ journal: 'checking' as const, informed: false }, 'starting'],
    [{ journal: 'checking' as const, hubState: 'ended' as const }, 'ended'],
    [{ fencePresent: false }, 'fence-missing'],
    [{ fencePresent: false, headConfirmed: true }, null],
    [{ informed: false, clockSure: false }, 'no-roster'],
    [{ clockSure: false, diskLow: true }, 'clock-unsure'],
    [{ diskLow: true }, 'disk-low'],
  ])('%o: %s', (change, code) => {
    expect(saleStop({ ...fine, ...change })).toBe(code);
  });
});

it('an epoch says why it begins', () => {
  expect(openReason(1, 's', null)).toBe('enrol');
  expect(openReason(2, 's', { shop: 's', ended: false })).toBe('restore');
  expect(openReason(2, 't', { shop: 's', ended: false })).toBe('move');
});
