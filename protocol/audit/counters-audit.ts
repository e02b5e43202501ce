import type { Counters } from '../allowance/counters.ts';
import type { Payload } from '../records/payload.ts';

/** The running sums of one account in one chain, as its judged records sign them. */
export interface AccountSums extends Counters {
  /** Seq of the account's last judged record. */
  readonly atSeq: number;
  /** Some record of it was held for what it says, so its sums no longer tell what the ledger holds. */
  readonly odd: boolean;
}
const NONE: AccountSums = { S: 0, V: 0, R: 0, atSeq: 0, odd: false };
type Moving = Extract<Payload, { S: number }>;

/** `hidden`: an accepted hole lies between the account's record before and this one. */
export function checkSums(payload: Moving, known: AccountSums = NONE, matched: boolean, hidden: boolean) {
  const { type, pts, S, V, R } = payload;
  const jump = {
    S: S - known.S - (type === 'redeem' ? pts : 0),
    V: V - known.V - (type === 'void' ? pts : 0),
    R: R - known.R - (type === 'return' ? pts : 0),
  };
  const still = jump.S === 0 && jump.V === 0 && jump.R === 0;
  const grows = jump.S >= 0 && jump.V >= 0 && jump.R >= 0 && V <= S;
  const ok = still || (hidden && grows);
  const odd = known.odd || !ok || (!matched && type === 'void');
  const after: AccountSums = { S, V, R, atSeq: payload.seq, odd };
  return { ok, after, revealed: ok && !still ? jump.S - jump.V + jump.R : 0 };
}
