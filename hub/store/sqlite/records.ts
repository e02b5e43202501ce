import type { ChainHead } from '../../../protocol/records/chain.ts';
import type { Arrival, Batch, RecordStore, StoredBatch } from '../../ingest/port.ts';
import { type Context, transaction } from './context.ts';

/** Custody on SQLite. */
export function sqliteRecordStore(context: Context): RecordStore {
  const { db, county } = context;
  const known = db.prepare('SELECT 1 FROM records WHERE county_id = ? AND tid = ? AND ep = ? AND hash = ?').pluck();
  const sameSeq = db
    .prepare('SELECT 1 FROM records WHERE county_id = ? AND tid = ? AND ep = ? AND seq = ? LIMIT 1')
    .pluck();
  const insert = db.prepare(
    'INSERT INTO records (county_id, tid, ep, seq, hash, jws, received_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const freeze = db.prepare(
    `UPDATE epochs SET forked_seq = min(coalesce(forked_seq, @seq), @seq),
       state = CASE state WHEN 'open' THEN 'frozen' ELSE state END
     WHERE county_id = @county AND tid = @tid AND ep = @ep`,
  );
  const firstAt = db
    .prepare('SELECT hash FROM records WHERE county_id = ? AND tid = ? AND ep = ? AND seq = ? ORDER BY arrival LIMIT 1')
    .pluck();
  const epoch = db.prepare(
    'SELECT stored_seq, stored_head, enrolment_hash, judged_seq, waits_code FROM epochs WHERE county_id = ? AND tid = ? AND ep = ?',
  );
  const setStored = db.prepare(
    'UPDATE epochs SET stored_seq = ?, stored_head = ? WHERE county_id = ? AND tid = ? AND ep = ?',
  );

  function storeOne(arrival: Arrival, at: number): void {
    const { tid, ep, seq, hash, jws } = arrival;
    if (known.get(county, tid, ep, hash) !== undefined) return;
    if (seq !== null && sameSeq.get(county, tid, ep, seq) !== undefined) freeze.run({ county, tid, ep, seq });
    insert.run(county, tid, ep, seq, hash, jws, at);
  }

  /** Walks on from the stored prefix as far as there is no hole. A judging that failed before is due again. */
  function advance(tid: string, ep: number): { head: ChainHead; due: boolean } {
    const row = epoch.get(county, tid, ep) as EpochRow | undefined;
    if (row === undefined) return { head: { seq: 0, head: '' }, due: false };
    let seq = row.stored_seq;
    let head = row.stored_head ?? row.enrolment_hash ?? '';
    for (;;) {
      const next = firstAt.get(county, tid, ep, seq + 1) as string | undefined;
      if (next === undefined) break;
      seq += 1;
      head = next;
    }
    const grew = seq > row.stored_seq;
    if (grew) setStored.run(seq, head, county, tid, ep);
    return { head: { seq, head }, due: grew || (row.judged_seq < seq && row.waits_code === null) };
  }

  return {
    async storeBatch(batch: Batch): Promise<StoredBatch> {
      return transaction(context, () => {
        for (const arrival of batch.arrivals) storeOne(arrival, batch.at);
        const epochs = new Set([batch.ep, ...batch.arrivals.filter((a) => a.seq !== null).map((a) => a.ep)]);
        const toJudge = [...epochs].filter((ep) => advance(batch.tid, ep).due);
        return { stored: advance(batch.tid, batch.ep).head, toJudge };
      });
    },
    async headAt(tid, ep, seq) {
      if (seq > 0) return (firstAt.get(county, tid, ep, seq) as string | undefined) ?? null;
      const row = epoch.get(county, tid, ep) as EpochRow | undefined;
      return row?.enrolment_hash ?? null;
    },
  };
}

interface EpochRow {
  readonly stored_seq: number;
  readonly stored_head: string | null;
  readonly enrolment_hash: string | null;
  readonly judged_seq: number;
  readonly waits_code: string | null;
}
