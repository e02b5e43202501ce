import type { RedeemPayload } from '../../protocol/records/payload.ts';
import type { Limits } from '../../protocol/sync/messages.ts';

/**
 * Limits seen from the hub, which knows of every kiosk: a kiosk that was offline kept to them as far as it could see, so
 * what goes beyond is matched and marked, never taken back. Pure.
 */

/** What the account redeemed before, at whatever kiosk; undone ones left out. */
export interface Redeemed {
  readonly day: string;
  readonly at: number;
  readonly pts: number;
}
export interface Used {
  readonly sku: string;
  readonly qty: number;
  readonly at: number;
}

const DAY_MS = 86_400_000;

export function hasLimits({ redemptionPts, dayPts, dayCount, items }: Limits): boolean {
  return redemptionPts !== undefined || dayPts !== undefined || dayCount !== undefined || items.length > 0;
}

export function beyondLimit(
  limits: Limits,
  sale: Pick<RedeemPayload, 'day' | 'at' | 'pts' | 'lines'>,
  before: readonly Redeemed[],
  used: readonly Used[],
): boolean {
  if (limits.redemptionPts !== undefined && sale.pts > limits.redemptionPts) return true;
  const today = before.filter((each) => each.day === sale.day);
  const spent = today.reduce((sum, each) => sum + each.pts, sale.pts);
  if (limits.dayPts !== undefined && spent > limits.dayPts) return true;
  if (limits.dayCount !== undefined && today.length + 1 > limits.dayCount) return true;
  return limits.items.some(({ sku, qty, days }) => {
    const wanted = unitsOf(sale.lines, sku);
    return wanted > 0 && usedWithin(used, sku, sale.at, days) + wanted > qty;
  });
}

/** Units of one item in the days before `at`; and after it: another kiosk's later sale may have been judged first. */
export function usedWithin(used: readonly Used[], sku: string, at: number, days: number): number {
  const near = used.filter((each) => each.sku === sku && Math.abs(at - each.at) < days * DAY_MS);
  return near.reduce((sum, each) => sum + each.qty, 0);
}

export function unitsOf(lines: readonly { readonly sku: string; readonly qty: number }[], sku: string): number {
  return lines.reduce((sum, line) => sum + (line.sku === sku ? line.qty : 0), 0);
}

/** How far back and ahead of a sale any limit looks, ms. A day's label may be off by a zone. */
export function reachOf(limits: Limits): number {
  return Math.max(2, ...limits.items.map((limit) => limit.days)) * DAY_MS;
}
