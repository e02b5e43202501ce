import {
  type AuditEntry,
  type Between,
  type BookStore,
  type Books,
  BooksRefusal,
  BooksUnavailable,
  type Reading,
  type RefusalCode,
  type Verdict,
} from '../../ledger/books.ts';
import { type KeyOf, type ListOf, type RowOf, TABLES, type TableName } from '../../ledger/tables.ts';
import type { Transfer } from '../../ledger/transfers.ts';
import {
  type RowOf as CellsOf,
  type Engine,
  type Key,
  type OnConflict,
  type Param,
  type Sql,
  StoreRefused,
  StoreUnavailable,
  type TableShape,
} from '../engine/port.ts';
import { remember, rememberingReads } from './remembered.ts';
import { fromSql, quoted, type SqlRow, snake, sqlTable, toSql } from './sql-tables.ts';

/** The books on SQL, the same text on both engines. Refusals stand in the schema; here they only get their names. */
export function sqlBooks(engine: Engine): BookStore {
  return {
    read: (work) => named(engine.read((sql) => work(rememberingReads(reading(sql, false))))),
    write: (work) => named(engine.write((sql) => work(writing(sql)))),
    custody: (_tid, work) => named(engine.custody((sql) => work(writing(sql)))),
    oneWriter: engine.dialect === 'sqlite',
  };
}

async function named<T>(done: Promise<T>): Promise<T> {
  try {
    return await done;
  } catch (error) {
    if (error instanceof StoreUnavailable) throw new BooksUnavailable(error.message);
    throw error instanceof StoreRefused ? new BooksRefusal(refusalCode(error), error.message) : error;
  }
}

function refusalCode({ code, message }: StoreRefused): RefusalCode {
  if (code === 'unique') return 'exists';
  if (/two people|take_two|transfers.*act/.test(message)) return 'same-person';
  if (/never change|stays?$/.test(message)) return 'append-only';
  return /amount >= 0|balances_check/.test(message) ? 'negative-account' : 'check';
}

const shapes: Map<TableName, TableShape> = new Map();
function shapeOf(name: TableName): TableShape {
  let shape = shapes.get(name);
  if (shape === undefined) {
    const { key, kinds, auto } = sqlTable(name);
    const columns = Object.entries(kinds).filter(([column]) => column !== auto);
    // Which columns may be null the schema says; a shape need not say it again.
    const nullable = columns.map(([column, kind]) => [column, `${kind}?`] as const);
    shape = { name, key: key.map(snake), columns: Object.fromEntries(nullable) };
    shapes.set(name, shape);
  }
  return shape;
}

const LIST_TEXTS: Map<string, string> = new Map();
function listText(table: TableName, list: string, between: Between): string {
  const bounds = `${between.from === undefined ? '' : 'f'}${between.to === undefined ? '' : 't'}`;
  const id = `${table} ${list} ${bounds} ${between.limit === undefined ? '' : 'l'}`;
  let text = LIST_TEXTS.get(id);
  if (text === undefined) {
    const shape = TABLES[table] as { lists: Record<string, { by: readonly string[]; order: string }> };
    const { by, order } = shape.lists[list] ?? { by: [], order: '' };
    const { key, auto } = sqlTable(table);
    const where = ['county_id = :county', ...by.map((column) => `${quoted(column)} = :${snake(column)}`)];
    if (between.from !== undefined) where.push(`${quoted(order)} >= :from_bound`);
    if (between.to !== undefined) where.push(`${quoted(order)} <= :to_bound`);
    const ties = auto === null ? key : [auto];
    const orders = [...new Set([order, ...ties])].filter((column) => !by.includes(column)).map(quoted);
    text = `SELECT * FROM ${table} WHERE ${where.join(' AND ')}
      ${orders.length > 0 ? `ORDER BY ${orders.join(', ')}` : ''} ${between.limit === undefined ? '' : 'LIMIT :row_limit'}`;
    LIST_TEXTS.set(id, text);
  }
  return text;
}

function reading(sql: Sql, lock: boolean): Reading {
  /** What is read of `epochs` to be written stands still: custody and the books both change them. */
  const locks = (table: TableName) => (lock && table === 'epochs' ? 'locked' : undefined);

  async function many<T extends TableName>(table: T, keys: readonly KeyOf<T>[]): Promise<(RowOf<T> | undefined)[]> {
    if (keys.length === 0) return [];
    const shaped = keys.map((key) => keyOf(table, key as SqlRow));
    const rows = await sql.getMany(shapeOf(table), shaped, locks(table));
    return rows.map((row) => (row === undefined ? undefined : (fromSql(sqlTable(table), row) as unknown as RowOf<T>)));
  }
  async function list<T extends TableName>(table: T, name: ListOf<T>, by: Partial<RowOf<T>>, between: Between = {}) {
    const shape = TABLES[table] as { lists: Record<string, { by: readonly string[] }> };
    const params: Record<string, Param> = {};
    for (const column of shape.lists[name]?.by ?? []) params[snake(column)] = ((by as SqlRow)[column] ?? null) as Param;
    if (between.from !== undefined) params.from_bound = between.from;
    if (between.to !== undefined) params.to_bound = between.to;
    if (between.limit !== undefined) params.row_limit = between.limit;
    const text = listText(table, name, between);
    let rows = await sql.all<SqlRow>(text, params);
    if (locks(table) && rows.length > 0 && sql.dialect === 'postgres') {
      const keys = rows.map((row) => keyOf(table, fromSql(sqlTable(table), row)));
      await sql.getMany(shapeOf(table), keys, 'locked');
      rows = await sql.all<SqlRow>(text, params); // as they stand now that they stand still
    }
    return rows.map((row) => fromSql(sqlTable(table), row) as unknown as RowOf<T>);
  }
  return {
    many,
    list,
    async get<T extends TableName>(table: T, key: KeyOf<T>) {
      if (sqlTable(table).key.length > 0) return (await many(table, [key]))[0];
      const row = await sql.get<SqlRow>(`SELECT * FROM ${table} WHERE county_id = :county`);
      return row === undefined ? undefined : (fromSql(sqlTable(table), row) as unknown as RowOf<T>);
    },
    async verdicts(tid, ep, after, limit) {
      const rows = await sql.all<SqlRow>(VERDICTS, { tid, ep, after, row_limit: limit });
      return rows.map(({ seq, stage, flags, code }) => ({
        ...{ seq: Number(seq), stage: stage as Verdict['stage'], code: code as string | null },
        flags: flags === '[]' ? [] : (JSON.parse(String(flags)) as string[]),
      }));
    },
    async balances(accounts) {
      const rows = await sql.getMany(
        BALANCES,
        accounts.map((account) => [account]),
      );
      return rows.map((row) => row?.amount ?? 0);
    },
    async transfers(ids) {
      const rows = await sql.getMany(
        TRANSFERS,
        ids.map((id) => [id]),
      );
      return rows as unknown as (Transfer | undefined)[];
    },
  };
}

