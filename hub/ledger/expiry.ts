import type { LotRow } from './tables.ts';

/**
 * What expires. Points are spent oldest first, so what an account still holds beyond its lots that are not due must come
 * from lots that are. Leased and spent points are no longer in the account, so they never expire. Pure.
 */
export interface Expiry {
  readonly pts: number;
  /** The due lots with what of each expired: the newest first, as the oldest were spent first. */
  readonly lots: readonly LotRow[];
}

export function expiryOf(accountPts: number, lots: readonly LotRow[], now: number): Expiry {
  const isDue = (lot: LotRow) => lot.expiresAt !== null && lot.expiresAt <= now;
  const kept = lots.filter((lot) => !isDue(lot)).reduce((sum, lot) => sum + lot.pts, 0);
  const due = lots.filter((lot) => isDue(lot) && lot.pts > lot.expired);
  const claimed = due.reduce((sum, lot) => sum + lot.pts - lot.expired, 0);
  const pts = Math.max(0, Math.min(accountPts - kept, claimed));
  let left = pts;
  const changed: LotRow[] = [];
  for (const lot of [...due].sort((a, b) => (b.expiresAt ?? 0) - (a.expiresAt ?? 0))) {
    const taken = Math.min(left, lot.pts - lot.expired);
    if (taken > 0) changed.push({ ...lot, expired: lot.expired + taken });
    left -= taken;
  }
  return { pts, lots: changed };
}

/** Points that will expire by `then` unless they are spent: for the warning ahead. */
export function expiringBy(accountPts: number, lots: readonly LotRow[], then: number): number {
  return expiryOf(accountPts, lots, then).pts;
}
