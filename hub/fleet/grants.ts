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
  { hub, county, at }: Granting,
): Promise<AllowanceRow> {
  const { tid, ep } = epoch;
  const before = (await books.get('allowances', { tid, ep, acct })) ?? emptyAllowance(tid, ep, acct);
  const G = before.g + pts;
  const id = `grant:${acct}.${tid}.${ep}.${G}`;
  const allowance = ledgerAccount.allowance(acct, tid, ep);
  await books.post([transfer('grant', id, ledgerAccount.account(acct), allowance, pts, `${tid}.${ep}`)], at);
  return storeGrant(books, before, G, { hub, county, at });
}

/** Signs and stores G, however its points came to be in the allowance. */
export async function storeGrant(
  books: Books,
  before: AllowanceRow,
  G: number,
  { hub, county, at }: Granting,
): Promise<AllowanceRow> {
  const { tid, ep, acct } = before;
  const notAfter = at + GRANT_LIFE_MS;
  const grantJws = grantDocument.sign({ v: 1, tid, ep, acct, G, notAfter, inc: county.inc }, hub);
  const grantVersion = await books.nextVersion();
  const row: AllowanceRow = { ...before, g: G, grantJws, grantVersion };
  await books.put('allowances', [row]);
  const resident = await books.get('residents', { acct });
  if (resident !== undefined) await books.put('residents', [{ ...resident, rosterVersion: grantVersion }]);
  return row;
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
  const free = await books.balances(accts.map((acct) => ledgerAccount.account(acct)));
  const open = await books.balances(accts.map((acct) => ledgerAccount.allowance(acct, tid, ep)));
  const rows = await books.many(
    'allowances',
    accts.map((acct) => ({ tid, ep, acct })),
  );
  let given = 0;
  for (const [i, acct] of accts.entries()) {
    const row = rows[i];
    // A recall is under way: what comes back is meant for somewhere else.
    if (row !== undefined && (!soundRow(row) || row.keep !== null)) continue;
    if (await isAwaited(books, acct, granting.at)) continue;
    if (!isDueTopUp(open[i] ?? 0, capPts)) continue;
    const pts = topUpPts(free[i] ?? 0, open[i] ?? 0, capPts);
    if (pts <= 0) continue;
    await grant(books, epoch, acct, pts, granting);
    given += 1;
  }
  await books.drop('dues', dues);
  return given;
}

/** A visitor who waited longer has gone home. */
export const WAIT_MS = 15 * 60_000;

/** Whether points of this account are spoken for by a visitor who waits, so that its home must not take them first. */
async function isAwaited(books: Reading, acct: string, at: number): Promise<boolean> {
  const waits = await books.list('waits', 'ofAccount', { acct });
  return waits.some((wait) => at - wait.at <= WAIT_MS);
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
