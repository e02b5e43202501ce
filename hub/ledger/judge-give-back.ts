import { recordNumber } from '../../protocol/records/number.ts';
import type { Payload } from '../../protocol/records/payload.ts';
import { type Case, freezes, still, totFault } from './case.ts';
import type { Judgement, QuarantineCode } from './judgement.ts';
import { giveBack, hold } from './points.ts';
import { checkSums, isCovered } from './running-sums.ts';

/** The signed ways in which points leave an allowance and come back to their account. No clock at the hub is one. */

export function judgeReturn(payload: Extract<Payload, { type: 'return' }>, it: Case): Judgement {
  const { acct, pts } = payload;
  const { seq } = it.record;
  const sums = checkSums(it, payload, { S: 0, V: 0, R: pts }, 0);
  const revoked = it.before.revokedSeq !== null && seq > it.before.revokedSeq;
  const code: QuarantineCode | null =
    it.fault ??
    (revoked ? 'revoked' : null) ??
    (sums.ok ? null : 'wrong-counters') ??
    (isCovered(sums.state, pts) ? null : 'over-allowance');
  const number = recordNumber(payload);
  const moved =
    code === null
      ? { ...giveBack(it.before, 'return', acct, pts, number, sums.state), held: null }
      : hold(it.before, { acct, seq, pts, back: pts }, number, number, sums.state);
  return {
    stage: code === null ? 'matched' : 'quarantined',
    ...(code === null ? {} : { code }),
    flags: it.flags,
    transfers: [...sums.transfers, ...moved.transfers],
    chain: it.after,
    allowances: [{ acct, after: moved.after }],
    holds: moved.held === null ? sums.holds : [...sums.holds, moved.held],
    ...{ undoes: null, effects: [], freeze: freezes(code) },
  };
}

/**
 * The planned end: closed directly before it, and everything returned. What is still open here are grants whose answer
 * was lost, as the terminal will never sell again: they are swept.
 */
export function judgeEnd(payload: Extract<Payload, { type: 'end' }>, it: Case): Judgement {
  const { before, view } = it;
  const revoked = before.revokedSeq !== null && it.record.seq > before.revokedSeq;
  const closed = before.closedSeq === it.record.seq - 1 && before.closedSeq > 0;
  const own = (revoked ? 'revoked' : null) ?? totFault(payload, it) ?? (closed ? null : 'end-not-closed');
  const verdict = still(it, own, [{ type: 'end' }]);
  if (verdict.stage === 'quarantined') return verdict;
  const number = recordNumber(payload);
  const swept = view.openAccounts().flatMap((acct) => {
    const state = view.allowance(acct);
    if (state.balance <= 0) return [];
    return [{ acct, ...giveBack(before, 'sweep', acct, state.balance, number, state) }];
  });
  return {
    ...verdict,
    transfers: swept.flatMap((each) => each.transfers),
    allowances: swept.map(({ acct, after }) => ({ acct, after })),
    chain: { ...it.after, endSeq: it.record.seq },
  };
}
