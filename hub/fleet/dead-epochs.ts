import { ledgerAccount } from '../ledger/accounts.ts';
import type { Books, Reading } from '../ledger/books.ts';
import type { AllowanceRow, EpochRow } from '../ledger/tables.ts';
import { transfer } from '../ledger/transfers.ts';
import { type ActOutcome, cannot, type Performing } from '../operators/acts.ts';
import { settleOfChain } from '../reconcile/exceptions.ts';
import { isDead } from '../reconcile/holds.ts';
import { markDue } from './grants.ts';

/** A lost, stolen or burnt kiosk: its epoch ends, and its residents are made whole from the reserve. */

interface EpochDetail {
  readonly tid: string;
  readonly ep: number;
}

/** One person may stop a kiosk at once; it takes two to let it go on. */
export async function freeze(books: Books, { tid, ep }: EpochDetail, by: string, at: number): Promise<boolean> {
  const epoch = await books.get('epochs', { tid, ep });
  if (epoch?.state !== 'open') return false;
  await books.put('epochs', [{ ...epoch, state: 'frozen' }]);
  await books.audit({ at, user: by, act: 'freeze', subject: `${tid}.${ep}`, detail: {} });
  return true;
}

export async function unfreeze(books: Books, { tid, ep }: EpochDetail, { at }: Performing): Promise<ActOutcome> {
  const epoch = await books.get('epochs', { tid, ep });
  if (epoch?.state !== 'frozen') return cannot('not-frozen', 'This kiosk is not frozen.', 'Reload its page.');
  if (epoch.forkedSeq !== null) {
    return cannot(
      'forked',
      'Its chain is forked, so it can never sell under this epoch again.',
      'Replace the terminal.',
    );
  }
  await books.put('epochs', [{ ...epoch, state: 'open' }]);
  await settleOfChain(books, epoch, ['wrong-chain'], at);
  return { ok: true, says: 'The kiosk may sell again.' };
}

/** Ended by two people: its records are judged as ever, and nothing is granted any more. */
export async function endEpoch(books: Books, { tid, ep }: EpochDetail): Promise<ActOutcome> {
  const epoch = await books.get('epochs', { tid, ep });
  if (epoch?.state !== 'open' && epoch?.state !== 'frozen') return NOT_LIVE;
  await books.put('epochs', [{ ...epoch, state: 'ended' }]);
  return { ok: true, says: 'The epoch has ended.' };
}

/** The key may be stolen: redeems and returns found from here on are held. */
export async function revokeEpoch(books: Books, { tid, ep }: EpochDetail): Promise<ActOutcome> {
  const epoch = await books.get('epochs', { tid, ep });
  const revocable = epoch?.state === 'open' || epoch?.state === 'frozen' || epoch?.state === 'ended';
  if (epoch === undefined || !revocable) return NOT_LIVE;
  await books.put('epochs', [{ ...epoch, state: 'revoked', revokedSeq: epoch.storedSeq }]);
  return { ok: true, says: 'The key is revoked.' };
}
const NOT_LIVE = cannot('not-live', 'This epoch has ended or is revoked already.', 'Reload the terminal’s page.');

export interface Coverable {
  readonly acct: string;
  readonly pts: number;
}

/** What a cover of this epoch (or of one account in it) would give, for the dry run. */
export async function coverable(
  books: Reading,
  epoch: EpochRow,
  acct: string | null,
): Promise<readonly (Coverable & { readonly row: AllowanceRow })[]> {
  const { tid, ep } = epoch;
  const all = await books.list('allowances', 'ofChain', { tid, ep });
  const rows = acct === null ? all : all.filter((row) => row.acct === acct);
  const open = await books.balances(rows.map((row) => ledgerAccount.allowance(row.acct, tid, ep)));
  return rows.flatMap((row, i) => {
    const pts = (open[i] ?? 0) - row.covered;
    return pts > 0 ? [{ acct: row.acct, pts, row }] : [];
  });
}

/** Residents get what is open and not yet covered from the reserve, at once. The allowance is the reserve's from then on. */
export async function cover(
  books: Books,
  { tid, ep, acct }: EpochDetail & { readonly acct: string | null },
  { at, act }: Performing,
): Promise<ActOutcome> {
  const epoch = await books.get('epochs', { tid, ep });
  if (epoch === undefined || !isDead(epoch)) {
    return cannot('alive', 'This kiosk’s epoch has not ended, so its points may still come back.', 'End or revoke it.');
  }
  const what = await coverable(books, epoch, acct);
  const covers = what.map(({ acct: each, pts }) =>
    transfer('cover', `cover:${act}.${each}`, ledgerAccount.reserve, ledgerAccount.account(each), pts, `${tid}.${ep}`),
  );
  await books.post(covers, at, act);
  await books.put(
    'allowances',
    what.map(({ row, pts }) => ({ ...row, covered: row.covered + pts })),
  );
  await markDue(
    books,
    what.map((each) => each.acct),
  );
  const total = what.reduce((sum, each) => sum + each.pts, 0);
  return { ok: true, says: `${what.length} account(s) got ${total} points from the reserve.` };
}
