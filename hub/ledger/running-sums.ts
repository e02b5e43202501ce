import { type Counters, isSound, sameCounters } from '../../protocol/allowance/counters.ts';
import { recordNumber } from '../../protocol/records/number.ts';
import { ledgerAccount } from './accounts.ts';
import type { Case } from './case.ts';
import type { AllowanceState, Hold } from './judgement.ts';
import { hold } from './points.ts';
import { type Transfer, transfer } from './transfers.ts';

/** A record's running sums against those of the account's record before it, matched or not. */

export interface Claimed extends Counters {
  readonly acct: string;
  readonly tot: number;
}
export interface SumsChecked {
  readonly ok: boolean;
  /** The allowance with what the record says; points not moved yet. */
  readonly state: AllowanceState;
  /** What an accepted hole has hidden of this account, held now. */
  readonly transfers: readonly Transfer[];
  readonly holds: readonly Hold[];
}

/** `own`: what the record itself adds. `totOwn`: what it adds to the epoch's running total. */
export function checkSums(it: Case, claimed: Claimed, own: Counters, totOwn: number): SumsChecked {
  const stored = it.view.allowance(claimed.acct);
  const base = stored.said ?? stored;
  const jump: Counters = {
    S: claimed.S - base.S - own.S,
    V: claimed.V - base.V - own.V,
    R: claimed.R - base.R - own.R,
  };
  const totOk = it.before.tot === null || claimed.tot === it.before.tot + totOwn;
  const state = withClaims(stored, claimed, it.record.seq);
  const nothing = { transfers: [], holds: [] };
  if (sameCounters(jump, { S: 0, V: 0, R: 0 })) return { ok: totOk, state, ...nothing };
  const hole = it.view.holeBetween(stored.atSeq, it.record.seq);
  const grows = jump.S >= 0 && jump.V >= 0 && jump.R >= 0 && claimed.V <= claimed.S;
  if (hole === null || !grows) return { ok: false, state, ...nothing };
  return { ok: totOk, ...hidden(it, claimed.acct, hole.from, jump, state) };
}

/** The four never fall here, whatever a terminal says; what it said is kept where it differs, to read on from it. */
function withClaims(stored: AllowanceState, claimed: Counters, atSeq: number): AllowanceState {
  const { S, V, R } = claimed;
  const most = { S: Math.max(stored.S, S), V: Math.max(stored.V, V), R: Math.max(stored.R, R) };
  return { ...stored, ...most, said: sameCounters(most, claimed) ? null : { S, V, R }, atSeq };
}

/** `holeSeq`: the hole's first missing seq, under which its points are held. */
function hidden(it: Case, acct: string, holeSeq: number, jump: Counters, state: AllowanceState) {
  const number = recordNumber(it.record);
  const id = `${it.before.tid}.${it.before.ep}.${holeSeq}.${acct}`;
  const missing = jump.S - jump.V + jump.R;
  if (missing > 0) {
    const back = Math.min(jump.R, missing);
    const held = hold(it.before, { acct, seq: holeSeq, pts: missing, back }, id, number, state);
    return { state: held.after, transfers: held.transfers, holds: [held.held] };
  }
  if (missing === 0) return { state, transfers: [], holds: [] };
  // More was voided behind the hole than sold: those sales stand at the shop, and their points go back.
  const shop = ledgerAccount.shop(it.before.shop);
  const allowance = ledgerAccount.allowance(acct, it.before.tid, it.before.ep);
  const back = transfer('void', `void-hole:${id}`, shop, allowance, -missing, number);
  return { state: { ...state, balance: state.balance - missing }, transfers: [back], holds: [] };
}

/** Granted by the hub, and there in the ledger: both must cover it. `state`: with the record's claims. */
export function isCovered(state: AllowanceState, pts: number): boolean {
  return isSound(state) && state.balance >= pts;
}
