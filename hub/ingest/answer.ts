import type { Hashing, Verifying } from '../../protocol/crypto.ts';
import { fromHex } from '../../protocol/primitives/bytes.ts';
import type { ChainHead } from '../../protocol/records/chain.ts';
import { hashOf } from '../../protocol/records/record.ts';
import { SYNC_LIMITS, type SyncAsk, type SyncResponse, type VisitAnswer } from '../../protocol/sync/messages.ts';
import { type DownlinkDeps, downlink, entryOf, keysOf } from '../fleet/downlink.ts';
import { type Granting, topUp } from '../fleet/grants.ts';
import { type HubKeys, takeReport } from '../fleet/restore.ts';
import { takePins } from '../fleet/take-pins.ts';
import { serveWaits, type Visited, visit } from '../fleet/visits.ts';
import type { BookStore, Books, Reading } from '../ledger/books.ts';
import type { CardRow, CountyRow, EpochRow } from '../ledger/tables.ts';
import { readPolicy } from '../programme/policy.ts';
import { openException, settleException } from '../reconcile/exceptions.ts';
import { headAt } from './custody.ts';
import type { Judging } from './judging.ts';

/** What a terminal is told after custody: where its chain stands, what became of its records, what it may sell on. */

export interface AnswerDeps {
  readonly store: BookStore;
  readonly judging: Judging;
  readonly crypto: Hashing & Verifying;
  readonly downlink: DownlinkDeps;
  readonly hubKeys: HubKeys;
  /** How often a quiet kiosk asks, ms. */
  readonly pollMs: number;
  readonly nowMs: () => number;
  readonly onFault: (what: string, error: unknown) => void;
}

export interface Prepared {
  /** Epochs that have reported now, so that they may be judged. */
  readonly reported: readonly number[];
  readonly visited: readonly Visited[];
  /** The terminal's chain is not ours. */
  readonly differs: boolean;
}

/** All that the answer changes: the report, visits, waits, top-ups, in one transaction. */
export async function prepare(books: Books, deps: AnswerDeps, request: SyncAsk): Promise<Prepared> {
  const { tid, ep } = request;
  const county = await countyOf(books);
  let epoch = await epochOf(books, tid, ep);
  const at = deps.nowMs();
  const granting: Granting = { hub: deps.downlink.hub, county, at };
  let reported: number[] = [];
  if (request.report !== undefined && request.inc === county.inc && county.restoring === 1) {
    const hash = hashOf(request.report.enrolment, deps.crypto);
    const taken = await takeReport(books, epoch, request.report, hash, deps.hubKeys, granting);
    const epochs = await books.list('epochs', 'ofTerminal', { tid });
    if (taken) reported = epochs.filter((row) => row.reportedInc === county.inc).map((row) => row.ep);
    epoch = await epochOf(books, tid, ep);
  }
  const differs = await headsDiffer(books, request);
  if (differs || saysItIsOld(epoch, request)) await noteRollback(books, epoch, request, at);
  // Nothing is given to who does not know this incarnation yet, or whose chain is not ours.
  const current = request.inc === county.inc && !differs;
  const policy = readPolicy(county.policyJson);
  const visited: Visited[] = [];
  for (const asked of current ? request.want.visits : []) {
    const uid = fromHex(asked.uid) ?? new Uint8Array();
    const card = await cardOf(books, deps, uid, asked.kind);
    visited.push(await visit(books, epoch, asked, card, policy, granting));
  }
  const points = async () => {
    // Behind the visits: who was served in this very answer may have a PIN set.
    const taking = { seal: deps.downlink.seal, hashing: deps.downlink.hashing, at };
    await takePins(books, epoch, request, taking);
    await serveWaits(books, epoch, granting);
    await topUp(books, epoch, policy.capPts, granting);
  };
  await Promise.all([settleException(books, 'long-unseen', tid, at), current ? points() : undefined]);
  return { reported, visited, differs };
}

async function cardOf(books: Reading, deps: AnswerDeps, uid: Uint8Array, kind: string): Promise<CardRow | null> {
  const cards = await books.list('cards', 'byUid', { uidIndex: deps.downlink.seal.index(uid) });
  return cards.find((card) => card.kind === kind && card.acct !== null) ?? null;
}

/**
 * Heads are compared at have.seq only: an old request may say less than the hub has, and is no liar for it. Where the
 * stored chain itself is broken, two copies wrote it, and the beginning of one branch is missing: whoever asks sends all.
 */
async function headsDiffer(books: Reading, { tid, ep, have }: SyncAsk): Promise<boolean> {
  const epoch = await epochOf(books, tid, ep);
  const here = have.seq === epoch.storedSeq && epoch.storedHead !== null;
  const ours = here ? epoch.storedHead : await headAt(books, tid, ep, have.seq);
  return (ours !== null && ours !== have.head) || epoch.brokenSeq !== null;
}

