import { recordNumber } from '../../protocol/records/number.ts';
import { markDue } from '../fleet/grants.ts';
import { ledgerAccount } from '../ledger/accounts.ts';
import type { Books } from '../ledger/books.ts';
import { undoId } from '../ledger/points.ts';
import type { EpochRow, HoldRow, JudgementRow } from '../ledger/tables.ts';
import { type Transfer, transfer } from '../ledger/transfers.ts';
import { type ActOutcome, cannot, type Performing } from '../operators/acts.ts';
import { settleException } from './exceptions.ts';

/** What two people decide about points in suspense, and about goods that came back. */

export interface HoldDetail {
  readonly tid: string;
  readonly ep: number;
  /** The record's seq, or a hole's first. */
  readonly seq: number;
  readonly acct: string;
}

/** Its key is lost or stolen, and no matched `end` says that nothing is out any more. */
export function isDead(epoch: EpochRow): boolean {
  return epoch.state === 'revoked' || (epoch.state === 'ended' && epoch.endSeq === null);
}

/** Only behind a matched close, or in a dead epoch: before that the kiosk itself may still void it. */
function isDecidable(epoch: EpochRow, seq: number): boolean {
  return isDead(epoch) || epoch.closedSeq >= seq;
}
const TOO_EARLY = cannot(
  'not-closed',
  'The day of this record is not closed yet, so the kiosk may still undo it.',
  'Wait for the matched day close, or end the epoch if the kiosk is lost.',
);
const NOT_HELD = cannot('not-held', 'Nothing is held for this record any more.', 'Reload the page.');

/** The goods were delivered: the shop gets its points. Points given back cannot be released, only rejected. */
export async function release(books: Books, detail: HoldDetail, doing: Performing): Promise<ActOutcome> {
  const found = await heldOf(books, detail);
  if (!found.ok) return found.outcome;
  const { epoch, hold } = found;
  const pts = hold.leftPts - hold.backPts;
  if (pts <= 0) return cannot('only-reject', 'These are points given back, not goods.', 'Reject it instead.');
  const number = recordNumber(detail);
  const shop = ledgerAccount.shop(epoch.shop);
  const id = `release:${idOf(hold, number)}`;
  await books.post([transfer('release', id, ledgerAccount.suspense(number), shop, pts, number)], doing.at, doing.act);
  // What `loss` lent stays with it: the goods are gone.
  await books.put('holds', [
    { ...hold, leftPts: hold.backPts, lentPts: 0, state: hold.backPts > 0 ? 'held' : 'released' },
  ]);
  await settled(books, detail, doing.at);
  return { ok: true, says: `${pts} points went to the shop.` };
}

/** The goods were not delivered, or the points were given back: they return to the resident, cover and loans first. */
export async function reject(books: Books, detail: HoldDetail, doing: Performing): Promise<ActOutcome> {
  const found = await heldOf(books, detail);
  if (!found.ok) return found.outcome;
  const { epoch, hold } = found;
  const number = recordNumber(detail);
  const suspense = ledgerAccount.suspense(number);
  const back = hold.leftPts - hold.lentPts;
  const id = hold.source === 'record' ? undoId(number) : `reject:${idOf(hold, number)}`;
  const moves: Transfer[] = [];
  if (hold.lentPts > 0) {
    const lossId = back > 0 ? `${id}.loss` : id;
    moves.push(transfer('reject', lossId, suspense, ledgerAccount.loss, hold.lentPts, number));
  }
  await books.post(moves, doing.at, doing.act);
  if (back > 0)
    await comeBack(books, epoch, { ...detail, pts: back, from: suspense, kind: 'reject', id, number }, doing);
  await books.put('holds', [{ ...hold, leftPts: 0, lentPts: 0, backPts: 0, state: 'rejected' }]);
  if (hold.source === 'record') await markUndone(books, detail, 'reject');
  await settled(books, detail, doing.at);
  return { ok: true, says: `${back} points went back.` };
}

