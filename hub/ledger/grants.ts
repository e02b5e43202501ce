/** How much more of an account its home terminal may be given. */

const DAY_MS = 86_400_000;
/** Past this the terminal stops offline sale of the allowance; the hub frees nothing by clock, ever. */
export const GRANT_LIFE_MS = 30 * DAY_MS;

/**
 * Points to add to an allowance: up to the policy's cap, at most what is free. The cap is about what a household spends
 * in thirty days, so a lost kiosk strands little.
 */
export function topUpPts(freePts: number, openPts: number, capPts: number): number {
  return Math.max(0, Math.min(freePts, capPts - openPts));
}

/** A small top-up after every sale would cost a grant a record: below half of the cap is soon enough. */
export function isDueTopUp(openPts: number, capPts: number): boolean {
  return openPts * 2 <= capPts;
}
