import { setTimeout as delay } from 'node:timers/promises';
import { openDurable } from '../../../protocol/node/durable-sqlite.ts';
import { createGate } from './gate.ts';
import { groupCommit } from './group-commit.ts';
import { type Engine, StoreUnavailable, type Work } from './port.ts';
import { createNesting, scoped } from './scope.ts';
import { type SqliteSql, sqliteSql, translated } from './sqlite-sql.ts';

/** Snapshots at one time; each has a connection of its own. */
const READERS_MAX = 4;
/** A transaction takes milliseconds; an import some seconds. Who waits longer than this is told so. */
const WAIT_MS = 30_000;
const QUEUE_MAX = 10_000;
/** Works of one commit at most: some hundred milliseconds at the very most. */
const WORKS_MAX = 16;
const CACHE_KIB = 131_072;
/** Pages of the log before it is moved into the file, 4 KiB each: a hot page is then moved once for many commits. */
const CHECKPOINT_PAGES = 16_384;
/** Commits between two looks whether a table has outgrown what is known of it. */
const STATISTICS_EVERY = 10_000;
/** Rows of an index that are looked at: enough to tell one account's from a whole county's. */
const STATISTICS_ROWS = 400;
/** Of `PRAGMA optimize`: analyse what needs it (2), also tables that this connection has not asked yet (0x10000). */
const ALL_THAT_NEED_IT = 0x10002;
/** Between two looks whether another process has let go of the file. */
const BUSY_MS = 5;

export interface SqliteOptions {
  /** `:memory:` for tests: reads and writes then share one connection, one after the other. */
  readonly path: string;
  readonly county: string;
  /** Only tests have another schema. */
  readonly migrations?: URL;
}

const HUB_MIGRATIONS = new URL('../migrations/sqlite/', import.meta.url);

/** Throws StoreRefusal where commits would not survive a power cut, or the schema is newer than this program. */
export function openSqlite(options: SqliteOptions): Engine {
  const { path, county } = options;
  const migrations = options.migrations ?? HUB_MIGRATIONS;
  let schema = { found: 0, now: 0 };
  const onSchema = (found: number, now: number) => {
    schema = { found, now };
  };
  const writer = link(openDurable({ path, migrations, onSchema }), county);
  // Another process may hold the write lock; waiting inside SQLite would stop this whole process.
  writer.db.pragma('busy_timeout = 0');
  // A county's indices are larger than the 2 MB that SQLite keeps by itself: a batch would write its pages more than once.
  writer.db.pragma(`cache_size = -${CACHE_KIB}`);
  writer.db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  keepStatistics(writer.db);
  let commits = 0;
  const inMemory = path === ':memory:';
  const writers = createGate({ places: 1, waitMs: WAIT_MS, queueMax: QUEUE_MAX });
  const readers = createGate({ places: READERS_MAX, waitMs: WAIT_MS, queueMax: QUEUE_MAX });
  const idle: Link[] = [];
  const links: Set<Link> = new Set([writer]);
  const nested = createNesting();
  let closed = false;

  function refuseClosed(): void {
    if (closed) throw new StoreUnavailable(`${path} is closed`);
  }
  async function snapshot<T>(work: Work<T>): Promise<T> {
    refuseClosed();
    const reader = idle.pop() ?? link(openDurable({ path, migrations, readonly: true }), county);
    links.add(reader);
    try {
      return await transact(reader, 'BEGIN', work);
    } finally {
      idle.push(reader);
    }
  }
  async function readInMemory<T>(work: Work<T>): Promise<T> {
    refuseClosed();
    writer.db.pragma('query_only = ON');
    try {
      return await transact(writer, 'BEGIN', work);
    } finally {
      if (writer.db.open) writer.db.pragma('query_only = OFF');
    }
  }
  async function write<T>(work: Work<T>): Promise<T> {
    refuseClosed();
    commits += 1;
    if (commits % STATISTICS_EVERY === 0) keepStatistics(writer.db);
    return transact(writer, 'BEGIN IMMEDIATE', work);
  }
  const grouped = groupCommit({ worksMax: WORKS_MAX, places: 1, waitMs: WAIT_MS, queueMax: QUEUE_MAX }, (work) =>
    writers.through(() => write(work)),
  );

  return {
    ...{ dialect: 'sqlite', county, schema },
    read: (work) =>
      nested(() => (inMemory ? writers.through(() => readInMemory(work)) : readers.through(() => snapshot(work)))),
    write: (work) => nested(() => grouped(work)),
    custody: (work) => nested(() => grouped(work)),
    async close() {
      closed = true;
      for (const each of links) {
        each.sql.closeOpen();
        each.db.close();
      }
    },
  };
}

/**
 * Without statistics SQLite takes the county, which every key begins with, for a good choice, and reads all allowances to find
 * one account's. Only tables that grew tenfold are looked at again.
 */
function keepStatistics(db: Link['db']): void {
  db.pragma(`analysis_limit = ${STATISTICS_ROWS}`);
  try {
    translated(() => db.pragma(`optimize = ${ALL_THAT_NEED_IT}`));
  } catch (error) {
    // Another process is writing: it keeps them as well, and this one looks again later.
    if (!(error instanceof StoreUnavailable)) throw error;
  }
}

interface Link {
  readonly db: ReturnType<typeof openDurable>;
  readonly sql: SqliteSql;
}

function link(db: ReturnType<typeof openDurable>, county: string): Link {
  return { db, sql: sqliteSql(db, county) };
}

/** Nobody else uses this connection until it returns: the caller stands behind a gate. */
async function transact<T>({ db, sql }: Link, begin: string, work: Work<T>): Promise<T> {
  const scope = scoped(sql);
  await beginOn(db, begin);
  try {
    const result = await work(scope.sql);
    await scope.settle();
    const failure = scope.failure();
    if (failure !== null) throw failure.error;
    scope.end();
    sql.closeOpen();
    // Durable when it returns: WAL with synchronous FULL. Before it, nothing of this work survives a crash.
    translated(() => db.exec('COMMIT'));
    return result;
  } catch (error) {
    scope.end();
    sql.closeOpen();
    if (db.open && db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

async function beginOn(db: Link['db'], begin: string): Promise<void> {
  const giveUpAt = performance.now() + WAIT_MS;
  for (;;) {
    try {
      translated(() => db.exec(begin));
      return;
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || performance.now() > giveUpAt) throw error;
    }
    await delay(BUSY_MS);
  }
}
