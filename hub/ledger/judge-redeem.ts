import { afterRedeem, isSound, sameCounters } from '../../protocol/allowance/counters.ts';
import { recordNumber } from '../../protocol/records/number.ts';
import type { RedeemPayload } from '../../protocol/records/payload.ts';
import { ledgerAccount } from './accounts.ts';
import type { ChainState, LedgerView, QuarantineCode, Verdict } from './judgement.ts';
import { type Transfer, transfer } from './transfers.ts';

/** A redeem is matched when price, counters and allowance agree; otherwise its points are held, never ignored. */
export function judgeRedeem(
  payload: RedeemPayload,
  before: ChainState,
  after: ChainState,
  broken: boolean,
  view: LedgerView,
): Verdict {
  const allowance = view.allowance(payload.acct);
  const price = priceFault(payload, view);
  if (price === 'unknown-revision') return { kind: 'waits', code: price };
  const expected = afterRedeem(allowance, payload.pts);
  const claimed = { S: payload.S, V: payload.V, R: payload.R };
  const countersWrong = !sameCounters(expected, claimed) || payload.tot !== before.tot + payload.pts;
  const code: QuarantineCode | null = broken
    ? 'wrong-prev'
    : countersWrong
      ? 'wrong-counters'
      : price !== null
        ? price
        : isSound({ ...expected, G: allowance.G })
          ? null
          : 'over-allowance';
  const transfers = code === null ? [post(payload, after)] : hold(payload, view.allowanceBalance(payload.acct));
  return {
    kind: 'judged',
    judgement: {
      stage: code === null ? 'matched' : 'quarantined',
      ...(code === null ? {} : { code }),
      flags: [],
      transfers,
      chain: after,
      counters: { acct: payload.acct, after: expected },
      freeze: code === 'wrong-counters' || code === 'wrong-prev',
    },
  };
}

function priceFault(payload: RedeemPayload, view: LedgerView): 'unknown-revision' | 'wrong-price' | null {
  let sum = 0;
  let wrong = false;
  for (const line of payload.lines) {
    const price = view.price(line.sku, line.rev);
    if (price === null) return 'unknown-revision';
    if (price !== line.pts) wrong = true;
    sum += line.qty * line.pts;
  }
  return wrong || sum !== payload.pts ? 'wrong-price' : null;
}

function post(payload: RedeemPayload, chain: ChainState): Transfer {
  const number = recordNumber(payload);
  const allowance = ledgerAccount.allowance(payload.acct, payload.tid, payload.ep);
  return transfer('redeem', `redeem:${number}`, allowance, ledgerAccount.shop(chain.shop), payload.pts, number);
}

/**
 * Moves the points to the record's own suspense account. So the allowance at the hub still equals what the terminal
 * believes, and one bad record never makes the next good one look wrong. What the allowance lacks, `loss` lends.
 */
function hold(payload: RedeemPayload, held: number): Transfer[] {
  const number = recordNumber(payload);
  const suspense = ledgerAccount.suspense(number);
  const covered = Math.min(held, payload.pts);
  const lacking = payload.pts - covered;
  const allowance = ledgerAccount.allowance(payload.acct, payload.tid, payload.ep);
  const transfers: Transfer[] = [];
  if (covered > 0) transfers.push(transfer('hold', `hold:${number}`, allowance, suspense, covered, number));
  if (lacking > 0) {
    transfers.push(transfer('hold', `hold-loss:${number}`, ledgerAccount.loss, suspense, lacking, number));
  }
  return transfers;
}
