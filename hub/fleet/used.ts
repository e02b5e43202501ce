import type { Limits, RosterEntry } from '../../protocol/sync/messages.ts';
import type { Reading } from '../ledger/books.ts';
import { hasLimits, type Redeemed, reachOf, type Used, usedWithin } from '../ledger/limits.ts';

/** What an account has used of the policy's limits, as far as kiosks have reported. */

type Placed<T> = T & { readonly tid: string };
export interface UsedNear {
  readonly redeemed: readonly Placed<Redeemed>[];
  readonly used: readonly Placed<Used>[];
}

/** Around some time, as far as any limit reaches. What was undone does not count. */
export async function usedNear(
  books: Reading,
  acct: string,
  times: { readonly first: number; readonly last: number },
  limits: Limits,
): Promise<UsedNear> {
  const between = { from: times.first - reachOf(limits), to: times.last + reachOf(limits) };
  const rows = await books.list('judgements', 'ofAccount', { acct }, between);
  const standing = rows.filter((row) => row.type === 'redeem' && row.undoneBy === null);
  const redeemed = standing.map(({ tid, day, at: when, pts }) => ({ tid, day, at: when, pts: pts ?? 0 }));
  if (limits.items.length === 0) return { redeemed, used: [] };
  const stands = new Set(standing.map((row) => `${row.tid}.${row.ep}.${row.seq}`));
  const uses = await books.list('uses', 'ofAccount', { acct }, between);
  return { redeemed, used: uses.filter((row) => stands.has(`${row.tid}.${row.ep}.${row.seq}`)) };
}

/** What a terminal cannot know by itself: told with the account's entry. Undefined where nothing limits. */
export async function usedElsewhere(
  books: Reading,
  acct: string,
  {
    tid,
    day,
    at,
    limits,
  }: { readonly tid: string; readonly day: string; readonly at: number; readonly limits: Limits },
): Promise<RosterEntry['used']> {
  if (!hasLimits(limits)) return undefined;
  const near = await usedNear(books, acct, { first: at, last: at }, limits);
  const redeemed = near.redeemed.filter((each) => each.tid !== tid && each.day === day);
  const used = near.used.filter((each) => each.tid !== tid);
  const items = limits.items
    .map(({ sku, days }) => [sku, usedWithin(used, sku, at, days)] as const)
    .filter(([, qty]) => qty > 0);
  const pts = redeemed.reduce((sum, each) => sum + each.pts, 0);
  return pts === 0 && items.length === 0 ? undefined : { day, pts, items: Object.fromEntries(items) };
}
