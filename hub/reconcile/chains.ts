import { recordNumber } from '../../protocol/records/number.ts';
import { readTrusted } from '../../protocol/records/record.ts';
import { advance, headAt } from '../ingest/custody.ts';
import { ledgerAccount } from '../ledger/accounts.ts';
import type { Books } from '../ledger/books.ts';
import type { EpochRow } from '../ledger/tables.ts';
import { transfer } from '../ledger/transfers.ts';
import { type ActOutcome, cannot, type Performing } from '../operators/acts.ts';
import { settleException, settleOfChain } from './exceptions.ts';
import { isDead } from './holds.ts';

/** What two people decide about a chain: a hole that stays, a record put aside, a fork's branches, a last close. */

interface ChainDetail {
  readonly tid: string;
  readonly ep: number;
}

/** The records between are gone for good. What they moved shows in the accounts' next records, and is held. */
export async function acceptHole(
  books: Books,
  { tid, ep, to }: ChainDetail & { readonly to: number },
  { at, act }: Performing,
): Promise<ActOutcome> {
  const epoch = await books.get('epochs', { tid, ep });
  const behind = epoch === undefined ? null : await headAt(books, tid, ep, to + 1);
  const from = (epoch?.storedSeq ?? 0) + 1;
  const between = await books.list('records', 'bySeq', { tid, ep }, { from, to, limit: 1 });
  if (epoch === undefined || behind === null || to < from || between.length > 0) {
    return cannot('no-such-hole', 'These records are not missing any more.', 'Reload the terminal’s page.');
  }
  await books.add('holes', [{ tid, ep, fromSeq: from, toSeq: to, act }]);
  const grown = await advance(books, epoch);
  await books.put('epochs', [grown]);
  if (grown.topSeq <= grown.storedSeq) await settleException(books, 'gap', `${tid}.${ep}`, at);
  return { ok: true, says: `${to - from + 1} missing record(s) accepted.`, judge: [{ tid, ep }] };
}

/** Judging waits at a record whose revision nobody knows: it is quarantined instead, and judging goes on. */
export async function overrule(
  books: Books,
  { tid, ep, seq }: ChainDetail & { readonly seq: number },
  { act }: Performing,
): Promise<ActOutcome> {
  const epoch = await books.get('epochs', { tid, ep });
  const hash = await headAt(books, tid, ep, seq);
  if (epoch?.waitsCode !== 'unknown-revision' || epoch.judgedSeq + 1 !== seq || hash === null) {
    return cannot('not-waiting', 'Judging does not wait at this record.', 'Reload the record’s page.');
  }
  await books.add('decisions', [{ tid, ep, seq, hash, kind: 'overrule', act }]);
  await books.put('epochs', [{ ...epoch, waitsCode: null }]);
  return { ok: true, says: 'The record is put aside.', judge: [{ tid, ep }] };
}

/** One record of a fork's branches: a sale is paid to the shop from `loss`, anything else has no effect. */
export async function decideForked(
  books: Books,
  { tid, ep, hash, as }: ChainDetail & { readonly hash: string; readonly as: 'sale' | 'nothing' },
  { at, act }: Performing,
): Promise<ActOutcome> {
  const epoch = await books.get('epochs', { tid, ep });
  const stored = await books.get('records', { tid, ep, hash });
  const seq = stored?.seq ?? null;
  const decided = await books.get('decisions', { tid, ep, hash });
  if (epoch === undefined || stored === undefined || seq === null || decided !== undefined) {
    return cannot('not-open', 'This record waits for no decision.', 'Reload the fork’s page.');
  }
  const judged = await books.get('judgements', { tid, ep, seq });
  if (epoch.forkedSeq === null || seq < epoch.forkedSeq || judged?.hash === hash) {
    return cannot('not-forked', 'This record stands in no fork.', 'Reload the fork’s page.');
  }
  await books.add('decisions', [{ tid, ep, seq, hash, kind: as, act }]);
  if (await allDecided(books, epoch)) await settleException(books, 'fork', `${tid}.${ep}`, at);
  const { payload } = readTrusted(stored.jws, hash);
  if (as === 'sale' && payload?.type === 'redeem') {
    const number = recordNumber({ tid, ep, seq });
    const id = `loss:${number}.${hash}`;
    const shop = ledgerAccount.shop(epoch.shop);
    await books.post([transfer('loss', id, ledgerAccount.loss, shop, payload.pts, number)], at, act);
    return { ok: true, says: `${payload.pts} points went to the shop, at the programme’s cost.` };
  }
  return { ok: true, says: 'It stays without effect.' };
}

/** Whether two people have decided every record from the forked seq on, or a branch of it was judged before. */
async function allDecided(books: Books, { tid, ep, forkedSeq }: EpochRow): Promise<boolean> {
  const records = await books.list('records', 'bySeq', { tid, ep }, { from: forkedSeq ?? 0 });
  const decided = await books.list('decisions', 'ofChain', { tid, ep }, { from: forkedSeq ?? 0 });
  const judged = await books.list('judgements', 'ofChain', { tid, ep }, { from: forkedSeq ?? 0 });
  const known = new Set([...decided, ...judged].map((row) => row.hash));
  return records.every((record) => known.has(record.hash));
}

/** The last close of an epoch whose kiosk will make none: everything judged and not closed. */
export async function finalClose(books: Books, { tid, ep }: ChainDetail, { at }: Performing): Promise<ActOutcome> {
  const epoch = await books.get('epochs', { tid, ep });
  if (epoch === undefined || !isDead(epoch)) {
    return cannot('alive', 'This kiosk can still close its day itself.', 'End or revoke its epoch first.');
  }
  if (epoch.closedSeq >= epoch.judgedSeq) {
    return cannot('all-closed', 'Everything of this epoch is closed.', 'There is nothing to do.');
  }
  const fromSeq = epoch.closedSeq + 1;
  const rows = await books.list('judgements', 'ofChain', { tid, ep }, { from: fromSeq, to: epoch.judgedSeq });
  const sum = (type: string) => rows.filter((row) => row.type === type && row.stage === 'matched');
  const pts = (list: typeof rows) => list.reduce((total, row) => total + (row.pts ?? 0), 0);
  const [redeems, voids] = [sum('redeem'), sum('void')];
  await books.add('closes', [
    {
      // Below zero: no record of the chain stands there, nor can one ever.
      ...{ tid, ep, seq: -epoch.judgedSeq, fromSeq, toSeq: epoch.judgedSeq, at, auto: 1, holed: 0, byItem: {} },
      ...{ redeemedCount: redeems.length, redeemedPts: pts(redeems) },
      ...{ voidedCount: voids.length, voidedPts: pts(voids) },
    },
  ]);
  await books.put('epochs', [{ ...epoch, closedSeq: epoch.judgedSeq }]);
  await settleOfChain(books, epoch, ['close-mismatch'], at);
  return { ok: true, says: `Closed up to record ${epoch.judgedSeq}.` };
}
