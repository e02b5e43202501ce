import type { Payload } from '../../protocol/records/payload.ts';
import { type Case, still, totFault } from './case.ts';
import { NO_SUMS, sumsAgree } from './day-sums.ts';
import type { Flag, Judgement } from './judgement.ts';

/**
 * A day close is matched against the stored chain, or it is not: nobody overrides it. A matched one covers everything
 * since the last matched one; the quarantined among that are its remainder.
 */
export function judgeClose(payload: Extract<Payload, { type: 'close' }>, it: Case): Judgement {
  const { before } = it;
  const { seq } = it.record;
  // A close may have been lost in the hole: then the kiosk counts from behind that one.
  const begins = payload.from === before.closeSeq + 1 || it.view.hole(payload.from - 1) !== null;
  const agrees = begins && payload.to === seq - 1 && sumsAgree(payload, before.day);
  const own = totFault(payload, it) ?? (agrees ? null : 'close-mismatch');
  const effect = { type: 'close', payload, from: before.closedSeq + 1, hole: before.day.holed } as const;
  const verdict = still(it, own, [effect]);
  const matched = verdict.stage === 'matched';
  const flags: Flag[] = [...it.flags, ...(before.day.holed ? (['hole'] as const) : [])];
  return {
    ...verdict,
    flags,
    chain: { ...it.after, closeSeq: seq, day: NO_SUMS, ...(matched ? { closedSeq: seq } : {}) },
  };
}
