import { createGate } from './gate.ts';
import { groupCommit } from './group-commit.ts';
import { type Engine, StoreUnavailable, type Work } from './port.ts';
import { isToRepeat } from './postgres-errors.ts';
import { refuseUnfit } from './postgres-fit.ts';
import { type Link, OID, openLink } from './postgres-link.ts';
import { migratePostgres } from './postgres-migrate.ts';
import { analyseText, createStatistics } from './postgres-statistics.ts';
import { lockingFirst, type Mode, READING, transact, WRITING } from './postgres-transaction.ts';
import { createNesting } from './scope.ts';

/** Connections of one process. Each kind of transaction has its own, so that none starves another. */
const WRITERS = 1;
const CUSTODIANS = 2;
const READERS = 5;
const WAIT_MS = 30_000;
const QUEUE_MAX = 10_000;
/** How often `work` runs at most when the server asks for it again. */
const TRIES_MAX = 5;
/** Works of one commit at most. */
const WORKS_MAX = 16;
/** Tells our county locks from anybody else's advisory locks in the same database. */
const COUNTY_LOCK_SEED = 5_302_017;

export interface PostgresOptions {
  /** `postgres://role:password@host:port/database?sslmode=verify-full`, or a socket's folder as host (postgres-address.ts). */
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
  const pool = createPool(url, options.applicationName ?? 'tallystick-hub');
  const statistics = createStatistics();
  const nested = createNesting();
  const line = { waitMs: WAIT_MS, queueMax: QUEUE_MAX };
  const readers = createGate({ places: READERS, ...line });

  async function transaction<T>(mode: Mode, work: Work<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      let started = false;
      const noted: Work<T> = (sql) => {
        started = true;
        return work(sql);
      };
      let stale = false;
      try {
        const result = await pool.lend(async (link, fresh) => {
          try {
            return await transact(link, { county, statistics }, mode, noted);
          } finally {
            // It broke while it lay idle, as all do when the server is restarted: nothing was asked of it yet.
            stale = link.closed && !fresh && !started;
          }
        });
        if (mode.writes) for (const table of statistics.takeDue()) analyse(table);
        return result;
      } catch (error) {
        if (!(stale || isToRepeat(error)) || tries >= TRIES_MAX) throw error;
      }
    }
  }
  /** Nobody waits for it, and nothing depends on it. */
  function analyse(table: string): void {
    readers.through(() => pool.lend((link) => link.script(analyseText(table)))).catch(() => undefined);
  }

  try {
    const { locking, schema } = await pool.lend(async (link) => {
      await refuseUnfit(link);
      const versions = await migratePostgres(link, options.migrations ?? HUB_MIGRATIONS);
      return { schema: versions, locking: lockingFirst(await countyLock(link, county)) };
    });
    const group = (places: number, mode: Mode) =>
      groupCommit({ worksMax: WORKS_MAX, places, ...line }, (work) => transaction(mode, work));
    const [custody, write] = [group(CUSTODIANS, WRITING), group(WRITERS, locking)];
    return {
      ...{ dialect: 'postgres', county, schema },
      read: (work) => nested(() => readers.through(() => transaction(READING, work))),
      custody: (work) => nested(() => custody(work)),
      write: (work) => nested(() => write(work)),
      close: pool.close,
    };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

interface Pool {
  /** Gives a link that nobody else has; the gates bound how many there are. */
  lend<T>(work: (link: Link, fresh: boolean) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

function createPool(url: string, name: string): Pool {
  const links: Set<Link> = new Set();
  let idle: Link[] = [];
  let closed = false;
  function takeIdle(): Link | undefined {
    // What the server closed while it lay here is of no use.
    for (const dead of idle.filter((each) => !each.alive)) discard(dead);
    idle = idle.filter((each) => each.alive);
    return idle.pop();
  }
  function discard(link: Link): void {
    links.delete(link);
    link.end().catch(() => undefined);
  }
  return {
    async lend(work) {
      if (closed) throw new StoreUnavailable('the store is closed');
      const used = takeIdle();
      const link = used ?? openLink(url, name);
      links.add(link);
      try {
        return await work(link, used === undefined);
      } finally {
        if (link.alive && !closed) idle.push(link);
        else discard(link);
      }
    },
    async close() {
      closed = true;
      await Promise.all([...links].map((link) => link.end()));
    },
  };
}

/** The county's advisory lock, as a statement. */
async function countyLock(link: Link, county: string): Promise<string> {
  const { rows } = await link.query(`SELECT hashtextextended($1, ${COUNTY_LOCK_SEED})::TEXT AS key`, [
    { value: county, type: OID.text },
  ]);
  return `SELECT pg_advisory_xact_lock(${BigInt(String(rows[0]?.key))})`;
}
