import { NO_SUMS } from '../../hub/ledger/day-sums.ts';
import { type ChainState, type JudgeView, NO_ALLOWANCE } from '../../hub/ledger/judgement.ts';

/** For tests of judging: a chain that begins, and a ledger that knows nothing. */
export const beginning: ChainState = {
  ...{ tid: 'k1', ep: 1, shop: 's1', seq: 0, head: 'genesis', tot: 0, at: 0, closeSeq: 0, closedSeq: 0, day: NO_SUMS },
  ...{ revokedSeq: null, endSeq: null },
};
export const nothing: JudgeView = {
  allowance: () => NO_ALLOWANCE,
  price: () => null,
  redeem: () => null,
  hold: () => null,
  hole: () => null,
  holeBetween: () => null,
  openAccounts: () => [],
  overruled: () => false,
};
