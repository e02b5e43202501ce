import type { Books, Reading } from '../ledger/books.ts';
import type { EpochRow, RecordRow } from '../ledger/tables.ts';
import { openException, settleException } from '../reconcile/exceptions.ts';
import type { ReadRecord } from './envelope.ts';
import type { Arrival, Batch, StoredBatch } from './port.ts';

/**
 * Custody: whatever arrived is kept as the bytes it came in, before anything is judged, and whether or not anything in
 * the same batch is good. Junk belongs to the epoch whose envelope brought it.
 */
export function arrivalOf(
  from: { readonly tid: string; readonly ep: number },
  { jws, hash, record }: ReadRecord,
): Arrival {
  if (record === null) return { jws, hash, tid: from.tid, ep: from.ep, seq: null, prev: null };
  const { tid, ep, seq, prev } = record;
  return { jws, hash, tid, ep, seq, prev };
}

/**
 * Stores every arrival not yet known by its hash. A second record with a known (tid, ep, seq) is a fork: it is kept, and
 * its epoch is frozen in this very transaction.
 */
export async function storeBatch(books: Books, batch: Batch): Promise<StoredBatch> {
  const epochs = [...new Set([batch.ep, ...batch.arrivals.filter((a) => a.seq !== null).map((a) => a.ep)])];
  const toJudge: number[] = [];
  let stored = { seq: 0, head: '' };
  for (const ep of epochs) {
    const mine = batch.arrivals.filter((arrival) => arrival.ep === ep);
    const row = await books.get('epochs', { tid: batch.tid, ep });
    if (row === undefined) throw new Error(`custody for ${batch.tid}.${ep}, which this hub never enrolled`);
    const next = await storeEpoch(books, row, mine, batch.at);
    if (next !== row) await books.put('epochs', [next]);
    if (isDue(row, next)) toJudge.push(ep);
    if (ep === batch.ep) stored = headOf(next);
  }
  return { stored, toJudge };
}

async function storeEpoch(books: Books, row: EpochRow, arrivals: readonly Arrival[], at: number): Promise<EpochRow> {
  const { tid, ep } = row;
  const known = await knownOf(books, row, arrivals);
  const fresh: RecordRow[] = [];
  let forkedSeq: number | null = null;
  for (const { jws, hash, seq, prev } of arrivals) {
    if (known.hashes.has(hash)) continue;
    known.hashes.add(hash);
    if (seq !== null && known.heads.has(seq)) forkedSeq = Math.min(forkedSeq ?? seq, seq);
    else if (seq !== null) known.heads.set(seq, hash);
    fresh.push({ arrival: 0, tid, ep, seq, hash, prev, jws, receivedAt: at });
  }
  if (fresh.length > 0) await books.add('records', fresh);
  const top = Math.max(row.topSeq, ...fresh.map((record) => record.seq ?? 0));
  const advanced = await walkOn(books, { ...row, topSeq: top }, known.heads);
  const broken = brokenSeq([...known.records, ...fresh], row.brokenSeq);
  const same = top === row.topSeq && advanced.seq === row.storedSeq && broken === row.brokenSeq;
  const { seq: storedSeq, head: storedHead } = advanced;
  const grown = same ? row : { ...row, storedSeq, storedHead, topSeq: top, brokenSeq: broken };
  await noteGap(books, row, grown, at);
  if (forkedSeq === null) return grown;
  const lowest = Math.min(forkedSeq, row.forkedSeq ?? forkedSeq);
  if (row.forkedSeq === null) await openException(books, 'fork', `${tid}.${ep}`, at, { seq: lowest }, tid);
  return { ...grown, forkedSeq: lowest, state: grown.state === 'open' ? 'frozen' : grown.state };
}

/**
 * A record that names none of those stored before it was written by another copy, whose beginning is missing here: the
 * lowest such seq. Found in custody, so that a frozen chain that nobody judges still asks for what it lacks.
 */
function brokenSeq(records: readonly RecordRow[], known: number | null): number | null {
  const bySeq: Map<number, Set<string>> = new Map();
  for (const { seq, hash } of records) if (seq !== null) bySeq.set(seq, (bySeq.get(seq) ?? new Set()).add(hash));
  let lowest = known;
  for (const { seq, prev } of records) {
    const before = seq === null ? undefined : bySeq.get(seq - 1);
    if (seq === null || prev === null || before === undefined || before.has(prev)) continue;
    lowest = Math.min(lowest ?? seq, seq);
  }
  return lowest;
}

