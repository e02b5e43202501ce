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
import { cell, columnsOf, conflictClause, keyColumns, quoted, refuseBadKeys, refuseTwins } from './table.ts';

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
    if (typeof onConflict === 'object') return replaceMany(table, rows, onConflict.update);
    const insert = prepare(insertText(table, onConflict));
    let changed = 0;
    for (const row of rows) changed += insert.run(cellsOf(table, row)).changes;
    return changed;
  }
  /**
   * Changed where it stands, inserted where it does not: this connection is the only writer. An upsert that stands beside a
   * CHECK keeps a journal of its own in case it must take back half of itself, which costs many times the change.
   */
  function replaceMany(table: TableShape, rows: readonly RowOf<TableShape>[], columns: readonly string[]): number {
    refuseTwins(table, rows);
    const sets = columns.map((column) => `${quoted(column)} = ?`).join(', ');
    const update = prepare(`UPDATE ${quoted(table.name)} SET ${sets} WHERE ${keyIs(table)}`);
    const insert = prepare(insertText(table, 'refuse'));
    for (const row of rows) {
      const cells = [...columns.map((column) => cell(table, row, column)), county];
      for (const column of table.key) cells.push(cell(table, row, column));
      if (update.run(cells).changes === 0) insert.run(cellsOf(table, row));
    }
    return rows.length;
  }
  /** A number of a column may be bound as a float: STRICT tables store it as the integer that it is. */
  function cellsOf(table: TableShape, row: RowOf<TableShape>): Param[] {
    const cells: Param[] = [county];
    for (const column of columnsOf(table)) cells.push(cell(table, row, column));
    return cells;
  }
  function deleteMany(table: TableShape, keys: readonly Key[]): number {
    refuseBadKeys(table, keys);
    const remove = prepare(`DELETE FROM ${quoted(table.name)} WHERE ${keyIs(table)}`);
    let changed = 0;
    for (const key of keys) changed += remove.run(county, ...key.map(native)).changes;
    return changed;
  }
  function getMany<T extends TableShape>(table: T, keys: readonly Key[]): (RowOf<T> | undefined)[] {
    refuseBadKeys(table, keys);
    const columns = columnsOf(table).map(quoted).join(', ');
    const select = prepare(`SELECT ${columns} FROM ${quoted(table.name)} WHERE ${keyIs(table)}`);
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
    deleteMany: async (table, keys) => translated(() => deleteMany(table, keys)),
    getMany: async (table, keys) => translated(() => getMany(table, keys)),
    iterate,
    closeOpen() {
      for (const rows of open) rows.return?.();
      open.clear();
    },
  };
}

/** Which row: county_id and the key, in that order. */
function keyIs(table: TableShape): string {
  return keyColumns(table)
    .map((column) => `${quoted(column)} = ?`)
    .join(' AND ');
}

function insertText(table: TableShape, onConflict: OnConflict<TableShape>): string {
  const columns = ['county_id', ...columnsOf(table)];
  const marks = columns.map(() => '?').join(', ');
  const names = columns.map(quoted).join(', ');
  return `INSERT INTO ${quoted(table.name)} (${names}) VALUES (${marks}) ${conflictClause(table, onConflict)}`;
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
