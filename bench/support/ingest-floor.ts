import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import postgres from 'postgres';
import { socketHost } from '../../hub/store/engine/postgres-address.ts';
import { parseCompact } from '../../protocol/jws/compact.ts';
import type { Signatures } from '../verify-worker.ts';
import type { Fleet } from './signed-fleet.ts';

/** What the same work costs at least: each signature verified once on all cores, plus the same bytes inserted raw. */

/** Ms from "all workers stand ready" to "all have verified". */
export async function verifyFloorMs(fleet: Fleet): Promise<number> {
  const cores = availableParallelism();
  const workers = await Promise.all(
    Array.from({ length: cores }, (_, core) => {
      const mine = fleet.terminals.filter((_terminal, n) => n % cores === core);
      const work: Signatures = {
        keys: mine.map(({ signer }) => signer.publicKey),
        signatures: mine.flatMap(({ records }, key) =>
          records.map(({ jws }) => {
            const parsed = parseCompact('tally-record', jws);
            if (parsed === null) throw new Error('a record of the benchmark is not compact');
            return { key, signed: parsed.signed, signature: parsed.signature };
          }),
        ),
      };
      const worker = new Worker(new URL('../verify-worker.js', import.meta.url), { workerData: work });
      return new Promise<Worker>((resolve, reject) => {
        worker.once('message', () => resolve(worker));
        worker.once('error', reject);
      });
    }),
  );
  const began = performance.now();
  const good = await Promise.all(
    workers.map(
      (worker) =>
        new Promise<number>((resolve, reject) => {
          worker.once('message', resolve);
          worker.once('error', reject);
          worker.postMessage('go');
        }),
    ),
  );
  const ms = performance.now() - began;
  const all = fleet.terminals.reduce((sum, { records }) => sum + records.length, 0);
  if (good.reduce((sum, each) => sum + each, 0) !== all) throw new Error('a signature of the benchmark does not hold');
  return ms;
}

interface RawRow {
  readonly tid: string;
  readonly seq: number;
  readonly hash: string;
  readonly prev: string;
  readonly jws: string;
}

/** In the batches that are sent: each was durable before the next. */
function batchesOf(fleet: Fleet, batch: number): RawRow[][] {
  const batches: RawRow[][] = [];
  for (const { tid, records } of fleet.terminals) {
    for (let at = 0; at < records.length; at += batch) {
      batches.push(records.slice(at, at + batch).map(({ seq, hash, prev, jws }) => ({ tid, seq, hash, prev, jws })));
    }
  }
  return batches;
}

const COLUMNS = `county_id TEXT NOT NULL, tid TEXT NOT NULL, ep INTEGER NOT NULL, seq INTEGER,
  hash TEXT NOT NULL, prev TEXT, jws TEXT NOT NULL, received_at BIGINT NOT NULL`;
const INDICES = `CREATE UNIQUE INDEX records_by_hash ON records (county_id, tid, ep, hash);
  CREATE INDEX records_by_code ON records (county_id, substr(hash, 1, 10));
  CREATE INDEX records_by_seq ON records (county_id, tid, ep, seq);
  CREATE INDEX records_by_arrival ON records (county_id, arrival);`;

export function sqliteFloorMs(fleet: Fleet, batch: number, path: string): number {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('cache_size = -131072');
  db.pragma('wal_autocheckpoint = 16384');
  db.exec(
    `CREATE TABLE records (arrival INTEGER PRIMARY KEY, ${COLUMNS.replace('BIGINT', 'INTEGER')}) STRICT; ${INDICES}`,
  );
  const insert = db.prepare(
    `INSERT INTO records (county_id, tid, ep, seq, hash, prev, jws, received_at) VALUES ('bench', ?, 1, ?, ?, ?, ?, 1)`,
  );
  const store = db.transaction((rows: RawRow[]) => {
    for (const { tid, seq, hash, prev, jws } of rows) insert.run(tid, seq, hash, prev, jws);
  });
  const batches = batchesOf(fleet, batch);
  const began = performance.now();
  for (const rows of batches) store(rows);
  const ms = performance.now() - began;
  db.close();
  return ms;
}

export async function postgresFloorMs(fleet: Fleet, batch: number, url: string): Promise<number> {
  const sql = postgres(url, { ...socketHost(url), max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(`CREATE TABLE records (arrival BIGSERIAL PRIMARY KEY, ${COLUMNS}); ${INDICES}`);
    const batches = batchesOf(fleet, batch);
    const began = performance.now();
    for (const rows of batches) {
      await sql`INSERT INTO records (county_id, tid, ep, seq, hash, prev, jws, received_at)
        SELECT 'bench', tid, 1, seq, hash, prev, jws, 1 FROM unnest(${rows.map((r) => r.tid)}::text[],
          ${rows.map((r) => r.seq)}::int[], ${rows.map((r) => r.hash)}::text[], ${rows.map((r) => r.prev)}::text[],
          ${rows.map((r) => r.jws)}::text[]) AS t (tid, seq, hash, prev, jws)`;
    }
    return performance.now() - began;
  } finally {
    await sql.end();
  }
}
