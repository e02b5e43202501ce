import type { Line } from '../../protocol/records/payload.ts';

/** What a `close` must say: everything redeemed and voided since the close before it, as the records say it themselves. */
export interface Sum {
  readonly count: number;
  readonly pts: number;
}
export interface DaySums {
  readonly redeemed: Sum;
  readonly voided: Sum;
  /** By sku: units and points, less what was voided. An item at zero is not listed. */
  readonly byItem: Readonly<Record<string, Sum>>;
  /** Something is missing here that two people accepted: the sums are a lower bound. */
  readonly holed: boolean;
}

export const NO_SUMS: DaySums = {
  ...{ redeemed: { count: 0, pts: 0 }, voided: { count: 0, pts: 0 }, byItem: {}, holed: false },
};

export function withRedeem(day: DaySums, pts: number, lines: readonly Line[]): DaySums {
  return { ...day, redeemed: plus(day.redeemed, 1, pts), byItem: withLines(day.byItem, lines, 1) };
}

/** `lines` of the redeem it undoes; none where that is not known. */
export function withVoid(day: DaySums, pts: number, lines: readonly Line[]): DaySums {
  return { ...day, voided: plus(day.voided, 1, pts), byItem: withLines(day.byItem, lines, -1) };
}

function plus(sum: Sum, count: number, pts: number): Sum {
  return { count: sum.count + count, pts: sum.pts + pts };
}

function withLines(byItem: DaySums['byItem'], lines: readonly Line[], sign: 1 | -1): DaySums['byItem'] {
  const next = { ...byItem };
  for (const { sku, qty, pts } of lines) {
    const sum = plus(next[sku] ?? { count: 0, pts: 0 }, sign * qty, sign * qty * pts);
    if (sum.count === 0 && sum.pts === 0) delete next[sku];
    else next[sku] = sum;
  }
  return next;
}

/** Whether the kiosk's totals are those of its own records; behind an accepted hole they may only be larger. */
export function sumsAgree(said: Omit<DaySums, 'holed'>, ours: DaySums): boolean {
  const fits = ours.holed ? (a: number, b: number) => a >= b : (a: number, b: number) => a === b;
  const same = (a: Sum, b: Sum) => fits(a.count, b.count) && fits(a.pts, b.pts);
  if (!same(said.redeemed, ours.redeemed) || !same(said.voided, ours.voided)) return false;
  if (ours.holed) return true; // a void of what is missing lessens an item, so no item has a bound of its own
  const skus = new Set([...Object.keys(said.byItem), ...Object.keys(ours.byItem)]);
  const none: Sum = { count: 0, pts: 0 };
  return [...skus].every((sku) => same(said.byItem[sku] ?? none, ours.byItem[sku] ?? none));
}
