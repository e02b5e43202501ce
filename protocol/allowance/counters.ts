/**
 * The arithmetic of an allowance: how much of an account's points one terminal may spend without asking.
 *
 * Per (account, terminal, epoch) four numbers that only grow and are merged by max, so that loss, doubling and
 * reordering of messages cannot hurt: G granted by the hub; S spent, V voided, R returned, said by the terminal in its
 * chain. Always 0 <= V <= S and S - V + R <= G.
 */

export interface Counters {
  readonly S: number;
  readonly V: number;
  readonly R: number;
}
export interface Allowance extends Counters {
  readonly G: number;
}

export const NO_COUNTERS: Counters = { S: 0, V: 0, R: 0 };

export function isSound(a: Allowance): boolean {
  return 0 <= a.V && a.V <= a.S && a.R >= 0 && a.S - a.V + a.R <= a.G;
}

/** What the terminal may still spend: G - R - (S - V). At the hub the allowance's ledger account holds just this. */
export function spendable(a: Allowance): number {
  return a.G - a.R - (a.S - a.V);
}

/** Counters after spending, before asking whether the allowance covers it. */
export function afterRedeem(c: Counters, pts: number): Counters {
  return { ...c, S: c.S + pts };
}
export function afterVoid(c: Counters, pts: number): Counters {
  return { ...c, V: c.V + pts };
}
export function afterReturn(c: Counters, pts: number): Counters {
  return { ...c, R: c.R + pts };
}

export function sameCounters(a: Counters, b: Counters): boolean {
  return a.S === b.S && a.V === b.V && a.R === b.R;
}

/** Of two grants for one allowance the larger G stands: an old or repeated message changes nothing. */
export function mergeGrant(known: number, arriving: number): number {
  return Math.max(known, arriving);
}