/** Goods of a closed day came back: the shop's points return. */
export async function refund(books: Books, detail: Omit<HoldDetail, 'acct'>, doing: Performing): Promise<ActOutcome> {
  const { tid, ep, seq } = detail;
  const epoch = await books.get('epochs', { tid, ep });
  const row = await books.get('judgements', { tid, ep, seq });
  if (epoch === undefined || row?.type !== 'redeem' || row.acct === null || row.pts === null) {
    return cannot('no-redeem', 'There is no judged redemption at this number.', 'Check the record’s number.');
  }
  const hold = await books.get('holds', { tid, ep, seq, acct: row.acct });
  const atShop = row.stage === 'matched' || hold?.state === 'released';
  if (!atShop || row.undoneBy !== null) return NOT_HELD;
  if (!isDecidable(epoch, seq)) return TOO_EARLY;
  const number = recordNumber(detail);
  const from = ledgerAccount.shop(epoch.shop);
  const what = { ...detail, acct: row.acct, pts: row.pts, from, kind: 'refund', id: undoId(number), number } as const;
  await comeBack(books, epoch, what, doing);
  await markUndone(books, detail, 'refund');
  return { ok: true, says: `${row.pts} points went back.` };
}

interface Back extends HoldDetail {
  readonly pts: number;
  readonly from: string;
  readonly kind: 'reject' | 'refund';
  readonly id: string;
  readonly number: string;
}

/**
 * In a dead epoch without a matched `end` points go back to the allowance they came from, and the resident is made whole
 * by cover. Elsewhere they go to the account, and repay what was covered of this allowance first, then the account's loan.
 */
async function comeBack(books: Books, epoch: EpochRow, back: Back, { at, act }: Performing): Promise<void> {
  const { tid, ep, acct, pts, from, kind, id, number } = back;
  if (isDead(epoch)) {
    return books.post([transfer(kind, id, from, ledgerAccount.allowance(acct, tid, ep), pts, number)], at, act);
  }
  const account = ledgerAccount.account(acct);
  const row = await books.get('allowances', { tid, ep, acct });
  const loan = await books.get('loans', { acct });
  const repaid = Math.min(row?.covered ?? 0, pts);
  const owed = Math.min(loan?.owed ?? 0, pts - repaid);
  const moves = [transfer(kind, id, from, account, pts, number)];
  if (repaid > 0) moves.push(transfer('repay', `repay:${id}`, account, ledgerAccount.reserve, repaid, number));
  if (owed > 0) moves.push(transfer('repay-loan', `repay-loan:${id}`, account, ledgerAccount.loss, owed, number));
  await books.post(moves, at, act);
  if (row !== undefined && repaid > 0) await books.put('allowances', [{ ...row, covered: row.covered - repaid }]);
  if (loan !== undefined && owed > 0) await books.put('loans', [{ acct, owed: loan.owed - owed }]);
  await markDue(books, [acct]);
}

async function heldOf(
  books: Books,
  { tid, ep, seq, acct }: HoldDetail,
): Promise<{ ok: true; epoch: EpochRow; hold: HoldRow } | { ok: false; outcome: ActOutcome }> {
  const epoch = await books.get('epochs', { tid, ep });
  const hold = await books.get('holds', { tid, ep, seq, acct });
  if (epoch === undefined || hold === undefined || hold.state !== 'held') return { ok: false, outcome: NOT_HELD };
  return isDecidable(epoch, seq) ? { ok: true, epoch, hold } : { ok: false, outcome: TOO_EARLY };
}

async function markUndone(books: Books, { tid, ep, seq }: Omit<HoldDetail, 'acct'>, by: string): Promise<void> {
  const row: JudgementRow | undefined = await books.get('judgements', { tid, ep, seq });
  if (row !== undefined) await books.put('judgements', [{ ...row, undoneBy: by }]);
}

async function settled(books: Books, detail: HoldDetail, at: number): Promise<void> {
  for (const kind of ['over-allowance', 'wrong-price', 'wrong-card-proof', 'wrong-chain', 'late-record'] as const) {
    await settleException(books, kind, recordNumber(detail), at);
  }
}

function idOf(hold: HoldRow, number: string): string {
  return hold.source === 'record' ? number : `${number}.${hold.acct}`;
}
