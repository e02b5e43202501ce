import type { Books, Reading } from '../../ledger/books.ts';
import { type KeyOf, type RowOf, TABLES, type TableName } from '../../ledger/tables.ts';

/**
 * Within one transaction the same few rows are asked for again and again: the county, a village, the epoch at hand. They
 * stand still meanwhile (a snapshot, the county's lock, an epoch's own lock), so each is read once.
 */
const KEPT: ReadonlySet<TableName> = new Set(['counties', 'villages', 'epochs']);

export function rememberingReads(books: Reading): Reading {
  return { ...books, get: remembered(books, new Map()) };
}

export function remembering(books: Books): Books {
  const rows: Rows = new Map();
  const changing =
    (change: Books['put']): Books['put'] =>
    async (table, changed) => {
      await change(table, changed);
      if (!KEPT.has(table)) return;
      for (const row of changed) rows.set(idOf(table, row), Promise.resolve(row));
    };
  return {
    ...books,
    get: remembered(books, rows),
    put: changing(books.put),
    add: changing(books.add),
    async nextVersion(count) {
      const version = await books.nextVersion(count);
      rows.delete(idOf('counties', {}));
      return version;
    },
  };
}

type Rows = Map<string, Promise<RowOf<TableName> | undefined>>;

function idOf(table: TableName, key: object): string {
  return [table, ...TABLES[table].key.map((column) => (key as Readonly<Record<string, unknown>>)[column])].join(' ');
}

function remembered(books: Reading, rows: Rows): Reading['get'] {
  return <T extends TableName>(table: T, key: KeyOf<T>) => {
    if (!KEPT.has(table)) return books.get(table, key);
    const id = idOf(table, key);
    let row = rows.get(id);
    if (row === undefined) {
      row = books.get(table, key) as Promise<RowOf<TableName> | undefined>;
      rows.set(id, row);
    }
    return row as Promise<RowOf<T> | undefined>;
  };
}
