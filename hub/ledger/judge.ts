import { linkFault } from '../../protocol/records/chain.ts';
import { PAYLOADS, type Payload } from '../../protocol/records/payload.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import { type Case, still, totFault } from './case.ts';
import { NO_SUMS } from './day-sums.ts';
import { judgeClose } from './judge-close.ts';
import { judgeEnd, judgeReturn } from './judge-give-back.ts';
import { judgeRedeem } from './judge-redeem.ts';
import { judgeVoid } from './judge-void.ts';
import type { ChainState, Flag, Judgement, JudgeView, QuarantineCode, Verdict } from './judgement.ts';

/**
 * The hub's judgement of one record: a pure function of the record, its chain so far, and what the ledger says. Judging
 * walks a chain in order of seq and never passes a gap, so the judged records are a contiguous prefix and a filled gap
 * ends in the same state as no gap.
 */

export function judge(record: SignedRecord, chain: ChainState, view: JudgeView): Verdict {
  const payload = record.payload;
  const before = behindHole(record, chain, view);
  if (record.v !== 1) return { kind: 'waits', code: 'unknown-version' };
  if (payload === null) {
    if (!Object.hasOwn(PAYLOADS, record.type)) return { kind: 'waits', code: 'unknown-type' };
    return judged(unreadable(record, before));
  }
  const after: ChainState = { ...before, seq: record.seq, head: record.hash, tot: payload.tot, at: payload.at };
  const fault = chainFault(record, before, view);
  const flags: readonly Flag[] = payload.at < before.at ? ['clock'] : [];
  return byType(payload, { record, before, after, fault, flags, view });
}

/** Behind an accepted hole the running total is unknown, and the day's sums are only a lower bound. */
function behindHole(record: SignedRecord, chain: ChainState, view: JudgeView): ChainState {
  if (record.seq === chain.seq + 1 || view.holeBetween(chain.seq, record.seq) === null) return chain;
  return { ...chain, tot: null, day: { ...NO_SUMS, holed: true } };
}

function byType(payload: Payload, it: Case): Verdict {
  switch (payload.type) {
    case 'open':
      return judged(still(it, openFault(payload, it)));
    case 'redeem':
      return judgeRedeem(payload, it);
    case 'void':
      return judged(judgeVoid(payload, it));
    case 'return':
      return judged(judgeReturn(payload, it));
    case 'close':
      return judged(judgeClose(payload, it));
    case 'end':
      return judged(judgeEnd(payload, it));
    case 'stock':
      return judged(still(it, totFault(payload, it), [{ type: 'stock', payload }]));
    case 'claim':
      return judged(still(it, totFault(payload, it), [{ type: 'claim', payload }]));
    case 'case':
      return judged(still(it, totFault(payload, it), [{ type: 'case', payload }]));
  }
}

const judged = (judgement: Judgement): Verdict => ({ kind: 'judged', judgement });

/** Whether two seqs are neighbours, accepted holes aside. */
function chainFault(record: SignedRecord, before: ChainState, view: JudgeView): QuarantineCode | null {
  const hole = view.holeBetween(before.seq, record.seq);
  if (hole === null || hole.to !== record.seq - 1) {
    if (linkFault(before, record) !== null) return 'wrong-prev';
  }
  if (before.endSeq !== null) return 'after-end';
  if (before.seq === 0 && hole === null && record.type !== 'open') return 'misplaced-open';
  return view.overruled(record.seq) ? 'overruled' : null;
}

function openFault(payload: Extract<Payload, { type: 'open' }>, it: Case): QuarantineCode | null {
  return it.record.seq === 1 ? totFault(payload, it) : 'misplaced-open';
}

/** Signed by the terminal's key, yet not a record of its kind: its points, if any, show in the account's next record. */
function unreadable(record: SignedRecord, before: ChainState): Judgement {
  return {
    ...{ stage: 'quarantined', code: 'wrong-fields', flags: [], transfers: [], allowances: [], holds: [] },
    ...{ undoes: null, effects: [], freeze: true },
    chain: { ...before, seq: record.seq, head: record.hash },
  };
}
