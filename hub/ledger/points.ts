import { ledgerAccount } from './accounts.ts';
import type { AllowanceState, ChainState, Hold } from './judgement.ts';
import { type Transfer, transfer } from './transfers.ts';

/** The few movements that records cause. Each answers its transfers and what is left behind. */

export interface Moved {
  readonly transfers: readonly Transfer[];
  readonly after: AllowanceState;
}

const allowanceOf = (chain: ChainState, acct: string) => ledgerAccount.allowance(acct, chain.tid, chain.ep);
const suspenseOf = (chain: ChainState, seq: number) => ledgerAccount.suspense(`${chain.tid}.${chain.ep}.${seq}`);

/** One id for whatever undoes a redeem: void, unhold, reject, refund. Only one of them can ever be. */
export const undoId = (recordNumber: string) => `undo:${recordNumber}`;

export function spend(chain: ChainState, acct: string, pts: number, number: string, before: AllowanceState): Moved {
  const shop = ledgerAccount.shop(chain.shop);
  return {
    transfers: [transfer('redeem', `redeem:${number}`, allowanceOf(chain, acct), shop, pts, number)],
    after: { ...before, balance: before.balance - pts },
  };
}

/**
 * Moves points to suspense, never ignores them: so the allowance at the hub still equals what the terminal believes, and
 * one bad record never makes the next good one look wrong. What the allowance lacks, `loss` lends. `id` names the hold;
 * `seq` the suspense account.
 */
export function hold(
  chain: ChainState,
  what: { readonly acct: string; readonly seq: number; readonly pts: number; readonly back: number },
  id: string,
  number: string,
  before: AllowanceState,
): Moved & { readonly held: Hold } {
  const { acct, seq, pts, back } = what;
  const suspense = suspenseOf(chain, seq);
  const covered = Math.min(before.balance, pts);
  const lent = pts - covered;
  const transfers: Transfer[] = [];
  if (covered > 0) transfers.push(transfer('hold', `hold:${id}`, allowanceOf(chain, acct), suspense, covered, number));
  if (lent > 0) transfers.push(transfer('hold', `hold-loss:${id}`, ledgerAccount.loss, suspense, lent, number));
  return {
    transfers,
    after: { ...before, balance: before.balance - covered },
    held: { seq, acct, left: pts, lent, back },
  };
}

/** Undoes `pts` of a hold: first what `loss` lent goes back to it, the rest to the allowance it came from. */
export function unhold(
  chain: ChainState,
  held: Hold,
  pts: number,
  number: string,
  undone: string,
  before: AllowanceState,
): Moved & { readonly held: Hold } {
  const suspense = suspenseOf(chain, held.seq);
  const toLoss = Math.min(held.lent, pts);
  const toAllowance = pts - toLoss;
  const transfers: Transfer[] = [];
  // The shared id goes to the larger purpose: whichever exists alone carries it, so a second undo meets it either way.
  const lossId = toAllowance > 0 ? `${undoId(undone)}.loss` : undoId(undone);
  if (toAllowance > 0) {
    const allowance = allowanceOf(chain, held.acct);
    transfers.push(transfer('unhold', undoId(undone), suspense, allowance, toAllowance, number));
  }
  if (toLoss > 0) transfers.push(transfer('unhold', lossId, suspense, ledgerAccount.loss, toLoss, number));
  return {
    transfers,
    after: { ...before, balance: before.balance + toAllowance },
    held: { ...held, left: held.left - pts, lent: held.lent - toLoss },
  };
}

/** A matched void: the shop's points go back to the allowance they came from. */
export function undoSale(
  chain: ChainState,
  acct: string,
  pts: number,
  number: string,
  undone: string,
  before: AllowanceState,
): Moved {
  const shop = ledgerAccount.shop(chain.shop);
  return {
    transfers: [transfer('void', undoId(undone), shop, allowanceOf(chain, acct), pts, number)],
    after: { ...before, balance: before.balance + pts },
  };
}

/**
 * Points leave the allowance for good. What was covered belongs to the reserve, so the cover is repaid first; what the
 * account owes since a hub restore is repaid next; the rest is the resident's.
 */
export function giveBack(
  chain: ChainState,
  kind: 'return' | 'sweep',
  acct: string,
  pts: number,
  number: string,
  before: AllowanceState,
): Moved {
  const allowance = allowanceOf(chain, acct);
  const account = ledgerAccount.account(acct);
  const id = kind === 'sweep' ? `${number}.${acct}` : number;
  const repaid = Math.min(before.covered, pts);
  const rest = pts - repaid;
  const loan = Math.min(before.owed, rest);
  const transfers: Transfer[] = [];
  if (repaid > 0) transfers.push(transfer('repay', `repay:${id}`, allowance, ledgerAccount.reserve, repaid, number));
  if (rest > 0) transfers.push(transfer(kind, `${kind}:${id}`, allowance, account, rest, number));
  if (loan > 0) transfers.push(transfer('repay-loan', `repay-loan:${id}`, account, ledgerAccount.loss, loan, number));
  const { balance, covered, owed } = before;
  return { transfers, after: { ...before, balance: balance - pts, covered: covered - repaid, owed: owed - loan } };
}
