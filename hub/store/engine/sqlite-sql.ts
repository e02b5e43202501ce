import type Database from 'better-sqlite3';
import type { Db } from '../../../protocol/node/durable-sqlite.ts';
import { readNamed, valuesOf } from './named.ts';
import {
  type Key,
  type OnConflict,
  type Param,
  type Params,
  type RefusalCode,
  type RowOf,
  StoreRefused,
  StoreUnavailable,
  type TableShape,
} from './port.ts';
import type { RawSql } from './scope.ts';
import { cell, conflictClause, keyColumns, quoted, refuseBadKeys, refuseTwins } from './table.ts';

/** Statements on one SQLite connection. The driver works at once and blocks; only the shape is asynchronous. */
export interface SqliteSql extends RawSql {
  /** An abandoned iteration keeps a statement open, and COMMIT would refuse. */
  closeOpen(): void;
}

/** As `TEXTS_MAX` of named.ts; a dropped statement is only prepared again. */
const STATEMENTS_MAX = 500;

export function sqliteSql(db: Db, county: string): SqliteSql {
  const prepared: Map<string, Database.Statement> = new Map();
  const open: Set<IterableIterator<unknown>> = new Set();

  function prepare(text: string): Database.Statement {
    const known = prepared.get(text);
    if (known !== undefined) return known;
    if (prepared.size >= STATEMENTS_MAX) prepared.clear();
    const statement = db.prepare(text);
    prepared.set(text, statement);
    return statement;
  }
  function bound(text: string, params: Params): Values {
    const { names } = readNamed(text);
    const values = valuesOf(names, params, county);
    return Object.fromEntries(names.map((name, i) => [name, native(values[i] ?? null)]));
  }
  function step<T>(text: string, params: Params, how: (statement: Database.Statement, values: Values) => T): T {
    const values = bound(text, params);
    return translated(() => how(prepare(text), values));
  }
  function insertMany<T extends TableShape>(table: T, rows: readonly RowOf<T>[], onConflict: OnConflict<T>): number {
    if (typeof onConflict === 'object') refuseTwins(table, rows);
    const columns = Object.keys(table.columns);
    const names = ['county_id', ...columns].map(quoted).join(', ');
    const marks = ['county_id', ...columns].map(() => '?').join(', ');
    const insert = prepare(
      `INSERT INTO ${quoted(table.name)} (${names}) VALUES (${marks}) ${conflictClause(table, onConflict)}`,
    );
    let changed = 0;
    for (const row of rows) {
      const values: unknown[] = [county];
      // A number of a column may be bound as a float: STRICT tables store it as the integer that it is.
      for (const column of columns) values.push(cell(table, row, column));
      changed += insert.run(values).changes;
    }
    return changed;
  }
  function getMany<T extends TableShape>(table: T, keys: readonly Key[]): (RowOf<T> | undefined)[] {
    refuseBadKeys(table, keys);
    const columns = Object.keys(table.columns).map(quoted).join(', ');
    const where = keyColumns(table).map((column) => `${quoted(column)} = ?`);
    const select = prepare(`SELECT ${columns} FROM ${quoted(table.name)} WHERE ${where.join(' AND ')}`);
    return keys.map((key) => select.get(county, ...key.map(native)) as RowOf<T> | undefined);
  }
  async function* iterate<Row>(text: string, params: Params = {}): AsyncGenerator<Row> {
    // Prepared anew: a statement that is being stepped cannot serve anybody else.
    const values = bound(text, params);
    const rows = translated(() => db.prepare(text).iterate(values)) as IterableIterator<Row>;
    open.add(rows);
    try {
      for (const row of rows) yield row;
    } finally {
      open.delete(rows);
    }
  }

  return {
    ...{ county, dialect: 'sqlite' },
    all: async (text, params = {}) => step(text, params, (statement, values) => statement.all(values)) as never[],
    get: async (text, params = {}) => step(text, params, (statement, values) => statement.get(values)) as never,
    run: async (text, params = {}) => step(text, params, (statement, values) => statement.run(values).changes),
    insertMany: async (table, rows, onConflict) => translated(() => insertMany(table, rows, onConflict)),
    getMany: async (table, keys) => translated(() => getMany(table, keys)),
    lockRows: async (table, keys) => refuseBadKeys(table, keys),
    iterate,
    closeOpen() {
      for (const rows of open) rows.return?.();
      open.clear();
    },
  };
}

type Values = Readonly<Record<string, unknown>>;

/** As BigInt, or the driver would bind a float: 'x' || 1 would read "x1.0". */
function native(value: Param): unknown {
  return typeof value === 'number' ? BigInt(value) : value;
}

const REFUSALS: Readonly<Record<string, RefusalCode>> = {
  SQLITE_CONSTRAINT_UNIQUE: 'unique',
  SQLITE_CONSTRAINT_PRIMARYKEY: 'unique',
  SQLITE_CONSTRAINT_ROWID: 'unique',
  SQLITE_CONSTRAINT_CHECK: 'check',
  SQLITE_CONSTRAINT_NOTNULL: 'check',
  SQLITE_CONSTRAINT_FOREIGNKEY: 'foreign-key',
  SQLITE_CONSTRAINT_TRIGGER: 'refused',
};
const UNAVAILABLE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR)/;

/** Runs `work`, and gives the driver's errors our names. */
export function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = String((error as { code?: unknown }).code);
    const message = error instanceof Error ? error.message : String(error);
    const refusal = REFUSALS[code];
    if (refusal !== undefined) throw new StoreRefused(refusal, message);
    if (UNAVAILABLE.test(code)) throw new StoreUnavailable(`${code}: ${message}`);
    throw error;
  }
}
