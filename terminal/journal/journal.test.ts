import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeHashing, nodeSigner } from '../../protocol/node/crypto.ts';
import type { Db } from '../../protocol/node/durable-sqlite.ts';
import { checkFenceAtStart } from '../agent/start-check.ts';
import { createFence, type Fence } from './fence.ts';
import { fenceFile } from './fence-file.ts';
import { createJournal, type Draft } from './journal.ts';
import type { EpochRow } from './port.ts';
import { createPrintJobs, type JobState } from './print-jobs.ts';
import { openJournal, sqliteStore } from './sqlite-store.ts';

/** Commit, then fence, then anything leaves: what the journal holds after each kind of end. */

const dir = mkdtempSync(join(tmpdir(), 'tally-journal-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const epoch: EpochRow = {
  ...{ tid: 'k1', ep: 1, enrolmentJws: 'e', enrolmentHash: 'A'.repeat(43), hubKid: 'hub.1' },
  ...{ hubKey: new Uint8Array(32), pepper: new Uint8Array(32) },
};
const slip = { name: '张*芳', last4: '6105', beforePts: 100, afterPts: 94 };
let n = 0;
let path = '';
let db: Db;
let fence: Fence;

function journal(over: Fence = fence, onFenceLost: (error: Error) => void = () => undefined) {
  return createJournal({
    ...{
      store: sqliteStore(db),
      epoch,
      boot: 'b',
      signer: nodeSigner('k1.1', new Uint8Array(32).fill(3)),
      hashing: nodeHashing,
      fence: over,
    },
    monotonicMs: () => 1,
    onFenceLost,
  });
}
const redeem = (S: number): Draft => ({
  ...{ type: 'redeem', at: 5, day: '2027-01-15', acct: 'a1', card: `1.${'A'.repeat(22)}` },
  ...{ lines: [{ sku: 'salt', rev: 1, qty: 1, pts: 6 }], pts: 6, S, V: 0, R: 0 },
  auth: { level: 'uid', pin: false, hotlist: 0 },
});

beforeEach(() => {
  path = join(dir, `${++n}`);
  db = openJournal(`${path}.sqlite`);
  sqliteStore(db).addEpoch(epoch);
  db.prepare(`INSERT INTO allowances (ep, acct, g) VALUES (1, 'a1', 20)`).run();
  fence = createFence(fenceFile(`${path}.fence`), nodeHashing);
  fence.raise({ ep: 1, seq: 0, head: epoch.enrolmentHash });
});

describe('the journal', () => {
  it('commits record, counters, total and print job together, then raises the fence', () => {
    const record = journal().append(redeem(6), slip);
    expect(record).toMatchObject({ seq: 1, prev: epoch.enrolmentHash, payload: { tot: 6 } });
    expect(journal().allowance('a1')).toMatchObject({ G: 20, S: 6 });
    expect(createPrintJobs(db, 1).original(1)).toMatchObject({ state: 'queued', copy: 0, slip });
    expect(fence.mark()).toEqual({ ep: 1, seq: 1, head: record.hash });
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
  });

  it('tells how long a record took, with its fence; nothing of one that did not get so far', () => {
    let nowMs = 0;
    const told: number[] = [];
    const slow: Fence = {
      ...fence,
      raise(mark) {
        nowMs += 7;
        fence.raise(mark);
      },
    };
    const signer = nodeSigner('k1.1', new Uint8Array(32).fill(3));
    const timed = createJournal({
      ...{ store: sqliteStore(db), epoch, boot: 'b', signer, hashing: nodeHashing, fence: slow },
      ...{ monotonicMs: () => nowMs, onCommit: (ms: number) => told.push(ms) },
    });
    timed.append(redeem(6), slip);
    expect(() => timed.append(redeem(26), slip)).toThrow(/CHECK/);
    expect(told).toEqual([7]);
  });

  it('leaves nothing of a record whose counters the schema refuses', () => {
    expect(() => journal().append(redeem(26), slip)).toThrow(/CHECK/);
    expect(journal().head().seq).toBe(0);
    expect(createPrintJobs(db, 1).recent(5)).toEqual([]);
    expect(fence.mark()?.seq).toBe(0);
  });

  it('crashed between commit and fence: the start brings the fence up, by one record only', () => {
    const dead: Fence = {
      ...fence,
      raise: () => {
        throw new Error('power cut');
      },
    };
    expect(() => journal(dead).append(redeem(6), slip)).toThrow('power cut');
    expect(journal().head().seq).toBe(1);
    expect(checkFenceAtStart(journal(), fence, epoch)).toBe('good');
    expect(fence.mark()?.seq).toBe(1);
    for (const S of [12, 18]) expect(() => journal(dead).append(redeem(S), slip)).toThrow('power cut');
    expect(checkFenceAtStart(journal(), fence, epoch)).toBe('rolled-back');
  });

  it('a fence that cannot be raised stops the program: what is durable waits for the next start', () => {
    const told: string[] = [];
    const lost: Fence = {
      mark: fence.mark,
      raise: () => {
        throw new Error('EIO');
      },
    };
    expect(() => journal(lost, (error) => told.push(error.message)).append(redeem(6), slip)).toThrow('EIO');
    expect(told).toEqual(['EIO']);
    expect(journal().head().seq).toBe(1);
    expect(checkFenceAtStart(journal(), fence, epoch)).toBe('good');
    expect(fence.mark()?.seq).toBe(1);
  });

  it('put back from an older copy sells nothing', () => {
    journal().append(redeem(6), slip);
    db.pragma('wal_checkpoint(TRUNCATE)');
    cpSync(`${path}.sqlite`, `${path}.copy`);
    journal().append(redeem(12), slip);
    db.close();
    db = openJournal(`${path}.copy`);
    expect(checkFenceAtStart(journal(), fence, epoch)).toBe('rolled-back');
  });

  it.each([
    ['a changed record', `UPDATE records SET jws = 'x'`, /never changes/],
    ['a deleted record', `DELETE FROM records`, /stays/],
    ['a hole', `INSERT INTO records VALUES (1, 3, 'j', 'h', 'redeem', 1, 'a1')`, /without holes/],
    ['counters that fall', `UPDATE allowances SET s = 0`, /never fall/],
    ['more than was granted', `UPDATE allowances SET s = 21`, /CHECK/],
    [
      'a second original',
      `INSERT INTO print_jobs (ep, seq, copy, state, made_at, slip_json) VALUES (1, 1, 0, 'queued', 1, '{}')`,
      /UNIQUE/,
    ],
  ])('refuses %s', (_name, sql, says) => {
    journal().append(redeem(6), slip);
    expect(() => db.exec(sql)).toThrow(says);
  });
});

describe('print jobs', () => {
  it('go only where they may, and after a restart nobody claims to know', () => {
    journal().append(redeem(6), slip);
    const jobs = createPrintJobs(db, 1);
    const job = jobs.nextQueued()?.job ?? 0;
    expect(jobs.move(job, 'confirmed')).toBe(false);
    expect(jobs.move(job, 'sending')).toBe(true);
    expect(jobs.nextQueued()).toBeNull();
    expect(jobs.settleAfterRestart(null)).toBe(1);
    expect(jobs.original(1)?.state).toBe('unknown');
    expect(jobs.move(job, 'queued')).toBe(false);
    jobs.addCopy(1, 9);
    jobs.addCopy(1, 9);
    expect(jobs.nextQueued()).toMatchObject({ copy: 1 });
    expect(jobs.recent(5)).toMatchObject([{ seq: 1, copies: 2 }]);
  });

  it('are forgotten when they grow old, not flooded out; whoever is in doubt stands first', () => {
    journal().append(redeem(6), slip);
    journal().append(redeem(12), slip);
    const jobs = createPrintJobs(db, 1);
    jobs.move(jobs.nextQueued()?.job ?? 0, 'sending');
    jobs.settleAfterRestart(null);
    expect(jobs.expireBefore(6)).toBe(1);
    expect(jobs.recent(5).map((each) => [each.seq, each.state])).toEqual([
      [1, 'unknown'],
      [2, 'expired'],
    ]);
  });

  it('are found without looking through all that a month left behind', () => {
    const { watched, asked } = watching(db);
    const jobs = createPrintJobs(watched, 1);
    jobs.settleAfterRestart(null);
    jobs.recent(5);
    jobs.expireBefore(0);
    expect(asked.length).toBeGreaterThan(6);
    expect(plansThrough(asked)).toEqual([]);
  });

  it('are counted at each sync and each look without that too, and rightly whatever they became', () => {
    const { watched, ran } = watching(db);
    const jobs = createPrintJobs(watched, 1);
    const sell = (S: number) => journal().append(redeem(S), slip).seq;
    const told = () => [jobs.counts(), jobs.unknown()];
    const inTable = () => {
      const rows = db.prepare('SELECT state, count(*) FROM print_jobs GROUP BY state').raw().all();
      const counts = Object.fromEntries(rows as [string, number][]);
      return [counts, counts.unknown ?? 0];
    };
    const print = (seq: number, ...states: JobState[]) => {
      for (const state of states) expect(jobs.move(jobs.original(seq)?.job ?? 0, state)).toBe(true);
    };
    print(sell(3), 'sending', 'sent', 'confirmed');
    expect(told()).toEqual(inTable());
    ran.length = 0;
    print(sell(6), 'sending', 'sent', 'confirmed');
    print(sell(9), 'sending', 'sent', 'unknown');
    expect(told()).toEqual(inTable());
    print(3, 'confirmed');
    print(sell(12), 'sending');
    print(sell(15), 'sending', 'sent');
    expect(told()).toEqual(inTable());
    jobs.settleAfterRestart(null);
    jobs.addCopy(1, 9);
    sell(18);
    expect(told()).toEqual(inTable());
    expect(jobs.expireBefore(6)).toBe(1);
    expect(told()).toEqual(inTable());
    expect(told()).toEqual([{ queued: 1, confirmed: 3, unknown: 2, expired: 1 }, 2]);
    expect(ran.length).toBeGreaterThan(20);
    expect(plansThrough(ran)).toEqual([]);
  });
});

/** `asked`: what was prepared; `ran`: what was run. */
function watching(over: Db) {
  const asked: string[] = [];
  const ran: string[] = [];
  const bound = (target: object, name: string | symbol) => {
    const value = Reflect.get(target, name);
    return typeof value === 'function' ? value.bind(target) : value;
  };
  const statement = (sql: string) => {
    asked.push(sql);
    return new Proxy(over.prepare(sql), {
      get(target, name, self) {
        // Each answers with the statement itself.
        if (name === 'pluck' || name === 'raw') {
          return () => {
            bound(target, name)();
            return self;
          };
        }
        if (name === 'get' || name === 'all' || name === 'run') ran.push(sql);
        return bound(target, name);
      },
    });
  };
  const watched = new Proxy(over, {
    get: (target, name) => (name === 'prepare' ? statement : bound(target, name)),
  });
  return { watched, asked, ran };
}

/** The statements that look through all print jobs, with their plans. */
function plansThrough(statements: readonly string[]): readonly string[] {
  const plans = statements.map((sql) => {
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql.replaceAll(/\?|@\w+/g, '1')}`).all() as { detail: string }[];
    return `${sql}: ${plan.map(({ detail }) => detail).join('; ')}`;
  });
  return plans.filter((plan) =>
    /: .*SCAN (?!print_jobs USING (COVERING )?INDEX print_jobs_(queued|begun|unknown))/.test(plan),
  );
}
