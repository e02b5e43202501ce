import { isSound } from '../../protocol/allowance/counters.ts';
import type { Signer } from '../../protocol/crypto.ts';
import { grantDocument } from '../../protocol/documents/kinds.ts';
import { SYNC_LIMITS } from '../../protocol/sync/messages.ts';
import { ledgerAccount } from '../ledger/accounts.ts';
import type { Books, Reading } from '../ledger/books.ts';
import { GRANT_LIFE_MS, isDueTopUp, topUpPts } from '../ledger/grants.ts';
import type { AllowanceRow, CountyRow, EpochRow } from '../ledger/tables.ts';
import { transfer } from '../ledger/transfers.ts';

/** Points out of an account, into one terminal's keeping: durable here before the grant is sent. */

export interface Granting {
  readonly hub: Signer;
  readonly county: CountyRow;
  readonly at: number;
}

/** Adds `pts` to the allowance; answers its new row. The account must hold them. */
export async function grant(
  books: Books,
  epoch: EpochRow,
  acct: string,
  pts: number,
  granting: Granting,
): Promise<AllowanceRow> {
  const { tid, ep } = epoch;
  const before = (await books.get('allowances', { tid, ep, acct })) ?? emptyAllowance(tid, ep, acct);
  const [row] = await grantAll(books, [{ before, pts }], granting);
  if (row === undefined) throw new Error('a grant without a row');
  return row;
}

interface Gift {
  readonly before: AllowanceRow;
  readonly pts: number;
}

/** A first roster brings hundreds at once: few statements for all of them, not some for each. */
async function grantAll(books: Books, gifts: readonly Gift[], granting: Granting): Promise<AllowanceRow[]> {
  if (gifts.length === 0) return [];
  const { account, allowance } = ledgerAccount;
  const moves = gifts.map(({ before: { tid, ep, acct, g }, pts }) => {
    const id = `grant:${acct}.${tid}.${ep}.${g + pts}`;
    return transfer('grant', id, account(acct), allowance(acct, tid, ep), pts, `${tid}.${ep}`);
  });
  await books.post(moves, granting.at);
  return storeGrants(
    books,
    gifts.map(({ before, pts }) => ({ before, G: before.g + pts })),
    granting,
  );
}

/** Signs and stores each G; whoever holds the account in their roster is told. */
async function storeGrants(
  books: Books,
  grants: readonly { readonly before: AllowanceRow; readonly G: number }[],
  { hub, county, at }: Granting,
): Promise<AllowanceRow[]> {
  const notAfter = at + GRANT_LIFE_MS;
  const first = (await books.nextVersion(grants.length)) - grants.length + 1;
  const rows = grants.map(({ before, G }, i): AllowanceRow => {
    const { tid, ep, acct } = before;
    const grantJws = grantDocument.sign({ v: 1, tid, ep, acct, G, notAfter, inc: county.inc }, hub);
    return { ...before, g: G, grantJws, grantVersion: first + i };
  });
  await books.put('allowances', rows);
  const residents = await books.many('residents', rows);
  await books.put(
    'residents',
    residents.flatMap((row, i) => (row === undefined ? [] : [{ ...row, rosterVersion: first + i }])),
  );
  return rows;
}

export function emptyAllowance(tid: string, ep: number, acct: string): AllowanceRow {
  const nothing = { g: 0, s: 0, v: 0, r: 0, said: null, covered: 0, atSeq: 0 };
  return { tid, ep, acct, ...nothing, grantJws: null, grantVersion: 0, keep: null };
}

export function soundRow(row: AllowanceRow): boolean {
  return isSound({ G: row.g, S: row.s, V: row.v, R: row.r }) && row.said === null;
}

/**
 * Gives the home terminal what it may still hold of the accounts that are due, some at a time. Nothing for an epoch that
 * may not sell, nor while a restored hub does not know what is out.
 */
export async function topUp(books: Books, epoch: EpochRow, capPts: number, granting: Granting): Promise<number> {
  if (epoch.state !== 'open' || granting.county.restoring === 1) return 0;
  const { tid, ep, village } = epoch;
  const dues = await books.list('dues', 'ofVillage', { village }, { limit: SYNC_LIMITS.grants });
  const accts = dues.map((due) => due.acct);
  if (dues.length === 0) return 0;
  const [free, open, rows, waiting] = await Promise.all([
    books.balances(accts.map((acct) => ledgerAccount.account(acct))),
    books.balances(accts.map((acct) => ledgerAccount.allowance(acct, tid, ep))),
    books.many(
      'allowances',
      accts.map((acct) => ({ tid, ep, acct })),
    ),
    awaitedAccounts(books, granting.at),
  ]);
  const awaited = new Set(waiting);
  const gifts: Gift[] = [];
  for (const [i, acct] of accts.entries()) {
    const row = rows[i];
    // A recall is under way: what comes back is meant for somewhere else.
    if (row !== undefined && (!soundRow(row) || row.keep !== null)) continue;
    if (awaited.has(acct) || !isDueTopUp(open[i] ?? 0, capPts)) continue;
    const pts = topUpPts(free[i] ?? 0, open[i] ?? 0, capPts);
    if (pts > 0) gifts.push({ before: row ?? emptyAllowance(tid, ep, acct), pts });
  }
  await grantAll(books, gifts, granting);
  await books.drop('dues', dues);
  return gifts.length;
}

/** A visitor who waited longer has gone home. */
export const WAIT_MS = 15 * 60_000;

/** Whose points are spoken for by a visitor who waits, so that their home must not take them first. */
async function awaitedAccounts(books: Reading, at: number): Promise<string[]> {
  const waits = await books.list('waits', 'oldest', {}, { from: at - WAIT_MS });
  return waits.map((wait) => wait.acct);
}

/** Says that accounts may be due more points at home. */
export async function markDue(books: Books, accts: readonly string[]): Promise<void> {
  const unique = [...new Set(accts)];
  const residents = await books.many(
    'residents',
    unique.map((acct) => ({ acct })),
  );
  const dues = residents.flatMap((row) => (row === undefined ? [] : [{ village: row.village, acct: row.acct }]));
  if (dues.length > 0) await books.put('dues', dues);
}
