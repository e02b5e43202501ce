import { markDue, WAIT_MS } from './fleet/grants.ts';
import type { BookStore, Books } from './ledger/books.ts';
import { expireDue, settleReversal } from './programme/corrections.ts';
import { postDue } from './programme/credits.ts';
import { dueAccounts, type Slice, warnAhead } from './programme/expiring.ts';
import { readPolicy } from './programme/policy.ts';
import { openException, settleException } from './reconcile/exceptions.ts';

/**
 * What the calendar asks for, at start and every minute. Each job is one transaction of bounded size under the county's
 * write lock, and asks the books what is still to be done: so several hub processes may all run it, and a job that fails
 * is tried again a minute later, without keeping the others back.
 */

export interface JobsDeps {
  readonly store: BookStore;
  readonly nowMs: () => number;
  readonly onFault: (what: string, error: unknown) => void;
}
export interface Jobs {
  /** Runs each once; answers how much each did. */
  runOnce(): Promise<Readonly<Record<string, number>>>;
}

const JOB_LIMITS = { lots: 1_000, waits: 500, reversals: 200 } as const;
export const LONG_UNSEEN_MS = 3 * 86_400_000;
const DAY_MS = 86_400_000;

type Job = (books: Books, at: number) => Promise<number>;

export function createJobs({ store, nowMs, onFault }: JobsDeps): Jobs {
  const jobs: Readonly<Record<string, Job>> = {
    'post-credits': async (books, at) => postDue(books, at, await policyOf(books)),
    expire: walking(JOB_LIMITS.lots, expireSlice),
    'warn-of-expiry': walking(JOB_LIMITS.lots, warnAhead),
    'settle-reversals': settleReversals,
    'drop-old-waits': dropOldWaits,
    'watch-terminals': watchTerminals,
  };
  return {
    async runOnce() {
      const did: Record<string, number> = {};
      for (const [name, job] of Object.entries(jobs)) {
        try {
          did[name] = await store.write((books) => job(books, nowMs()));
        } catch (error) {
          onFault(`job ${name}`, error);
        }
      }
      return did;
    },
  };
}

/** Walks a long list slice by slice, run by run; once a day from its beginning, as what was passed by may be due again. */
function walking(
  limit: number,
  work: (books: Books, at: number, slice: Slice) => Promise<Slice & { done: number }>,
): Job {
  let from = 0;
  let beganAt = 0;
  return async (books, at) => {
    if (at - beganAt >= DAY_MS) {
      from = 0;
      beganAt = at;
    }
    const after = await work(books, at, { from, limit });
    from = after.from;
    return after.done;
  };
}

async function expireSlice(books: Books, at: number, slice: Slice) {
  const { accts, next } = await dueAccounts(books, at, slice);
  let done = 0;
  for (const acct of accts) if ((await expireDue(books, acct, at)) > 0) done += 1;
  return { ...slice, from: next, done };
}

/** Reversals that wait for points: what kiosks gave back meanwhile may be enough. The first approval stands. */
async function settleReversals(books: Books, at: number): Promise<number> {
  const waiting = await books.list('credits', 'inState', { state: 'reversing' }, { limit: JOB_LIMITS.reversals });
  let done = 0;
  for (const { credit } of waiting) {
    const debt = await books.get('exceptions', { exception: `debt:${credit}` });
    const { act } = JSON.parse(debt?.detailJson ?? '{}') as { act?: string };
    if (act !== undefined && (await settleReversal(books, credit, act, at))) done += 1;
  }
  return done;
}

/** A visitor who waited longer has gone home: the points that were kept for them are free again. */
async function dropOldWaits(books: Books, at: number): Promise<number> {
  const to = at - WAIT_MS - 1;
  const old = await books.list('waits', 'oldest', {}, { from: 0, to, limit: JOB_LIMITS.waits });
  await books.drop('waits', old);
  await markDue(
    books,
    old.map((wait) => wait.acct),
  );
  return old.length;
}

/** Kiosks that nobody has heard for long; one that was heard again settles its own exception. */
async function watchTerminals(books: Books, at: number): Promise<number> {
  const terminals = await books.list('terminals', 'all', {});
  const epochs = await books.list('epochs', 'all', {});
  const live = new Set(epochs.flatMap(({ tid, state }) => (state === 'open' || state === 'frozen' ? [tid] : [])));
  const known = await books.many(
    'exceptions',
    terminals.map(({ tid }) => ({ exception: `long-unseen:${tid}` })),
  );
  let opened = 0;
  for (const [i, { tid, lastSyncAt }] of terminals.entries()) {
    const unseen = live.has(tid) && lastSyncAt !== null && at - lastSyncAt > LONG_UNSEEN_MS;
    const open = known[i]?.closedAt === null;
    if (unseen && !open) {
      await openException(books, 'long-unseen', tid, at, { lastSyncAt }, tid);
      opened += 1;
    } else if (!unseen && open) await settleException(books, 'long-unseen', tid, at);
  }
  return opened;
}

async function policyOf(books: Books) {
  const county = await books.get('counties', {});
  if (county === undefined) throw new Error('this store holds no county');
  return readPolicy(county.policyJson);
}

const JOBS_EVERY_MS = 60_000;

/** Runs the jobs now and then every minute, never two runs at once. `stop` resolves when a run under way has ended. */
export function startJobs(jobs: Jobs, everyMs = JOBS_EVERY_MS): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const run = () => {
    running = jobs.runOnce().then(() => {
      if (stopped) return;
      timer = setTimeout(run, everyMs);
      timer.unref();
    });
  };
  run();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
