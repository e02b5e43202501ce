import { markDue } from '../fleet/grants.ts';
import { ledgerAccount } from '../ledger/accounts.ts';
import type { Books } from '../ledger/books.ts';
import type { CreditRow } from '../ledger/tables.ts';
import { transfer } from '../ledger/transfers.ts';
import { type ActOutcome, cannot } from '../operators/acts.ts';

/** Points for volunteering: made by one person with activity and reason, approved by another, posted after the objections. */

export interface NewCredit {
  readonly credit: string;
  readonly acct: string;
  readonly activity: string;
  /** What the resident reads. */
  readonly reason: string;
  readonly pts: number;
  /** Entered again after a hub restore. */
  readonly again?: boolean;
}
export interface CreditPolicy {
  readonly objectionMs: number;
  /** How long points live; null for ever. */
  readonly lifeMs: number | null;
}

export async function makeCredit(books: Books, credit: NewCredit, by: string, at: number): Promise<ActOutcome> {
  const known = await books.get('credits', { credit: credit.credit });
  if (known !== undefined) {
    const same = known.acct === credit.acct && known.pts === credit.pts && known.activity === credit.activity;
    if (same) return { ok: true, says: 'This credit stands already.' };
    return cannot(
      'exists-with-different',
      'A credit with this number stands with other content.',
      'Choose another number.',
    );
  }
  const resident = await books.get('residents', { acct: credit.acct });
  if (resident === undefined || resident.leftAt !== null) {
    return cannot('no-account', 'There is no such account, or it has left.', 'Check the account.');
  }
  const { again, ...rest } = credit;
  const made = { at, madeBy: by, approvedBy: null, approvedAt: null, postsAt: null, state: 'made' } as const;
  await books.add('credits', [{ ...rest, ...made, again: again ? 1 : 0 }]);
  await books.audit({ at, user: by, act: 'make-credit', subject: credit.credit, detail: { pts: credit.pts } });
  return { ok: true, says: 'Made; another person approves it.' };
}

export async function approveCredit(
  books: Books,
  credit: string,
  by: string,
  at: number,
  policy: CreditPolicy,
): Promise<ActOutcome> {
  const row = await books.get('credits', { credit });
  if (row?.state !== 'made') return NOT_OPEN;
  if (row.madeBy === by) return cannot('same-person', 'You made this credit.', 'Ask somebody else to approve it.');
  const { acct, pts } = row;
  await books.post(
    [transfer('earn', `earn:${credit}`, ledgerAccount.programme, ledgerAccount.pending(acct), pts, credit)],
    at,
  );
  const approved = { approvedBy: by, approvedAt: at, postsAt: at + policy.objectionMs, state: 'pending' } as const;
  await books.put('credits', [{ ...row, ...approved }]);
  await books.audit({ at, user: by, act: 'approve-credit', subject: credit, detail: {} });
  return { ok: true, says: 'Approved; it is posted after the objection period.' };
}
const NOT_OPEN = cannot('not-open', 'This credit is not open any more.', 'Reload the list of credits.');

/** Refused before it was approved, or withdrawn within the objection period: nothing reached the account. */
export async function withdrawCredit(books: Books, credit: string, by: string, at: number): Promise<ActOutcome> {
  const row = await books.get('credits', { credit });
  if (row?.state !== 'made' && row?.state !== 'pending') return NOT_OPEN;
  if (row.state === 'pending') {
    const pending = ledgerAccount.pending(row.acct);
    await books.post(
      [transfer('withdraw', `withdraw:${credit}`, pending, ledgerAccount.programme, row.pts, credit)],
      at,
    );
  }
  await books.put('credits', [{ ...row, state: row.state === 'made' ? 'refused' : 'withdrawn' }]);
  await books.audit({ at, user: by, act: 'withdraw-credit', subject: credit, detail: {} });
  return { ok: true, says: 'Withdrawn.' };
}

const POST_LIMIT = 500;

/** Posts what has waited out its objection period. While a hub is being restored only what is entered again. */
export async function postDue(books: Books, at: number, policy: CreditPolicy): Promise<number> {
  const county = await books.get('counties', {});
  const due = await books.list('credits', 'inState', { state: 'pending' }, { to: at, limit: POST_LIMIT });
  const ready = county?.restoring === 1 ? due.filter((row) => row.again === 1) : due;
  for (const row of ready) await postCredit(books, row, at, policy);
  return ready.length;
}

async function postCredit(books: Books, row: CreditRow, at: number, policy: CreditPolicy): Promise<void> {
  const { credit, acct, pts } = row;
  const account = ledgerAccount.account(acct);
  const moves = [transfer('post', `post:${credit}`, ledgerAccount.pending(acct), account, pts, credit)];
  const loan = row.again === 1 ? await books.get('loans', { acct }) : undefined;
  const repaid = Math.min(loan?.owed ?? 0, pts);
  if (repaid > 0) {
    moves.push(transfer('repay-loan', `repay-loan:${credit}`, account, ledgerAccount.loss, repaid, credit));
  }
  await books.post(moves, at);
  if (loan !== undefined && repaid > 0) await books.put('loans', [{ acct, owed: loan.owed - repaid }]);
  const expiresAt = policy.lifeMs === null ? null : at + policy.lifeMs;
  await books.put('lots', [{ lot: credit, acct, pts, expired: 0, expiresAt }]);
  await books.put('credits', [{ ...row, state: 'posted' }]);
  await markDue(books, [acct]);
}
