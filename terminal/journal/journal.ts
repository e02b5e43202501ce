import { randomBytes } from 'node:crypto';
import { type Allowance, type Counters, NO_COUNTERS } from '../../protocol/allowance/counters.ts';
import type { Hashing, Signer } from '../../protocol/crypto.ts';
import { type Db, openDurable } from '../../protocol/node/durable-sqlite.ts';
import type { ChainHead } from '../../protocol/records/chain.ts';
import type { Payload } from '../../protocol/records/payload.ts';
import { encodeRecord, type SignedRecord } from '../../protocol/records/record.ts';
import type { Fence } from './fence.ts';
import type { Slip } from './print-jobs.ts';

/** The append-only signed journal. One append is one FULL commit, then the fence; only then may anything leave. */

/** A payload without what the journal itself adds. */
type Chained = 'v' | 'tid' | 'ep' | 'seq' | 'prev' | 'up' | 'boot' | 'tot';
export type Draft = Payload extends infer P ? (P extends Payload ? Omit<P, Chained> : never) : never;

export interface EpochRow {
  readonly tid: string;
  readonly ep: number;
  readonly enrolmentJws: string;
  readonly enrolmentHash: string;
  readonly hubKid: string;
  readonly hubKey: Uint8Array;
  readonly pepper: Uint8Array;
}

export function openJournal(path: string): Db {
  return openDurable({ path, migrations: new URL('./migrations/', import.meta.url) });
}

export function readEpoch(db: Db): EpochRow | null {
  const row = db
    .prepare(
      `SELECT tid, ep, enrolment_jws AS enrolmentJws, enrolment_hash AS enrolmentHash, hub_kid AS hubKid,
         hub_key AS hubKey, pepper FROM epoch`,
    )
    .get();
  return (row as EpochRow | undefined) ?? null;
}

export function writeEpoch(db: Db, row: EpochRow): void {
  db.prepare('INSERT INTO epoch VALUES (1, ?, ?, ?, ?, ?, ?, ?)').run(
    ...[row.tid, row.ep, row.enrolmentJws, row.enrolmentHash, row.hubKid, row.hubKey, row.pepper],
  );
}

export interface JournalDeps {
  readonly db: Db;
  readonly epoch: EpochRow;
  readonly signer: Signer;
  readonly hashing: Hashing;
  readonly fence: Fence;
  readonly monotonicMs: () => number;
}

export function createJournal(deps: JournalDeps) {
  const { db, epoch, fence } = deps;
  const boot = randomBytes(6).toString('base64url');
  const startedMs = deps.monotonicMs();
  const lastRow = db.prepare('SELECT seq, hash, at FROM records ORDER BY seq DESC LIMIT 1');
  const insertRecord = db.prepare('INSERT INTO records (seq, jws, hash, type, at, acct) VALUES (?, ?, ?, ?, ?, ?)');
  const setCounters = db.prepare('UPDATE allowances SET s = ?, v = ?, r = ? WHERE acct = ?');
  const insertJob = db.prepare(
    `INSERT INTO print_jobs (seq, copy, state, made_at, slip_json) VALUES (?, 0, 'queued', ?, ?)`,
  );
  const fact = db.prepare('SELECT value FROM facts WHERE name = ?').pluck();
  const setFact = db.prepare('INSERT INTO facts VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');

  function head(): ChainHead & { at: number } {
    const row = lastRow.get() as { seq: number; hash: string; at: number } | undefined;
    return row ? { seq: row.seq, head: row.hash, at: row.at } : { seq: 0, head: epoch.enrolmentHash, at: 0 };
  }

  /** Signs, commits durably and fences. `slip`: a print job of the original is queued in the same commit. */
  function append(draft: Draft, totDelta: number, slip: Slip | null): SignedRecord {
    const record = db
      .transaction(() => {
        const last = head();
        const tot = Number(fact.get('tot') ?? 0) + totDelta;
        const payload = {
          ...draft,
          ...{ v: 1, tid: epoch.tid, ep: epoch.ep, seq: last.seq + 1, prev: last.head },
          ...{ up: Math.round(deps.monotonicMs() - startedMs), boot, tot },
        } as Payload;
        const signed = encodeRecord(payload, deps.signer, deps.hashing);
        const acct = 'acct' in payload ? payload.acct : null;
        insertRecord.run(signed.seq, signed.jws, signed.hash, signed.type, payload.at, acct);
        if ('S' in payload) setCounters.run(payload.S, payload.V, payload.R, acct);
        if (totDelta !== 0) setFact.run('tot', String(tot));
        if (slip !== null) insertJob.run(signed.seq, payload.at, JSON.stringify(slip));
        return signed;
      })
      .immediate();
    // The record is durable here. If we crash before the next line the start brings the fence up by this one record.
    fence.raise({ ep: epoch.ep, seq: record.seq, head: record.hash });
    return record;
  }

  function counters(acct: string): Counters {
    const row = db.prepare('SELECT s AS S, v AS V, r AS R FROM allowances WHERE acct = ?').get(acct);
    return (row as Counters | undefined) ?? NO_COUNTERS;
  }

  return {
    head,
    append,
    counters,
    allowance(acct: string): Allowance & { readonly notAfter: number } {
      const row = db
        .prepare('SELECT g AS G, s AS S, v AS V, r AS R, not_after AS notAfter FROM allowances WHERE acct = ?')
        .get(acct);
      return (row as (Allowance & { notAfter: number }) | undefined) ?? { G: 0, ...NO_COUNTERS, notAfter: 0 };
    },
    hashAt(seq: number): string | null {
      if (seq === 0) return epoch.enrolmentHash;
      return (db.prepare('SELECT hash FROM records WHERE seq = ?').pluck().get(seq) as string | undefined) ?? null;
    },
    record(seq: number): { jws: string; hash: string } | null {
      return (
        (db.prepare('SELECT jws, hash FROM records WHERE seq = ?').get(seq) as { jws: string; hash: string }) ?? null
      );
    },
    /** Records after `seq`, oldest first. */
    after(seq: number, limit: number): { seq: number; jws: string }[] {
      const select = 'SELECT seq, jws FROM records WHERE seq > ? ORDER BY seq LIMIT ?';
      return db.prepare(select).all(seq, limit) as { seq: number; jws: string }[];
    },
    fact: (name: string) => (fact.get(name) as string | undefined) ?? null,
    setFact: (name: string, value: string) => {
      setFact.run(name, value);
    },
  };
}
export type Journal = ReturnType<typeof createJournal>;