/** A copy without records of its own has no head that differs; its kiosk knows by its fence, or by our last answer. */
function saysItIsOld({ state }: EpochRow, { health }: SyncAsk): boolean {
  const isLive = state === 'open' || state === 'frozen';
  return isLive && (health?.stop === 'rolled-back' || health?.stop === 'needs-new-epoch');
}

async function noteRollback(books: Books, epoch: EpochRow, request: SyncAsk, at: number): Promise<void> {
  const { tid, ep } = epoch;
  await openException(books, 'rollback', `${tid}.${ep}`, at, { seq: request.have.seq }, tid);
}

/** `stored` as custody left it; `prepared` as `prepare` did. */
export async function compose(
  books: Reading,
  deps: AnswerDeps,
  request: SyncAsk,
  stored: ChainHead,
  { visited, differs }: Prepared,
): Promise<SyncResponse> {
  const { tid, ep, want } = request;
  const county = await countyOf(books);
  const epoch = await epochOf(books, tid, ep);
  const known = request.inc === county.inc;
  // Versions count within one incarnation only: what the terminal has of an earlier one says nothing here.
  const has = known ? want : { ...want, judged: 0, roster: 0, catalogue: 0, hotlist: 0, policy: 0 };
  const [{ more, grants, ...down }, visits, judged] = await Promise.all([
    downlink(books, epoch, county, has, deps.downlink),
    visitAnswers(books, deps, epoch, visited),
    judgedSince(books, epoch, has.judged),
  ]);
  const again = visited.flatMap((each) => each.grantJws ?? []).filter((jws) => !grants.includes(jws));
  return {
    v: 1,
    ...{ tid, ep, id: request.id, inc: county.inc, at: deps.nowMs() },
    stored: { ep, ...stored },
    ...(differs ? { resendFrom: 1 } : {}),
    judged,
    ...down,
    grants: [...grants, ...again].slice(0, SYNC_LIMITS.grants),
    ...{ visits, reported: county.restoring === 0 || epoch.reportedInc === county.inc, state: stateTold(epoch) },
    retryAfter: more || !known || request.have.seq > stored.seq ? 0 : deps.pollMs,
  };
}

async function visitAnswers(
  books: Reading,
  deps: AnswerDeps,
  epoch: EpochRow,
  visited: readonly Visited[],
): Promise<VisitAnswer[]> {
  const village = await books.get('villages', { village: epoch.village });
  if (village === undefined || visited.length === 0) return [];
  const keys = keysOf(epoch, village, await countyOf(books), deps.downlink);
  const answers: VisitAnswer[] = [];
  for (const { answer, acct } of visited) {
    const resident = acct === null ? undefined : await books.get('residents', { acct });
    const entry = resident === undefined ? null : await entryOf(books, resident, keys, deps.downlink);
    const visitor = resident !== undefined && resident.village !== epoch.village;
    answers.push({ ...answer, ...(entry === null ? {} : { entry: { ...entry, ...(visitor ? { visitor } : {}) } }) });
  }
  return answers;
}

async function judgedSince(books: Reading, epoch: EpochRow, after: number): Promise<SyncResponse['judged']> {
  const { tid, ep, closedSeq } = epoch;
  const rows = await books.verdicts(tid, ep, after, SYNC_LIMITS.judged);
  return rows.map((row) => ({
    ...{ ep, seq: row.seq, flags: [...row.flags] },
    stage: row.stage === 'matched' && row.seq <= closedSeq ? 'closed' : row.stage,
    ...(row.code === null ? {} : { code: row.code }),
  }));
}

/** An epoch that has not opened yet sends no envelope that holds. */
function stateTold(epoch: EpochRow): SyncResponse['state'] {
  const { state } = epoch;
  return state === 'awaiting-device' || state === 'awaiting-confirmation' ? 'frozen' : state;
}

async function countyOf(books: Reading): Promise<CountyRow> {
  const county = await books.get('counties', {});
  if (county === undefined) throw new Error('this store holds no county');
  return county;
}

async function epochOf(books: Reading, tid: string, ep: number): Promise<EpochRow> {
  const epoch = await books.get('epochs', { tid, ep });
  if (epoch === undefined) throw new Error(`no epoch ${tid}.${ep}`);
  return epoch;
}

export async function judgeQuietly(deps: AnswerDeps, tid: string, ep: number): Promise<void> {
  try {
    await deps.judging.judgeChain(tid, ep);
  } catch (error) {
    deps.onFault(`judging ${tid}.${ep}`, error);
  }
}
