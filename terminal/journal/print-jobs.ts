import type { Db } from '../../protocol/node/durable-sqlite.ts';

/**
 * Print jobs. Exactly-once printing does not exist, so: at most one original, and every further paper is a numbered
 * copy. queued -> sending -> sent -> confirmed | unknown. That it is being sent is durable before the first byte: here, or in
 * the fence that was raised for its record anyway.
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
type RecentRow = JobRow & { readonly copies: number };

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
  const next = db.prepare(`SELECT ${columns} FROM print_jobs WHERE state = 'queued' AND ep = ? ORDER BY job LIMIT 1`);
  const expire = db.prepare(`UPDATE print_jobs SET state = 'expired' WHERE state = 'queued' AND made_at < ?`);
  const copies = '(SELECT count(*) FROM print_jobs c WHERE c.ep = o.ep AND c.seq = o.seq AND c.copy > 0) AS copies';
  const originals = `SELECT ${columns}, ${copies} FROM print_jobs o WHERE ep = @ep AND copy = 0`;
  const recent = {
    unknown: db.prepare(`${originals} AND state = 'unknown' AND copies = 0 ORDER BY seq DESC LIMIT @limit`),
    newest: db.prepare(`${originals} ORDER BY seq DESC LIMIT @limit`),
  };
  const tally = jobTally(db);

  return {
    /** Returns when the new state survives a power cut; false where the job was not in a state that may become it. */
    move(job: number, to: JobState): boolean {
      const row = toJob(one.get(job));
      if (row === null || !NEXT[row.state].includes(to)) return false;
      const { changes } = set.run(to, job, row.state);
      tally.became(to, changes);
      return changes === 1;
    },
    nextQueued: () => toJob(next.get(ep)),
    original: (seq: number) =>
      toJob(db.prepare(`SELECT ${columns} FROM print_jobs WHERE ep = ? AND seq = ? AND copy = 0`).get(ep, seq)),
    /** First those a clerk must be asked about (unknown, and no copy made yet), however old; then the newest. */
    recent(limit: number): RecentPrint[] {
      const asked = recent.unknown.all({ ep, limit }) as RecentRow[];
      const others = recent.newest.all({ ep, limit }) as RecentRow[];
      const rest = others.filter(({ job }) => asked.every((each) => each.job !== job));
      return [...asked, ...rest]
        .slice(0, limit)
        .map(({ slipJson, ...row }) => ({ ...row, slip: JSON.parse(slipJson) }));
    },
    /** The original of that record as the list of recent prints has it. */
    withCopies(seq: number): RecentPrint | null {
      const row = db.prepare(`${originals} AND seq = @seq`).get({ ep, seq }) as RecentRow | undefined;
      if (row === undefined) return null;
      const { slipJson, ...rest } = row;
      return { ...rest, slip: JSON.parse(slipJson) };
    },
    addCopy(seq: number, at: number): number {
      const insert = `INSERT INTO print_jobs (ep, seq, copy, state, made_at, slip_json)
        SELECT ep, seq, (SELECT max(copy) + 1 FROM print_jobs WHERE ep = @ep AND seq = @seq), 'queued', @at, slip_json
        FROM print_jobs WHERE ep = @ep AND seq = @seq AND copy = 0`;
      return Number(db.prepare(insert).run({ ep, seq, at }).lastInsertRowid);
    },
    /**
     * After a restart nobody knows how much of a job that was being sent came out: it is unknown, and the clerk is
     * asked. A job that had not begun is still good. `announcedSeq`: whose original the fence says was begun.
     */
    settleAfterRestart(announcedSeq: number | null): number {
      const begun = `UPDATE print_jobs SET state = 'unknown' WHERE state IN ('sending', 'sent')`;
      const announced = `UPDATE print_jobs SET state = 'unknown' WHERE ep = ? AND seq = ? AND copy = 0 AND state = 'queued'`;
      return db.transaction(
        () => db.prepare(begun).run().changes + db.prepare(announced).run(ep, announcedSeq).changes,
      )();
    },
    expireBefore(at: number): number {
      const { changes } = expire.run(at);
      tally.became('expired', changes);
      return changes;
    },
    /** How many a clerk may have to be asked about. */
    unknown: tally.unknown,
    counts: tally.counts,
  };
}
export type PrintJobs = ReturnType<typeof createPrintJobs>;

/**
 * How many jobs are in each state, of every epoch. A month leaves tens of thousands confirmed: they are counted once, when
 * somebody first asks, and from then on as they come, since nothing but this process moves a job. The other states are few,
 * and have an index each.
 */
function jobTally(db: Db) {
  const queued = db.prepare(`SELECT count(*) FROM print_jobs WHERE state = 'queued'`).pluck();
  const unknown = db.prepare(`SELECT count(*) FROM print_jobs WHERE state = 'unknown'`).pluck();
  // In the very words of its index, or SQLite does not see that it serves.
  const ofBegun = `SELECT state, count(*) FROM print_jobs WHERE state IN ('sending', 'sent') GROUP BY state`;
  const begun = db.prepare(ofBegun).raw();
  let done: Map<string, number> | null = null;

  function countDone(): Map<string, number> {
    const ended = `SELECT state, count(*) FROM print_jobs WHERE state IN ('confirmed', 'expired') GROUP BY state`;
    return new Map(db.prepare(ended).raw().all() as [string, number][]);
  }

  return {
    /** Told of each move behind it. */
    became(state: JobState, jobs: number): void {
      if (state === 'confirmed' || state === 'expired') done?.set(state, (done.get(state) ?? 0) + jobs);
    },
    unknown: () => unknown.get() as number,
    /** A state that no job is in is left out. */
    counts(): Record<string, number> {
      done ??= countDone();
      const now = [['queued', queued.get()], ...begun.all(), ['unknown', unknown.get()], ...done] as [string, number][];
      return Object.fromEntries(now.filter(([, jobs]) => jobs > 0));
    },
  };
}
