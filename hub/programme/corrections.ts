import { markDue } from '../fleet/grants.ts';
import { recallElsewhere } from '../fleet/visits.ts';
import { ledgerAccount } from '../ledger/accounts.ts';
import type { Books } from '../ledger/books.ts';
import { expiryOf } from '../ledger/expiry.ts';
import type { CreditRow, LotRow } from '../ledger/tables.ts';
import { type Transfer, transfer } from '../ledger/transfers.ts';
import { type ActOutcome, cannot, type Performing } from '../operators/acts.ts';
import { openException, settleException } from '../reconcile/exceptions.ts';

/** What becomes of posted points beside redeeming: they expire, an error of ours is reversed, accounts are merged. */

/** Expires what is due in one account. While a hub is being restored nothing expires. */
export async function expireDue(books: Books, acct: string, at: number): Promise<number> {
  const county = await books.get('counties', {});
  if (county?.restoring === 1) return 0;
  const account = ledgerAccount.account(acct);
  const [balance = 0] = await books.balances([account]);
  const { pts, lots } = expiryOf(balance, await books.list('lots', 'ofAccount', { acct }), at);
  if (pts === 0) return 0;
  await books.post([transfer('expire', `expire:${acct}.${at}`, account, ledgerAccount.expired, pts, acct)], at);
  await books.put('lots', lots);
  return pts;
}

interface CreditDetail {
  readonly credit: string;
}

/**
 * Takes back a credit that was our error: whole, once. What of it expired comes from `expired`, the rest from the
 * account. Where that lacks it, nothing is taken: points are recalled, and it waits.
 */
export async function reverseCredit(books: Books, { credit }: CreditDetail, doing: Performing): Promise<ActOutcome> {
  const row = await books.get('credits', { credit });
  if (row?.state !== 'posted') return cannot('not-posted', 'This credit is not posted.', 'Withdraw it instead.');
  const done = await tryReverse(books, row, doing);
  if (done) return { ok: true, says: `${row.pts} points were taken back.` };
  await books.put('credits', [{ ...row, state: 'reversing' }]);
  await openException(books, 'debt', credit, doing.at, { act: doing.act, pts: row.pts });
  return { ok: true, says: 'The account does not hold them now. It waits for what kiosks give back.' };
}

/** Tries again what waits: called when points came back. The first approval stands. */
export async function settleReversal(books: Books, credit: string, act: string, at: number): Promise<boolean> {
  const row = await books.get('credits', { credit });
  if (row?.state !== 'reversing') return false;
  return tryReverse(books, row, { act, at, by: row.madeBy });
}

/** Two people give up waiting: the programme bears it, not the resident. */
export async function chargeReversal(books: Books, { credit }: CreditDetail, doing: Performing): Promise<ActOutcome> {
  const row = await books.get('credits', { credit });
  if (row?.state !== 'reversing') return cannot('not-waiting', 'This reversal does not wait.', 'Reload the page.');
  const lot = await books.get('lots', { lot: credit });
  await finishReversal(books, row, lot, ledgerAccount.loss, doing);
  return { ok: true, says: 'Charged to the programme.' };
}

async function tryReverse(books: Books, row: CreditRow, doing: Performing): Promise<boolean> {
  const lot = await books.get('lots', { lot: row.credit });
  const acct = lot?.acct ?? row.acct;
  const wanted = row.pts - (lot?.expired ?? 0);
  const [free = 0] = await books.balances([ledgerAccount.account(acct)]);
  if (free < wanted) {
    await recallElsewhere(books, null, acct, wanted - free);
    return false;
  }
  await finishReversal(books, row, lot, ledgerAccount.account(acct), doing);
  return true;
}

async function finishReversal(
  books: Books,
  row: CreditRow,
  lot: LotRow | undefined,
  payer: string,
  { at, act }: Performing,
): Promise<void> {
  const { credit } = row;
  const expired = lot?.expired ?? 0;
  const moves: Transfer[] = [];
  if (expired > 0) {
    moves.push(
      transfer('reverse', `reverse:${credit}.expired`, ledgerAccount.expired, ledgerAccount.programme, expired, credit),
    );
  }
  if (row.pts > expired) {
    moves.push(transfer('reverse', `reverse:${credit}`, payer, ledgerAccount.programme, row.pts - expired, credit));
  }
  await books.post(moves, at, act);
  await books.put('credits', [{ ...row, state: 'reversed' }]);
  if (lot !== undefined) await books.put('lots', [{ ...lot, pts: 0, expired: 0 }]);
  await settleException(books, 'debt', credit, at);
}

/** Merge, leave, inherit: what one account holds becomes another's, its lots and cards with it. */
export async function moveAccount(
  books: Books,
  { from, to }: { readonly from: string; readonly to: string },
  { at, act }: Performing,
): Promise<ActOutcome> {
  const [source, target] = await books.many('residents', [{ acct: from }, { acct: to }]);
  if (source === undefined || target === undefined || from === to || target.leftAt !== null) {
    return cannot('no-account', 'One of the two accounts is not there, or has left.', 'Check both accounts.');
  }
  const [free = 0] = await books.balances([ledgerAccount.account(from)]);
  if (free > 0) {
    const move = transfer('move', `move:${act}`, ledgerAccount.account(from), ledgerAccount.account(to), free, from);
    await books.post([move], at, act);
  }
  const lots = await books.list('lots', 'ofAccount', { acct: from });
  await books.put(
    'lots',
    lots.map((lot) => ({ ...lot, acct: to })),
  );
  const cards = await books.list('cards', 'ofAccount', { acct: from });
  await books.put(
    'cards',
    cards.map((card) => ({ ...card, acct: to })),
  );
  // What kiosks still hold of the old account comes back to it by recall, and is moved when this act is done again.
  await recallElsewhere(books, null, from, Number.MAX_SAFE_INTEGER);
  await books.put('residents', [
    { ...source, leftAt: source.leftAt ?? at, rosterVersion: await books.nextVersion() },
    { ...target, rosterVersion: await books.nextVersion() },
  ]);
  await markDue(books, [to]);
  return { ok: true, says: `${free} points moved.` };
}
