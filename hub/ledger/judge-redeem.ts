import { recordNumber } from '../../protocol/records/number.ts';
import type { RedeemPayload } from '../../protocol/records/payload.ts';
import { type Case, freezes } from './case.ts';
import { withRedeem } from './day-sums.ts';
import type { Flag, JudgeView, QuarantineCode, Verdict } from './judgement.ts';
import { hold, spend } from './points.ts';
import { checkSums, isCovered } from './running-sums.ts';

/** A redeem is matched when price, counters and allowance agree; otherwise its points are held, never ignored. */
export function judgeRedeem(payload: RedeemPayload, it: Case): Verdict {
  const { acct, pts, lines } = payload;
  const price = pricesOf(payload, it.view);
  if (price === 'unknown-revision' && it.fault !== 'overruled') return { kind: 'waits', code: price };
  const sums = checkSums(it, payload, { S: pts, V: 0, R: 0 }, pts);
  const { seq } = it.record;
  const revoked = it.before.revokedSeq !== null && seq > it.before.revokedSeq;
  const code: QuarantineCode | null =
    it.fault ??
    (revoked ? 'revoked' : null) ??
    (sums.ok ? null : 'wrong-counters') ??
    (price === 'right' || price === 'old' ? null : 'wrong-price') ??
    (isCovered(sums.state, pts) ? null : 'over-allowance');
  const number = recordNumber(payload);
  const moved =
    code === null
      ? { ...spend(it.before, acct, pts, number, sums.state), held: null }
      : hold(it.before, { acct, seq, pts, back: 0 }, number, number, sums.state);
  const flags: Flag[] = [...it.flags, ...(price === 'old' ? (['price'] as const) : [])];
  return {
    kind: 'judged',
    judgement: {
      stage: code === null ? 'matched' : 'quarantined',
      ...(code === null ? {} : { code }),
      flags,
      transfers: [...sums.transfers, ...moved.transfers],
      chain: { ...it.after, day: withRedeem(it.before.day, pts, lines) },
      allowances: [{ acct, after: moved.after }],
      holds: moved.held === null ? sums.holds : [...sums.holds, moved.held],
      ...{ undoes: null, effects: [], freeze: freezes(code) },
    },
  };
}

function pricesOf(payload: RedeemPayload, view: JudgeView): 'right' | 'old' | 'unknown-revision' | 'wrong-price' {
  let sum = 0;
  let wrong = false;
  let old = false;
  for (const line of payload.lines) {
    const price = view.price(line.sku, line.rev);
    if (price === null) return 'unknown-revision';
    if (price.pts !== line.pts) wrong = true;
    if (price.supersededAt !== null && price.supersededAt <= payload.at) old = true;
    sum += line.qty * line.pts;
  }
  return wrong || sum !== payload.pts ? 'wrong-price' : old ? 'old' : 'right';
}
