import { readTrusted, type SignedRecord } from '../../protocol/records/record.ts';
import type { BookStore, Books } from '../ledger/books.ts';
import { judge } from '../ledger/judge.ts';
import type { ChainState, Judgement, Verdict, WaitCode } from '../ledger/judgement.ts';
import type { EpochRow } from '../ledger/tables.ts';
import type { Marker } from './judging-marks.ts';
import { type Loaded, loadView } from './judging-view.ts';
import { type Judged, writeJudged } from './judging-write.ts';

/** Judges what custody holds: chain by chain, in order, run by run. */

const RUN_RECORDS = 500;

export interface Judging {
  /**
   * Judges the chain as far as it goes now. Resolves when nothing more can be judged. `fresh`: records that were read just
   * now, by HASH, so that they need not be read again.
   */
  judgeChain(tid: string, ep: number, fresh?: Fresh): Promise<void>;
  /** The same within a transaction that is open already: all of it stands, or none. */
  judgeIn(books: Books, tid: string, ep: number, fresh?: Fresh): Promise<void>;
  /** Everything left over from before a restart. */
  judgeAll(onFault: (what: string, error: unknown) => void): Promise<void>;
}
export type Fresh = ReadonlyMap<string, SignedRecord>;
export interface JudgingDeps {
  readonly store: BookStore;
  readonly nowMs: () => number;
  /** The rules; the simulator puts broken ones here to see them found. */
  readonly judge?: typeof judge;
  /** What the hub notices beside a verdict. */
  readonly mark?: Marker;
}

export function createJudging(deps: JudgingDeps): Judging {
  /** One chain is judged by one walk at a time; a second caller joins the line behind it. */
  const lines: Map<string, Promise<void>> = new Map();

  async function walk(tid: string, ep: number, fresh?: Fresh): Promise<void> {
    let more = true;
    while (more) more = await deps.store.write((books) => judgeRun(books, { tid, ep }, deps, fresh));
  }

  function judgeChain(tid: string, ep: number, fresh?: Fresh): Promise<void> {
    const key = `${tid}.${ep}`;
    const before = lines.get(key) ?? Promise.resolve();
    const line = before.then(() => walk(tid, ep, fresh));
    const settled = line.then(
      () => undefined,
      () => undefined, // the caller of this very walk is told; the next one in line starts fresh
    );
    lines.set(key, settled);
    void settled.then(() => {
      if (lines.get(key) === settled) lines.delete(key);
    });
    return line;
  }

  return {
    judgeChain,
    async judgeIn(books, tid, ep, fresh) {
      let more = true;
      while (more) more = await judgeRun(books, { tid, ep }, deps, fresh);
    },
    async judgeAll(onFault) {
      const epochs = await deps.store.read((books) => books.list('epochs', 'all', {}));
      for (const { tid, ep, judgedSeq, storedSeq } of epochs) {
        if (judgedSeq >= storedSeq) continue;
        try {
          await judgeChain(tid, ep);
        } catch (error) {
          onFault(`judging ${tid}.${ep}`, error); // one chain that cannot be judged must not keep the hub from starting
        }
      }
    },
  };
}

/** One run of one chain, in one transaction. True where there may be more. */
async function judgeRun(
  books: Books,
  { tid, ep }: Pick<EpochRow, 'tid' | 'ep'>,
  deps: JudgingDeps,
  fresh?: Fresh,
): Promise<boolean> {
  const at = deps.nowMs();
  const [epoch, county] = await Promise.all([books.get('epochs', { tid, ep }), books.get('counties', {})]);
  const chain = epoch === undefined ? null : chainOf(epoch);
  if (epoch === undefined || chain === null) return false;
  if (county?.restoring === 1 && epoch.reportedInc !== county.inc) {
    // A restored hub does not know yet what this kiosk was granted after the backup.
    if (epoch.waitsCode !== 'not-reported') await books.put('epochs', [{ ...epoch, waitsCode: 'not-reported' }]);
    return false;
  }
  const records = await nextRecords(books, epoch, fresh);
  const loaded = await loadView(books, epoch, records);
  const { judged, waits, after } = judgeRecords(records, chain, loaded, deps.judge ?? judge);
  const marking = deps.mark === undefined || county === undefined ? null : { epoch, county, judged };
  const marked = marking === null ? judged : await deps.mark?.(books, marking, at);
  await writeJudged(books, { epoch, chain: after, judged: marked ?? judged, waits, rows: loaded.allowanceRows }, at);
  return waits === null && records.length === RUN_RECORDS;
}

/** What was judged before a fork showed stays; from the forked seq on neither branch is judged: two people decide. */
async function nextRecords(books: Books, epoch: EpochRow, fresh?: Fresh): Promise<SignedRecord[]> {
  const to = Math.min(epoch.storedSeq, (epoch.forkedSeq ?? Number.MAX_SAFE_INTEGER) - 1);
  const { tid, ep } = epoch;
  const between = { from: epoch.judgedSeq + 1, to, limit: RUN_RECORDS };
  if (between.from > to) return [];
  const known = fresh === undefined || epoch.forkedSeq !== null ? [] : freshRun(fresh, epoch.ep, between);
  if (known.length > 0) return known;
  const rows = await books.list('records', 'bySeq', { tid, ep }, between);
  return rows.map((row) => fresh?.get(row.hash) ?? readTrusted(row.jws, row.hash));
}

/**
 * The run out of what was read just now, where that is all of it. All of `fresh` is stored, and no fork is: each of them
 * is the one record that stands at its place.
 */
function freshRun(
  fresh: Fresh,
  ep: number,
  { from, to, limit }: { from: number; to: number; limit: number },
): SignedRecord[] {
  const bySeq: Map<number, SignedRecord> = new Map();
  for (const record of fresh.values()) if (record.ep === ep) bySeq.set(record.seq, record);
  const run: SignedRecord[] = [];
  for (let seq = from; seq <= to && run.length < limit; seq++) {
    const record = bySeq.get(seq);
    if (record === undefined) return [];
    run.push(record);
  }
  return run;
}

/** Pure: each record is judged on what the ones before it in the run did. */
function judgeRecords(records: readonly SignedRecord[], begin: ChainState, loaded: Loaded, rules: typeof judge) {
  let chain = begin;
  const judged: Judged[] = [];
  let waits: WaitCode | null = null;
  for (const record of records) {
    const verdict: Verdict = rules(record, chain, loaded.view);
    if (verdict.kind === 'waits') {
      waits = verdict.code;
      break;
    }
    const judgement: Judgement = verdict.judgement;
    loaded.move(record, judgement);
    judged.push({ record, judgement });
    chain = judgement.chain;
  }
  return { judged, waits, after: chain };
}

function chainOf(row: EpochRow): ChainState | null {
  const head = row.judgedHead ?? row.enrolmentHash;
  if (head === null) return null;
  const { tid, ep, shop, closeSeq, closedSeq, day, revokedSeq, endSeq } = row;
  const state = { seq: row.judgedSeq, head, tot: row.judgedTot, at: row.judgedAt };
  return { tid, ep, shop, ...state, closeSeq, closedSeq, day, revokedSeq, endSeq };
}
