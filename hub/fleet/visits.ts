import { type Recall, SYNC_LIMITS, type VisitAnswer, type VisitAsked } from '../../protocol/sync/messages.ts';
import { ledgerAccount } from '../ledger/accounts.ts';
import type { Books, Reading } from '../ledger/books.ts';
import type { CardRow, EpochRow } from '../ledger/tables.ts';
import { openException } from '../reconcile/exceptions.ts';
import { type Granting, grant, markDue, soundRow, WAIT_MS } from './grants.ts';

/**
 * Somebody of another village: what is free is granted to the terminal where they stand; what lies at home is asked back
 * from there. One question (tid, ep, rid) has one answer for ever.
 */
export interface VisitPolicy {
  /** Most points one visit is granted. */
  readonly visitPts: number;
  /** Most visits one terminal is granted in a day. */
  readonly visitsADay: number;
}
export interface Visited {
  readonly answer: Omit<VisitAnswer, 'entry'>;
  readonly acct: string | null;
  /** The grant as it stands now, told again to who asks again. */
  readonly grantJws: string | null;
}

const DAY_MS = 86_400_000;

export async function visit(
  books: Books,
  epoch: EpochRow,
  asked: VisitAsked,
  card: CardRow | null,
  policy: VisitPolicy,
  granting: Granting,
): Promise<Visited> {
  const { tid, ep } = epoch;
  const known = await books.get('visits', { tid, ep, rid: asked.rid });
  if (known !== undefined) {
    const row = known.acct === null ? undefined : await books.get('allowances', { tid, ep, acct: known.acct });
    const { reason, grantedPts, acct } = known;
    return { answer: { rid: asked.rid, reason, grantedPts, more: false }, acct, grantJws: row?.grantJws ?? null };
  }
  const decided = await decide(books, epoch, card, policy, granting);
  const { reason, grantedPts, acct, more, grantJws } = decided;
  await books.add('visits', [{ tid, ep, rid: asked.rid, acct, reason, grantedPts, at: granting.at }]);
  return { answer: { rid: asked.rid, reason, grantedPts, more }, acct, grantJws };
}

async function decide(books: Books, epoch: EpochRow, card: CardRow | null, policy: VisitPolicy, granting: Granting) {
  const { tid, ep } = epoch;
  const nothing = (reason: string, acct: string | null = null, more = false) => ({
    ...{ reason, acct, more, grantedPts: 0, grantJws: null },
  });
  const acct = card?.acct ?? null;
  if (card === null || acct === null) {
    await openException(books, 'unknown-card', tid, granting.at, {}, tid);
    return nothing('unknown-card');
  }
  if (card.state !== 'good') return nothing('card-blocked');
  if (epoch.state !== 'open' || granting.county.restoring === 1) return nothing('not-now', acct);
  const today = await books.list('visits', 'ofChain', { tid, ep }, { from: granting.at - DAY_MS });
  if (today.filter((row) => row.grantedPts > 0).length >= policy.visitsADay) return nothing('visits-used-up', acct);
  const row = await books.get('allowances', { tid, ep, acct });
  if (row !== undefined && !soundRow(row)) return nothing('not-now', acct);
  const [free = 0, open = 0] = await books.balances([
    ledgerAccount.account(acct),
    ledgerAccount.allowance(acct, tid, ep),
  ]);
  const wanted = Math.max(0, policy.visitPts - open);
  const pts = Math.min(free, wanted);
  const asked = pts < wanted ? await recallElsewhere(books, epoch, acct, wanted - pts) : 0;
  if (asked > 0) await books.put('waits', [{ tid, ep, acct, pts: asked, at: granting.at }]);
  if (pts === 0) return nothing(asked > 0 ? 'recalling' : open > 0 ? 'granted' : 'nothing-free', acct, asked > 0);
  const granted = await grant(books, epoch, acct, pts, granting);
  return { reason: 'granted', acct, more: asked > 0, grantedPts: pts, grantJws: granted.grantJws };
}

/** Asks other open epochs to give back up to `pts` in all. Answers how much was asked for. */
export async function recallElsewhere(
  books: Books,
  here: Pick<EpochRow, 'tid' | 'ep'> | null,
  acct: string,
  pts: number,
): Promise<number> {
  let missing = pts;
  for (const row of await books.list('allowances', 'ofAccount', { acct })) {
    if (missing <= 0) break;
    if (here !== null && row.tid === here.tid && row.ep === here.ep) continue;
    const epoch = await books.get('epochs', { tid: row.tid, ep: row.ep });
    if (epoch?.state !== 'open') continue;
    const [open = 0] = await books.balances([ledgerAccount.allowance(acct, row.tid, row.ep)]);
    if (open <= 0) continue;
    const keep = Math.max(0, open - missing);
    const asked = row.keep === null ? keep : Math.min(row.keep, keep);
    if (asked !== row.keep) await books.put('allowances', [{ ...row, keep: asked }]);
    missing -= open - keep;
  }
  return pts - Math.max(0, missing);
}

/** What this terminal is asked to give back: told at every sync until it has come, or was spent. */
export async function recallsFor(books: Reading, { tid, ep }: EpochRow): Promise<Recall[]> {
  const rows = await books.list('allowances', 'recalled', { tid, ep }, { from: 0, limit: SYNC_LIMITS.recalls });
  return rows.map(({ acct, g, keep }) => ({ acct, G: g, keep: keep ?? 0 }));
}

/** Grants what came back meanwhile to the visitors who wait here for it. */
export async function serveWaits(books: Books, epoch: EpochRow, granting: Granting): Promise<void> {
  const { tid, ep } = epoch;
  for (const wait of await books.list('waits', 'ofChain', { tid, ep })) {
    const { acct } = wait;
    if (granting.at - wait.at > WAIT_MS || epoch.state !== 'open') {
      await books.drop('waits', [wait]);
      await markDue(books, [acct]);
      continue;
    }
    const row = await books.get('allowances', { tid, ep, acct });
    const [free = 0] = await books.balances([ledgerAccount.account(acct)]);
    const pts = row === undefined || soundRow(row) ? Math.min(free, wait.pts) : 0;
    if (pts === 0 || granting.county.restoring === 1) continue;
    await grant(books, epoch, acct, pts, granting);
    await books.drop('waits', [wait]);
    await markDue(books, [acct]);
  }
}
