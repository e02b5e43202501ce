import { recordNumber } from '../../protocol/records/number.ts';
import type { Payload } from '../../protocol/records/payload.ts';
import { type Case, freezes } from './case.ts';
import { withVoid } from './day-sums.ts';
import type { AllowanceState, Hold, JudgedRedeem, Judgement, QuarantineCode } from './judgement.ts';
import { undoSale, unhold } from './points.ts';
import { checkSums } from './running-sums.ts';
import type { Transfer } from './transfers.ts';

type VoidPayload = Extract<Payload, { type: 'void' }>;
interface Undone {
  readonly transfers: readonly Transfer[];
  readonly after: AllowanceState;
  readonly holds: readonly Hold[];
}

/**
 * A void undoes one redeem since the last close, whole and once, wherever its points are: at the shop, in suspense, or
 * behind an accepted hole. Also of a revoked epoch: it can only give back.
 */
export function judgeVoid(payload: VoidPayload, it: Case): Judgement {
  const { acct, pts, ref } = payload;
  const sums = checkSums(it, payload, { S: 0, V: pts, R: 0 }, -pts);
  const redeem = it.view.redeem(ref);
  const own: QuarantineCode | null = !sums.ok ? 'wrong-counters' : null;
  const undone = own === null && it.fault === null ? undo(payload, it, redeem, sums.state, sums.holds) : null;
  const code = it.fault ?? own ?? (undone === null ? 'void-of-nothing' : null);
  return {
    stage: code === null ? 'matched' : 'quarantined',
    ...(code === null ? {} : { code }),
    flags: it.flags,
    transfers: [...sums.transfers, ...(undone?.transfers ?? [])],
    chain: { ...it.after, day: withVoid(it.before.day, pts, redeem?.lines ?? []) },
    allowances: [{ acct, after: undone?.after ?? sums.state }],
    holds: merged(sums.holds, undone?.holds ?? []),
    ...{ undoes: undone === null ? null : ref, effects: [], freeze: freezes(code) },
  };
}

function undo(
  payload: VoidPayload,
  it: Case,
  redeem: JudgedRedeem | null,
  state: AllowanceState,
  fresh: readonly Hold[],
): Undone | null {
  const { acct, pts, ref } = payload;
  const { before, view } = it;
  if (ref <= before.closeSeq) return null;
  const number = recordNumber(it.record);
  const undone = recordNumber({ tid: before.tid, ep: before.ep, seq: ref });
  if (redeem === null) {
    const hole = view.hole(ref);
    if (hole === null) return null;
    const held = fresh.find((each) => each.seq === hole.from) ?? view.hold(hole.from, acct);
    if (held === null || held.left - held.back < pts) return null;
    const moved = unhold(before, held, pts, number, undone, state);
    return { ...moved, holds: [moved.held] };
  }
  if (redeem.undone || redeem.acct !== acct || redeem.pts !== pts) return null;
  if (!redeem.held) return { ...undoSale(before, acct, pts, number, undone, state), holds: [] };
  const held = view.hold(ref, acct);
  if (held === null || held.left !== pts) return null;
  const moved = unhold(before, held, pts, number, undone, state);
  return { ...moved, holds: [moved.held] };
}

/** Later states of one hold replace earlier ones. */
function merged(first: readonly Hold[], then: readonly Hold[]): readonly Hold[] {
  return [
    ...first.filter((hold) => !then.some((later) => later.seq === hold.seq && later.acct === hold.acct)),
    ...then,
  ];
}
