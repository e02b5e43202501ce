import type Database from 'better-sqlite3';
import { type Db, openDurable } from '../../../protocol/node/durable-sqlite.ts';
import { BooksRefusal, type RefusalCode } from '../../ledger/books.ts';
import type { Engine, Params, Shape, Sql, Value } from './engine.ts';

/**
 * SQLite behind the engine's port. better-sqlite3 is synchronous and transactions here are not, so one connection writes,
 * behind a line of its own, and another reads: a WAL reader sees the state it began with, whatever is written meanwhile.
 */
export interface SqliteEngine extends Engine {
  /** The writing connection, for backups. */
  readonly db: Db;
}

export function sqliteEngine(path: string, county: string): SqliteEngine {
  const migrations = new URL('../migrations/sqlite/', import.meta.url);
  const writer = openDurable({ path, migrations });
  const shared = path === ':memory:';
  const reader = shared ? writer : openDurable({ path, migrations, readonly: true });
  const write = inLine(writer, county, 'BEGIN IMMEDIATE');
  const read = shared ? write : inLine(reader, county, 'BEGIN');
  return {
    ...{ dialect: 'sqlite', db: writer, read, write, custody: write },
    async close() {
      if (!shared) reader.close();
      writer.close();
    },
  };
}

/** Transactions of one connection, one after another: nobody else may use it between their awaits. */
function inLine(db: Db, county: string, begin: string) {
  const sql = sqlOn(db, county);
  let line: Promise<unknown> = Promise.resolve();
  async function transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    db.exec(begin);
    try {
      const value = await work(sql);
      db.exec('COMMIT'); // FULL: durable when it returns
      return value;
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw refusalOf(error);
    }
  }
  return <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
    const mine = line.then(() => transaction(work));
    line = mine.catch(() => undefined); // whoever asked is told; the next in line starts fresh
    return mine;
  };
}

function sqlOn(db: Db, county: string): Sql {
  const prepared: Map<string, Database.Statement> = new Map();
  const prepare = (text: string): Database.Statement => {
    let statement = prepared.get(text);
    if (statement === undefined) {
      // Both engines read `:name` here; better-sqlite3 binds it by the bare name.
      statement = db.prepare(text);
      prepared.set(text, statement);
    }
    return statement;
  };
  return {
    ...{ county, dialect: 'sqlite' },
    all: async <Row>(text: string, params: Params = {}) => prepare(text).all(params) as Row[],
    get: async <Row>(text: string, params: Params = {}) => prepare(text).get(params) as Row | undefined,
    run: async (text, params = {}) => prepare(text).run(params).changes,
    async insertMany(table, rows, onConflict) {
      const columns = Object.keys(rows[0] ?? {});
      const statement = prepare(insertText(table, columns, onConflict));
      for (const row of rows) statement.run(county, ...columns.map((column) => row[column] ?? null));
    },
    async getMany<Row>(table: Shape, keys: readonly Params[]) {
      const where = table.key.map((column) => `"${column}" = ?`);
      const statement = prepare(`SELECT * FROM ${table.name} WHERE ${['county_id = ?', ...where].join(' AND ')}`);
      return keys.map(
        (key) => statement.get(county, ...table.key.map((column) => key[column] as Value)) as Row | undefined,
      );
    },
    async *iterate<Row>(text: string, params: Params = {}) {
      yield* db.prepare(text).iterate(params) as IterableIterator<Row>;
    },
  };
}

function insertText(table: Shape, columns: readonly string[], onConflict: 'refuse' | 'replace'): string {
  const names = ['county_id', ...columns].map((column) => `"${column}"`).join(', ');
  const marks = ['?', ...columns.map(() => '?')].join(', ');
  const insert = `INSERT INTO ${table.name} (${names}) VALUES (${marks})`;
  if (onConflict === 'refuse' || table.appendOnly) return insert;
  const set = columns
    .filter((column) => !table.key.includes(column))
    .map((column) => `"${column}" = excluded."${column}"`);
  const conflict = ['county_id', ...table.key].map((column) => `"${column}"`).join(', ');
  return `${insert} ON CONFLICT (${conflict}) DO ${set.length > 0 ? `UPDATE SET ${set.join(', ')}` : 'NOTHING'}`;
}

/** What the schema refused, by name; anything else stays what it is. */
function refusalOf(error: unknown): unknown {
  const { code, message } = error as { code?: string; message?: string };
  if (typeof code !== 'string' || !code.startsWith('SQLITE_CONSTRAINT')) return error;
  return new BooksRefusal(refusalCode(code, message ?? ''), message ?? code);
}

function refusalCode(code: string, message: string): RefusalCode {
  if (code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === 'SQLITE_CONSTRAINT_UNIQUE') return 'exists';
  if (/two people/.test(message)) return 'same-person';
  if (/never change|stays?$/.test(message)) return 'append-only';
  if (/amount >= 0/.test(message)) return 'negative-account';
  return 'check';
}
