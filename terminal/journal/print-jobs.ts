import type { Db } from '../../protocol/node/durable-sqlite.ts';

/**
 * Print jobs. Exactly-once printing does not exist, so: at most one original, and every further paper is a numbered
 * copy. queued -> sending (durable before the first byte) -> sent -> confirmed | unknown.
 */
export type JobState = 'queued' | 'sending' | 'sent' | 'confirmed' | 'unknown' | 'expired';
/** What a receipt says beside its record. */
export interface Slip {
  readonly name: string;
  readonly last4: string;
  readonly beforePts: number;
  readonly afterPts: number;
}
export interface PrintJob {
  readonly job: number;
  readonly seq: number;
  /** 0 the original; 1, 2, … copies. */
  readonly copy: number;
  readonly state: JobState;
  readonly madeAt: number;
  readonly slip: Slip;
}

/** A receipt that could not be started for so long is asked for, not flooded out when the printer comes back. */
export const JOB_EXPIRES_MS = 10 * 60_000;

const NEXT: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['sending', 'expired'],
  sending: ['sent', 'unknown', 'queued'],
  sent: ['confirmed', 'unknown'],
  confirmed: [],
  unknown: ['confirmed'],
  expired: [],
};

export interface RecentPrint extends PrintJob {
  readonly copies: number;
}
type JobRow = Omit<PrintJob, 'slip'> & { readonly slipJson: string };

function toJob(row: unknown): PrintJob | null {
  if (row === undefined) return null;
  const { slipJson, ...rest } = row as JobRow;
  return { ...rest, slip: JSON.parse(slipJson) as Slip };
}

/** `ep`: prints are asked for and shown of the epoch that sells. */
export function createPrintJobs(db: Db, ep: number) {
  const columns = 'job, seq, copy, state, made_at AS madeAt, slip_json AS slipJson';
  const one = db.prepare(`SELECT ${columns} FROM print_jobs WHERE job = ?`);
  const set = db.prepare('UPDATE print_jobs SET state = ? WHERE job = ? AND state = ?');

  return {
    /** Returns when the new state survives a power cut; false where the job was not in a state that may become it. */
    move(job: number, to: JobState): boolean {
      const row = toJob(one.get(job));
      if (row === null || !NEXT[row.state].includes(to)) return false;
      return set.run(to, job, row.state).changes === 1;
    },
    nextQueued: () =>
      toJob(
        db.prepare(`SELECT ${columns} FROM print_jobs WHERE ep = ? AND state = 'queued' ORDER BY job LIMIT 1`).get(ep),
      ),
    original: (seq: number) =>
      toJob(db.prepare(`SELECT ${columns} FROM print_jobs WHERE ep = ? AND seq = ? AND copy = 0`).get(ep, seq)),
    /** First those a clerk must be asked about (unknown, and no copy made yet), however old; then the newest. */
    recent: (limit: number): RecentPrint[] =>
      (
        db
          .prepare(
            `SELECT ${columns}, (SELECT count(*) FROM print_jobs c WHERE c.ep = o.ep AND c.seq = o.seq AND c.copy > 0) AS copies
             FROM print_jobs o WHERE ep = ? AND copy = 0 ORDER BY (state = 'unknown' AND copies = 0) DESC, seq DESC LIMIT ?`,
          )
          .all(ep, limit) as (JobRow & { copies: number })[]
      ).map(({ slipJson, ...row }) => ({ ...row, slip: JSON.parse(slipJson) as Slip })),
    addCopy(seq: number, at: number): number {
      const insert = `INSERT INTO print_jobs (ep, seq, copy, state, made_at, slip_json)
        SELECT ep, seq, (SELECT max(copy) + 1 FROM print_jobs WHERE ep = @ep AND seq = @seq), 'queued', @at, slip_json
        FROM print_jobs WHERE ep = @ep AND seq = @seq AND copy = 0`;
      return Number(db.prepare(insert).run({ ep, seq, at }).lastInsertRowid);
    },
    /**
     * After a restart nobody knows how much of a job that was being sent came out: it is unknown, and the clerk is
     * asked. A job that had not begun is still good.
     */
    settleAfterRestart(): number {
      return db.prepare(`UPDATE print_jobs SET state = 'unknown' WHERE state IN ('sending', 'sent')`).run().changes;
    },
    expireBefore(at: number): number {
      return db.prepare(`UPDATE print_jobs SET state = 'expired' WHERE state = 'queued' AND made_at < ?`).run(at)
        .changes;
    },
    counts: (): Record<string, number> =>
      Object.fromEntries(
        (
          db.prepare('SELECT state, count(*) AS n FROM print_jobs GROUP BY state').all() as {
            state: string;
            n: number;
          }[]
        ).map((row) => [row.state, row.n]),
      ),
  };
}
export type PrintJobs = ReturnType<typeof createPrintJobs>;
