import { StoreRefusal } from '../../../protocol/node/durable-sqlite.ts';
import { createGate } from './gate.ts';
import { type Engine, StoreUnavailable, type Work } from './port.ts';
import { isToRepeat } from './postgres-errors.ts';
import { type Answer, type Link, openLink } from './postgres-link.ts';
import { migratePostgres } from './postgres-migrate.ts';
import { postgresSql } from './postgres-sql.ts';
import { createNesting, scoped } from './scope.ts';

/** Connections of one process. Each kind of transaction has its own, so that none starves another. */
const WRITERS = 1;
const CUSTODIANS = 4;
const READERS = 5;
const WAIT_MS = 30_000;
const QUEUE_MAX = 10_000;
/** How often `work` runs at most when the server asks for it again. */
const TRIES_MAX = 4;
const LEAST_VERSION = 150_000;
/** Tells our county locks from anybody else's advisory locks in the same database. */
const COUNTY_LOCK_SEED = 5_302_017;

export interface PostgresOptions {
  /** `postgres://role:password@host:port/database?sslmode=verify-full` */
  readonly url: string;
  readonly county: string;
  /** Only tests have another schema. */
  readonly migrations?: URL;
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
}

const HUB_MIGRATIONS = new URL('../migrations/postgres/', import.meta.url);

/**
 * Throws StoreRefusal where commits would not survive a power cut, the server is too old, or the schema is newer than this
 * program; StoreUnavailable where no server answers.
 */
export async function openPostgres(options: PostgresOptions): Promise<Engine> {
  const { url, county } = options;
  const name = options.applicationName ?? 'tallystick-hub';
  const links: Set<Link> = new Set();
  const idle: Link[] = [];
  const nested = createNesting();
  const gate = (places: number) => createGate({ places, waitMs: WAIT_MS, queueMax: QUEUE_MAX });
  const gates = { read: gate(READERS), custody: gate(CUSTODIANS), write: gate(WRITERS) };
  let closed = false;

  async function withLink<T>(work: (link: Link) => Promise<T>): Promise<T> {
    if (closed) throw new StoreUnavailable('the store is closed');
    const link = idle.pop() ?? openLink(url, name);
    links.add(link);
    try {
      return await work(link);
    } finally {
      if (link.alive && !closed) idle.push(link);
      else discard(link);
    }
  }
  function discard(link: Link): void {
    links.delete(link);
    link.end().catch(() => undefined);
  }
  async function transaction<T>(begin: string, check: (begun: readonly Answer[]) => void, work: Work<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await withLink((link) => transact(link, county, begin, check, work));
      } catch (error) {
        if (!isToRepeat(error) || tries >= TRIES_MAX) throw error;
      }
    }
  }

  const end = async () => {
    closed = true;
    await Promise.all([...links].map((link) => link.end()));
  };
  try {
    const lock = await withLink(async (link) => {
      await refuseUnfit(link);
      await migratePostgres(link, options.migrations ?? HUB_MIGRATIONS);
      return countyLock(link, county);
    });
    return {
      ...{ dialect: 'postgres', county },
      read: (work) => nested(() => gates.read.through(() => transaction(BEGIN_READ, () => undefined, work))),
      custody: (work) => nested(() => gates.custody.through(() => transaction(BEGIN_WRITE, refuseLowered, work))),
      // READ COMMITTED: each statement after the lock sees all that was committed before it. A snapshot taken with the lock
      // itself would not see what the county's last writer did while we waited for it.
      write: (work) =>
        nested(() => gates.write.through(() => transaction(`${BEGIN_WRITE}; ${lock}`, refuseLowered, work))),
      close: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

const SETTINGS = `SELECT current_setting('synchronous_commit') AS synchronous_commit, current_setting('fsync') AS fsync,
  current_setting('full_page_writes') AS full_page_writes, current_setting('server_version_num')::BIGINT AS version,
  current_setting('server_version') AS version_text, current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby`;
const BEGIN_READ = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
/** Read again in every transaction that must be durable: the server's settings can be changed while we run. */
const BEGIN_WRITE = `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; ${SETTINGS}`;

async function transact<T>(
  link: Link,
  county: string,
  begin: string,
  check: (begun: readonly Answer[]) => void,
  work: Work<T>,
): Promise<T> {
  const scope = scoped(postgresSql(link, county));
  try {
    check(await link.script(begin));
    const result = await work(scope.sql);
    await scope.settle();
    const failure = scope.failure();
    if (failure !== null) throw failure.error;
    scope.end();
    await commit(link, scope.failure);
    return result;
  } catch (error) {
    scope.end();
    // On a lost connection the server has rolled back by itself.
    if (link.alive) await link.script('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function commit(link: Link, failure: () => { readonly error: unknown } | null): Promise<void> {
  if (!link.alive) throw new StoreUnavailable('the connection to PostgreSQL was lost before the commit');
  let done: Answer | undefined;
  try {
    // Durable when it returns: on the server's disk, and on the synchronous standby where one is configured.
    [done] = await link.script('COMMIT');
  } catch (error) {
    if (error instanceof StoreUnavailable) throw new StoreUnavailable(error.message, true);
    throw error;
  }
  // A statement nobody waited for failed: the server says ROLLBACK to our COMMIT, and no error.
  if (done?.command !== 'COMMIT') throw failure()?.error ?? new Error(`COMMIT was answered by ${done?.command}`);
}

async function countyLock(link: Link, county: string): Promise<string> {
  const { rows } = await link.query(`SELECT hashtextextended($1, ${COUNTY_LOCK_SEED})::TEXT AS key`, [
    { value: county, type: 25 },
  ]);
  return `SELECT pg_advisory_xact_lock(${BigInt(String(rows[0]?.key))})`;
}

async function refuseUnfit(link: Link): Promise<void> {
  const answers = await link.script(SETTINGS);
  const found = answers[0]?.rows[0] ?? {};
  if (Number(found.version) < LEAST_VERSION) {
    throw new StoreRefusal(`PostgreSQL ${found.version_text} is older than 15.`, 'Upgrade the server.');
  }
  if (found.encoding !== 'UTF8') {
    const says = `The PostgreSQL database has the encoding ${found.encoding}, not UTF8.`;
    throw new StoreRefusal(says, "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0");
  }
  if (found.standby === 1) {
    throw new StoreRefusal('This PostgreSQL server is a standby.', 'Point `store` at the primary.');
  }
  refuseLowered(answers);
}

/**
 * `on` and `remote_apply` wait for the disk here and on the synchronous standby, where one is configured. `remote_write`
 * and `local` let a standby be promoted without what was acknowledged; `off` loses it at any crash.
 */
function refuseLowered(answers: readonly Answer[]): void {
  const found = answers.flatMap((answer) => answer.rows).find((row) => 'synchronous_commit' in row) ?? {};
  const low = [
    ['fsync', ['on']] as const,
    ['full_page_writes', ['on']] as const,
    ['synchronous_commit', ['on', 'remote_apply']] as const,
  ].find(([setting, fit]) => !fit.some((value) => value === found[setting]));
  if (low === undefined) return;
  throw new StoreRefusal(
    `PostgreSQL has ${low[0]} = ${found[low[0]]}: a power cut could lose redemptions.`,
    `Set ${low[0]} = on for the server, and do not lower it for this role or database.`,
  );
}