const VERDICTS = `SELECT seq, stage, flags, code FROM judgements
  WHERE county_id = :county AND tid = :tid AND ep = :ep AND seq > :after ORDER BY seq LIMIT :row_limit`;
const BALANCES = {
  ...{ name: 'balances', key: ['account'], columns: { account: 'text', amount: 'int' } },
} as const satisfies TableShape;
const TRANSFERS = {
  ...{ name: 'transfers', key: ['id'] },
  columns: {
    ...{ id: 'text', at: 'int', debit: 'text', credit: 'text', amount: 'int', kind: 'text', ref: 'text' },
    act: 'text?',
  },
} as const satisfies TableShape;

function keyOf(table: TableName, row: SqlRow): Key {
  return sqlTable(table).key.map((column) => row[column] as string | number | Uint8Array);
}

function writing(sql: Sql): Books {
  const read = reading(sql, true);
  const remembered = remember(read);
  const write = async (table: TableName, rows: readonly object[], mayReplace: boolean) => {
    if (rows.length === 0) return;
    const shape = shapeOf(table);
    const cells = rows.map((row) => toSql(sqlTable(table), row as SqlRow) as CellsOf<TableShape>);
    const replaces = mayReplace && !('appendOnly' in TABLES[table]);
    await sql.insertMany(shape, cells, replaces ? replacing(shape, remembered.changed(table, rows)) : 'refuse');
    remembered.note(table, rows, mayReplace ? 'changed' : 'added');
  };
  return {
    ...read,
    get: remembered.get,
    verdicts: remembered.verdicts,
    put: (table, rows) => write(table, lastOfEach(table, rows), true),
    add: (table, rows) => write(table, rows, false),
    async drop(table, keys) {
      if (keys.length === 0) return;
      await sql.deleteMany(
        shapeOf(table),
        keys.map((key) => keyOf(table, key as SqlRow)),
      );
    },
    post: (transfers, at, act) => post(sql, transfers, at, act ?? null),
    async nextVersion(count = 1) {
      const text = `UPDATE counties SET downlink_version = downlink_version + :more WHERE county_id = :county
        RETURNING downlink_version AS version`;
      const row = await sql.get<{ version: number }>(text, { more: count });
      if (row === undefined) throw new Error('no county');
      remembered.forgetCounty();
      return row.version;
    },
    async audit({ at, user, act, subject, detail }: AuditEntry) {
      const text = `INSERT INTO audit (county_id, at, "user", act, subject, detail_json)
        VALUES (:county, :at, :user, :act, :subject, :detail)`;
      await sql.run(text, { at, user, act, subject, detail: JSON.stringify(detail) });
    },
  };
}

/** Only what changed is written, where that is known: an index over the rest of a row is then left alone. */
function replacing({ columns, key }: TableShape, changed: ReadonlySet<string> | null): OnConflict<TableShape> {
  const rest = Object.keys(columns).filter((column) => !key.includes(column));
  const names = changed === null ? null : new Set([...changed].map(snake));
  const update = names === null ? rest : rest.filter((column) => names.has(column));
  return update.length > 0 ? { update } : 'ignore';
}

/** A row put twice in one call is put as it was last. */
function lastOfEach<T extends TableName>(table: T, rows: readonly RowOf<T>[]): readonly RowOf<T>[] {
  if (rows.length < 2) return rows;
  return [...new Map(rows.map((row) => [JSON.stringify(keyOf(table, row as unknown as SqlRow)), row])).values()];
}

/** The same id and content again is the same transfer; other content is refused, naming the field. */
async function post(sql: Sql, transfers: readonly Transfer[], at: number, act: string | null): Promise<void> {
  if (transfers.length === 0) return;
  const rows = transfers.map(({ id, debit, credit, amount, kind, ref }) => {
    return { id, at, debit, credit, amount, kind, ref, act };
  });
  // Most were never posted before: only where fewer went in than came is it worth looking which stood already.
  if ((await sql.insertMany(TRANSFERS, rows, 'ignore')) === rows.length) return;
  const stands = await reading(sql, false).transfers(transfers.map(({ id }) => id));
  for (const [i, t] of transfers.entries()) {
    const known = stands[i];
    const field = (['debit', 'credit', 'amount', 'kind', 'ref'] as const).find((name) => known?.[name] !== t[name]);
    if (field !== undefined) {
      throw new BooksRefusal('exists-with-different', `transfer ${t.id} exists with different ${field}`);
    }
  }
}