async function noteGap(books: Books, before: EpochRow, now: EpochRow, at: number): Promise<void> {
  const subject = `${now.tid}.${now.ep}`;
  const had = before.topSeq > before.storedSeq;
  const has = now.topSeq > now.storedSeq;
  if (has && !had) await openException(books, 'gap', subject, at, { from: now.storedSeq + 1 }, now.tid);
  if (had && !has) await settleException(books, 'gap', subject, at);
}

/** What is stored already among and between the arrivals: hashes, and the first hash at each seq. */
async function knownOf(books: Reading, { tid, ep }: EpochRow, arrivals: readonly Arrival[]) {
  const seqs = arrivals.flatMap((arrival) => (arrival.seq === null ? [] : [arrival.seq]));
  const heads: Map<number, string> = new Map();
  const hashes: Set<string> = new Set();
  const records: RecordRow[] = [];
  if (seqs.length > 0) {
    // With its neighbours, as links are looked at on both sides.
    const between = { from: Math.min(...seqs) - 1, to: Math.max(...seqs) + 1 };
    for (const record of await books.list('records', 'bySeq', { tid, ep }, between)) {
      records.push(record);
      hashes.add(record.hash);
      if (record.seq !== null && !heads.has(record.seq)) heads.set(record.seq, record.hash);
    }
  }
  const junk = arrivals.filter((arrival) => arrival.seq === null);
  const rows = await books.many(
    'records',
    junk.map(({ hash }) => ({ tid, ep, hash })),
  );
  for (const row of rows) if (row !== undefined) hashes.add(row.hash);
  return { heads, hashes, records };
}

/** Walks on from the stored prefix as far as there is no hole that nobody accepted. */
export async function advance(books: Reading, row: EpochRow): Promise<EpochRow> {
  const { seq, head } = await walkOn(books, row, new Map());
  return seq === row.storedSeq ? row : { ...row, storedSeq: seq, storedHead: head };
}

/** `heads`: what is known to stand where, so that it need not be read. Nothing stands above `topSeq`. */
async function walkOn(
  books: Reading,
  { tid, ep, topSeq, ...row }: EpochRow,
  heads: ReadonlyMap<number, string>,
): Promise<{ readonly seq: number; readonly head: string | null }> {
  const at = (seq: number) => (seq > topSeq ? null : (heads.get(seq) ?? headAt(books, tid, ep, seq)));
  let seq = row.storedSeq;
  let head = row.storedHead;
  for (;;) {
    const next = await at(seq + 1);
    if (next !== null) {
      seq += 1;
      head = next;
      continue;
    }
    // Nothing lies behind: the usual end.
    if (seq >= topSeq) return { seq, head };
    const holes = await books.list('holes', 'ofChain', { tid, ep });
    const hole = holes.find((each) => each.fromSeq === seq + 1);
    const behind = hole === undefined ? null : await at(hole.toSeq + 1);
    if (hole === undefined || behind === null) return { seq, head };
    seq = hole.toSeq + 1;
    head = behind;
  }
}

/** HASH stored at that seq, first to arrive; null where nothing is. At seq 0 the hash of the enrolment. */
export async function headAt(books: Reading, tid: string, ep: number, seq: number): Promise<string | null> {
  if (seq === 0) return (await books.get('epochs', { tid, ep }))?.enrolmentHash ?? null;
  const [first] = await books.list('records', 'bySeq', { tid, ep }, { from: seq, to: seq, limit: 1 });
  return first?.hash ?? null;
}

export function headOf(row: EpochRow): { seq: number; head: string } {
  return { seq: row.storedSeq, head: row.storedHead ?? row.enrolmentHash ?? '' };
}

/** A judging that failed before is due again; one that waits is due only when something new came. */
function isDue(before: EpochRow, now: EpochRow): boolean {
  return now.storedSeq > before.storedSeq || (now.judgedSeq < now.storedSeq && now.waitsCode === null);
}
