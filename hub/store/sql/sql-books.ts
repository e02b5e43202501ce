import {
  type AuditEntry,
  type Between,
  type BookStore,
  type Books,
  BooksRefusal,
  type Reading,
} from '../../ledger/books.ts';
import { type KeyOf, type ListOf, type RowOf, TABLES, type TableName } from '../../ledger/tables.ts';
import type { Transfer } from '../../ledger/transfers.ts';
import type { Engine, Params, Shape, Sql } from './engine.ts';
import { fromSql, quoted, type SqlRow, snake, sqlTable, toSql } from './sql-tables.ts';

/** The books on SQL, the same text on both engines. Refusals stand in the schema; here they only get their names. */
export function sqlBooks(engine: Engine): BookStore {
  return {
    read: (work) => engine.read((sql) => work(reading(sql, false))),
    write: (work) => engine.write((sql) => work(writing(sql))),
    custody: (_tid, work) => engine.custody((sql) => work(writing(sql))),
  };
}

const shapes: Map<TableName, Shape> = new Map();
function shapeOf(name: TableName): Shape {
  let shape = shapes.get(name);
  if (shape === undefined) {
    const table = sqlTable(name);
    const appendOnly = 'appendOnly' in TABLES[name];
    shape = { name, key: table.key.map(snake), kinds: table.kinds, appendOnly };
    shapes.set(name, shape);
  }
  return shape;
}

const LIST_TEXTS: Map<string, string> = new Map();
/** `epochs` are locked when read to write: custody and the books both change them. */
const lockOf = (sql: Sql, table: TableName, lock: boolean) =>
  lock && table === 'epochs' && sql.dialect === 'postgres' ? ' FOR UPDATE' : '';

function listText(sql: Sql, table: TableName, list: string, between: Between, lock: boolean): string {
  const bounds = `${between.from === undefined ? '' : 'f'}${between.to === undefined ? '' : 't'}`;
  const id = `${table} ${list} ${bounds} ${between.limit === undefined ? '' : 'l'} ${lockOf(sql, table, lock)}`;
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
      ${orders.length > 0 ? `ORDER BY ${orders.join(', ')}` : ''} ${between.limit === undefined ? '' : 'LIMIT :row_limit'}
      ${lockOf(sql, table, lock)}`;
    LIST_TEXTS.set(id, text);
  }
  return text;
}

function reading(sql: Sql, lock: boolean): Reading {
  const many = async <T extends TableName>(table: T, keys: readonly KeyOf<T>[]) => {
    if (keys.length === 0) return [];
    const shaped = keys.map((key) => keyParams(table, key as SqlRow));
    const rows = await sql.getMany<SqlRow>(shapeOf(table), shaped, lock && table === 'epochs');
    return rows.map((row) => (row === undefined ? undefined : (fromSql(sqlTable(table), row) as unknown as RowOf<T>)));
  };
  return {
    many,
    get: async <T extends TableName>(table: T, key: KeyOf<T>) => (await many(table, [key]))[0],
    async list<T extends TableName>(table: T, list: ListOf<T>, by: Partial<RowOf<T>>, between: Between = {}) {
      const shape = TABLES[table] as { lists: Record<string, { by: readonly string[] }> };
      const params: Record<string, string | number | Uint8Array | null> = { county: sql.county };
      for (const column of shape.lists[list]?.by ?? []) {
        params[snake(column)] = ((by as SqlRow)[column] ?? null) as string | number | Uint8Array | null;
      }
      if (between.from !== undefined) params.from_bound = between.from;
      if (between.to !== undefined) params.to_bound = between.to;
      if (between.limit !== undefined) params.row_limit = between.limit;
      const rows = await sql.all<SqlRow>(listText(sql, table, list, between, lock), params);
      return rows.map((row) => fromSql(sqlTable(table), row) as unknown as RowOf<T>);
    },
    async balances(accounts) {
      const rows = await sql.getMany<{ amount: number }>(
        BALANCES,
        accounts.map((account) => ({ account })),
      );
      return rows.map((row) => row?.amount ?? 0);
    },
    async transfers(ids) {
      return sql.getMany<Transfer>(
        TRANSFERS,
        ids.map((id) => ({ id })),
      );
    },
  };
}

const BALANCES: Shape = {
  name: 'balances',
  key: ['account'],
  kinds: { account: 'text', amount: 'int' },
  appendOnly: false,
};
const TRANSFERS: Shape = {
  ...{ name: 'transfers', key: ['id'], appendOnly: true },
  kinds: {
    id: 'text',
    at: 'int',
    debit: 'text',
    credit: 'text',
    amount: 'int',
    kind: 'text',
    ref: 'text',
    act: 'text',
  },
};

function keyParams(table: TableName, row: SqlRow): Params {
  return Object.fromEntries(sqlTable(table).key.map((column) => [snake(column), row[column] as string | number]));
}

function writing(sql: Sql): Books {
  const write = async (table: TableName, rows: readonly object[], onConflict: 'refuse' | 'replace') => {
    if (rows.length === 0) return;
    const shaped = rows.map((row) => toSql(sqlTable(table), row as SqlRow) as Params);
    await sql.insertMany(shapeOf(table), shaped, onConflict);
  };
  return {
    ...reading(sql, true),
    put: (table, rows) => write(table, rows, 'replace'),
    add: (table, rows) => write(table, rows, 'refuse'),
    async drop(table, keys) {
      const where = sqlTable(table).key.map((column) => `${quoted(column)} = :${snake(column)}`);
      const text = `DELETE FROM ${table} WHERE county_id = :county AND ${where.join(' AND ')}`;
      for (const key of keys) await sql.run(text, { county: sql.county, ...keyParams(table, key as SqlRow) });
    },
    post: (transfers, at, act) => post(sql, transfers, at, act ?? null),
    async nextVersion() {
      await sql.run('UPDATE counties SET downlink_version = downlink_version + 1 WHERE county_id = :county', {
        county: sql.county,
      });
      const text = 'SELECT downlink_version AS version FROM counties WHERE county_id = :county';
      const row = await sql.get<{ version: number }>(text, { county: sql.county });
      if (row === undefined) throw new Error('no county');
      return row.version;
    },
    async audit({ at, user, act, subject, detail }: AuditEntry) {
      const text = `INSERT INTO audit (county_id, at, "user", act, subject, detail_json)
        VALUES (:county, :at, :user, :act, :subject, :detail)`;
      await sql.run(text, { county: sql.county, at, user, act, subject, detail: JSON.stringify(detail) });
    },
  };
}

/** The same id and content again is the same transfer; other content is refused, naming the field. */
async function post(sql: Sql, transfers: readonly Transfer[], at: number, act: string | null): Promise<void> {
  if (transfers.length === 0) return;
  const known = await reading(sql, false).transfers(transfers.map(({ id }) => id));
  const fresh = transfers.filter((t, i) => {
    const stands = known[i];
    if (stands === undefined) return true;
    const field = (['debit', 'credit', 'amount', 'kind', 'ref'] as const).find((name) => stands[name] !== t[name]);
    if (field !== undefined) {
      throw new BooksRefusal('exists-with-different', `transfer ${t.id} exists with different ${field}`);
    }
    return false;
  });
  const rows = fresh.map(({ id, debit, credit, amount, kind, ref }) => {
    return { id, at, debit, credit, amount, kind, ref, act };
  });
  await sql.insertMany(TRANSFERS, rows, 'refuse');
}
