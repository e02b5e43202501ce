import { ledgerAccount } from '../ledger/accounts.ts';
import type { Books, Reading } from '../ledger/books.ts';
import { expiringBy } from '../ledger/expiry.ts';

/** The warning before points expire: what a resident is told, and when a kiosk hears of it. */

export const WARN_AHEAD_MS = 30 * 86_400_000;

export interface Expiring {
  readonly pts: number;
  /** When the first of them expire, ms. */
  readonly at: number;
}

/** What of an account expires in the time of warning unless it is spent. Leased points never do. */
export async function expiringOf(books: Reading, acct: string, at: number): Promise<Expiring | null> {
  const lots = await books.list('lots', 'ofAccount', { acct });
  const [free = 0] = await books.balances([ledgerAccount.account(acct)]);
  const pts = expiringBy(free, lots, at + WARN_AHEAD_MS);
  const first = lots.find((lot) => lot.expiresAt !== null && lot.pts > lot.expired);
  return pts === 0 || first === undefined || first.expiresAt === null ? null : { pts, at: first.expiresAt };
}

export interface Slice {
  readonly from: number;
  readonly limit: number;
}

/**
 * Residents whose lots come into the time of warning are sent down again, with the warning; each lot is warned of once.
 * Answers where to go on, and how many were warned.
 */
export async function warnAhead(books: Books, at: number, { from, limit }: Slice): Promise<Slice & { done: number }> {
  const lots = await books.list('lots', 'expiring', {}, { from: Math.max(from, at), to: at + WARN_AHEAD_MS, limit });
  const known = await books.many('warnings', lots);
  const fresh = lots.filter((_, i) => known[i] === undefined);
  await books.add(
    'warnings',
    fresh.map(({ lot, acct }) => ({ lot, acct, at })),
  );
  const accts = [...new Set(fresh.map((lot) => lot.acct))];
  const residents = await books.many(
    'residents',
    accts.map((acct) => ({ acct })),
  );
  for (const row of residents) {
    if (row !== undefined && row.leftAt === null) {
      await books.put('residents', [{ ...row, rosterVersion: await books.nextVersion() }]);
    }
  }
  return { from: nextFrom(lots, from, limit), limit, done: fresh.length };
}

/** Accounts with lots that are due by now, and where to go on. */
export async function dueAccounts(books: Reading, at: number, { from, limit }: Slice) {
  const lots = await books.list('lots', 'expiring', {}, { from: Math.max(from, 1), to: at, limit });
  return { accts: [...new Set(lots.map((lot) => lot.acct))], next: nextFrom(lots, from, limit) };
}

/**
 * The list is by time only, so the last time of a full page is looked at again: there may be more of it. Where a whole
 * page is of one time it is passed by, and found when the walk begins again.
 */
function nextFrom(lots: readonly { readonly expiresAt: number | null }[], from: number, limit: number): number {
  const last = lots.at(-1)?.expiresAt ?? from;
  return lots.length < limit || last > from ? last : last + 1;
}
