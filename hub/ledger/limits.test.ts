import { describe, expect, it } from 'vitest';
import { beyondLimit, hasLimits, type Redeemed, type Used } from './limits.ts';
import { moveShelf, type Shelf, type ShelfMove } from './shelf.ts';

const DAY_MS = 86_400_000;
const day = '2026-03-01';
const sale = (pts: number, qty = 1, at = 100 * DAY_MS) => ({
  day,
  at,
  pts,
  lines: [{ sku: 'oil', rev: 1, qty, pts: 1 }],
});
const earlier = (pts: number, on = day): Redeemed => ({ day: on, at: 99.9 * DAY_MS, pts });
const oil = (qty: number, daysAgo: number): Used => ({ sku: 'oil', qty, at: (100 - daysAgo) * DAY_MS });
const items = [{ sku: 'oil', qty: 2, days: 30 }];

describe('a limit across kiosks', () => {
  it.each<[string, boolean, Parameters<typeof beyondLimit>]>([
    ['none is set', false, [{ items: [] }, sale(9_999), [earlier(9_999)], [oil(99, 1)]]],
    ['a redemption as large as it may be', false, [{ redemptionPts: 50, items: [] }, sale(50), [], []]],
    ['a redemption that is larger', true, [{ redemptionPts: 50, items: [] }, sale(51), [], []]],
    ['a day just full', false, [{ dayPts: 100, items: [] }, sale(40), [earlier(60)], []]],
    ['a day too full', true, [{ dayPts: 100, items: [] }, sale(41), [earlier(60)], []]],
    ['another day counts for itself', false, [{ dayPts: 100, items: [] }, sale(41), [earlier(60, '2026-02-28')], []]],
    ['the last redemption of a day', false, [{ dayCount: 2, items: [] }, sale(1), [earlier(1)], []]],
    ['one redemption too many', true, [{ dayCount: 2, items: [] }, sale(1), [earlier(1), earlier(1)], []]],
    ['an item just full', false, [{ items }, sale(1, 1), [], [oil(1, 3)]]],
    ['an item too often', true, [{ items }, sale(1, 2), [], [oil(1, 3)]]],
    ['an item of an older period', false, [{ items }, sale(1, 2), [], [oil(2, 30)]]],
    ['an item that a later sale took, judged first', true, [{ items }, sale(1, 2), [], [oil(1, -3)]]],
    ['another item', false, [{ items }, sale(1, 2), [], [{ sku: 'rice', qty: 9, at: 100 * DAY_MS }]]],
  ])('%s: %s', (_what, wanted, args) => {
    expect(beyondLimit(...args)).toBe(wanted);
  });
  it('is looked for only where one is set', () => {
    expect([hasLimits({ items: [] }), hasLimits({ dayCount: 1, items: [] }), hasLimits({ items })]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('a shelf', () => {
  const move = (kind: ShelfMove['kind'], qty: number, at = 1, chain = 'k1.1'): ShelfMove => ({
    kind,
    qty,
    at,
    chain,
    sku: 'oil',
  });
  const after = (...moves: ShelfMove[]) => moves.reduce<Shelf | null>((shelf, each) => moveShelf(shelf, each), null);
  it.each<[string, ShelfMove[], number, number]>([
    ['goods come', [move('restock', 10)], 10, 0],
    ['goods are sold, one sale is undone', [move('restock', 10), move('sold', 3), move('undone', 1)], 8, 0],
    ['some spoil', [move('restock', 10), move('waste', 2)], 8, 0],
    ['the first count begins the book', [move('restock', 10), move('count', 4)], 4, 0],
    ['a count that agrees', [move('count', 4), move('restock', 10), move('sold', 3), move('count', 11)], 11, 0],
    ['a count that finds less', [move('count', 4), move('sold', 1), move('count', 1)], 1, -2],
    ['a count that finds more', [move('count', 4), move('count', 9)], 9, 5],
    ['the next count agrees with the last', [move('count', 4), move('count', 9), move('count', 9)], 9, 0],
    [
      'another kiosk’s sale before the count, heard of later, lay in it',
      [move('count', 4, 50), move('sold', 1, 40, 'k2.1')],
      4,
      0,
    ],
    ['another kiosk’s sale after the count', [move('count', 4, 50), move('sold', 1, 60, 'k2.1')], 3, 0],
    ['its own next sale, whatever its clock says', [move('count', 4, 50), move('sold', 1, 50)], 3, 0],
  ])('%s', (_what, moves, qty, difference) => {
    expect(after(...moves)).toMatchObject({ qty, difference });
  });
});
