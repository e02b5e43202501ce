import type { Verifying } from '../../protocol/crypto.ts';
import { catalogueDocument, grantDocument } from '../../protocol/documents/kinds.ts';
import type { Report } from '../../protocol/sync/messages.ts';
import { ledgerAccount } from '../ledger/accounts.ts';
import type { Books } from '../ledger/books.ts';
import type { CountyRow, EpochRow } from '../ledger/tables.ts';
import { transfer } from '../ledger/transfers.ts';
import { type ActOutcome, cannot, type Performing } from '../operators/acts.ts';
import { openException, settleException } from '../reconcile/exceptions.ts';
import { emptyAllowance, type Granting } from './grants.ts';

/**
 * A hub that lost its memory: restored from a backup, or failed over with loss. It takes a new incarnation, hears from
 * every kiosk what that holds, and until then judges nothing new of it and gives nothing new out.
 */

export interface HubKeys {
  /** The hub's keys by kid, this and earlier ones: reported documents were signed by them. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
  readonly verifying: Verifying;
}

/** The first thing a restored hub does, before it answers anybody. `inc`: new and random. */
export async function beginIncarnation(books: Books, inc: string, at: number): Promise<void> {
  const county = await books.get('counties', {});
  if (county === undefined) throw new Error('a restore without a county');
  await books.put('counties', [{ ...county, inc, restoring: 1 }]);
  await openException(books, 'hub-restored', county.id, at, { inc });
  await books.audit({ at, user: 'restore', act: 'hub-restored', subject: county.id, detail: { inc } });
}

/**
 * Takes one slice of a terminal's report about this epoch or an earlier one of the same terminal. False where it is about
 * none of them: nothing was written.
 */
export async function takeReport(
  books: Books,
  sender: EpochRow,
  report: Report,
  enrolmentHash: string,
  hubKeys: HubKeys,
  granting: Granting,
): Promise<boolean> {
  const { county } = granting;
  const epochs = await books.list('epochs', 'ofTerminal', { tid: sender.tid });
  const epoch = epochs.find((row) => row.enrolmentHash === enrolmentHash && row.ep <= sender.ep);
  if (epoch === undefined) return false;
  for (const jws of report.grants) await takeGrant(books, epoch, jws, hubKeys, granting.at);
  if (report.catalogue !== undefined) await takeCatalogue(books, report.catalogue, hubKeys, granting);
  if (!report.last) return true;
  const row = await books.get('epochs', { tid: epoch.tid, ep: epoch.ep });
  if (row === undefined) return false;
  const waitsCode = row.waitsCode === 'not-reported' ? null : row.waitsCode;
  await books.put('epochs', [{ ...row, reportedInc: county.inc, waitsCode }]);
  return true;
}

/** Merged by max, like everywhere: what this hub forgot is taken out of the account again, and lent where that lacks it. */
async function takeGrant(books: Books, epoch: EpochRow, jws: string, hubKeys: HubKeys, at: number): Promise<void> {
  const claimed = openDocument(grantDocument, jws, hubKeys);
  const { tid, ep } = epoch;
  if (claimed === null || claimed.tid !== tid || claimed.ep !== ep) return;
  const { acct, G } = claimed;
  const row = (await books.get('allowances', { tid, ep, acct })) ?? emptyAllowance(tid, ep, acct);
  if (G <= row.g) return;
  const missing = G - row.g;
  const account = ledgerAccount.account(acct);
  const allowance = ledgerAccount.allowance(acct, tid, ep);
  const [free = 0] = await books.balances([account]);
  const own = Math.min(free, missing);
  const lent = missing - own;
  const id = `${acct}.${tid}.${ep}.${G}`;
  const ref = `${tid}.${ep}`;
  if (own > 0) await books.post([transfer('grant', `grant:${id}`, account, allowance, own, ref)], at);
  if (lent > 0) {
    await books.post([transfer('lend', `lend:${id}`, ledgerAccount.loss, allowance, lent, ref)], at);
    const loan = await books.get('loans', { acct });
    await books.put('loans', [{ acct, owed: (loan?.owed ?? 0) + lent }]);
  }
  await books.put('allowances', [{ ...row, g: G, grantJws: jws }]);
}

/** Revisions published after the backup: what the kiosk sold by is known again, but not what the shop is paid for it. */
async function takeCatalogue(books: Books, jws: string, hubKeys: HubKeys, { at, county }: Granting): Promise<void> {
  const catalogue = openDocument(catalogueDocument, jws, hubKeys);
  if (catalogue === null || catalogue.county !== county.id) return;
  for (const { sku, rev, pts, name, from } of catalogue.items) {
    if ((await books.get('items', { sku, rev })) !== undefined) continue;
    await books.add('items', [{ sku, rev, pts, name: name.zh, reimburseFen: null, fromAt: from }]);
    await openException(books, 'unknown-revision', `${sku}.${rev}`, at, { sku, rev, reimburseFen: null });
  }
}

function openDocument<T>(
  kind: { open(jws: string, kid: string, key: Uint8Array, verifying: Verifying): T | null },
  jws: string,
  { keys, verifying }: HubKeys,
): T | null {
  for (const [kid, key] of keys) {
    const value = kind.open(jws, kid, key, verifying);
    if (value !== null) return value;
  }
  return null;
}

/** Live epochs that this incarnation has not heard from. */
export function unreported(epochs: readonly EpochRow[], county: CountyRow): readonly EpochRow[] {
  return epochs.filter((epoch) => isLive(epoch) && epoch.reportedInc !== county.inc);
}
const isLive = (epoch: EpochRow) => epoch.state === 'open' || epoch.state === 'frozen';

/** Two people say that what was lost is entered again. `early`: although kiosks have not reported. */
export async function endRestore(
  books: Books,
  { early }: { readonly early: boolean },
  { at }: Performing,
): Promise<ActOutcome> {
  const county = await books.get('counties', {});
  if (county?.restoring !== 1) return cannot('not-restoring', 'This hub is not being restored.', 'Reload the page.');
  const epochs = await books.list('epochs', 'all', {});
  const missing = unreported(epochs, county);
  if (missing.length > 0 && !early) {
    const names = missing.map((epoch) => `${epoch.tid}.${epoch.ep}`).join(', ');
    return cannot('not-reported', `These kiosks have not reported yet: ${names}.`, 'Wait for them, or end it early.');
  }
  // What is waited for no longer is judged as it comes; what was granted unknown to us will be over its allowance.
  const waiting = epochs
    .filter((row) => row.waitsCode === 'not-reported')
    .map((row): EpochRow => ({ ...row, waitsCode: null }));
  await books.put('epochs', waiting);
  await books.put('counties', [{ ...county, restoring: 0 }]);
  await settleException(books, 'hub-restored', county.id, at);
  return {
    ok: true,
    says: 'The restore has ended; the hub grants and posts again.',
    judge: waiting.map(({ tid, ep }) => ({ tid, ep })),
  };
}
