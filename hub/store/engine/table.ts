import type { BaseType, Key, OnConflict, Param, RowOf, TableShape } from './port.ts';

/** The text both drivers make of a table's shape. Names stand in quotes: `user` is a column of ours. */

export const quoted = (name: string): string => `"${name}"`;

/** county_id and the key. */
export function keyColumns(table: TableShape): readonly string[] {
  return ['county_id', ...table.key];
}

const columnNames: WeakMap<TableShape, readonly string[]> = new WeakMap();
/** All but county_id, in the shape's order. */
export function columnsOf(table: TableShape): readonly string[] {
  let names = columnNames.get(table);
  if (names === undefined) {
    names = Object.keys(table.columns);
    columnNames.set(table, names);
  }
  return names;
}

/** What follows VALUES or SELECT of an insert. */
export function conflictClause<T extends TableShape>(table: T, onConflict: OnConflict<T>): string {
  if (onConflict === 'refuse') return '';
  const target = `ON CONFLICT (${keyColumns(table).map(quoted).join(', ')})`;
  if (onConflict === 'ignore') return `${target} DO NOTHING`;
  const sets = onConflict.update.map((column) => `${quoted(column)} = excluded.${quoted(column)}`);
  return `${target} DO UPDATE SET ${sets.join(', ')}`;
}

/** A cell of a row, checked against the shape: a bug above must not become another type below. */
export function cell(table: TableShape, row: RowOf<TableShape>, column: string): Param {
  const value = row[column] as Param | undefined;
  const type = table.columns[column];
  let fits = false;
  if (typeof value === 'string') fits = type === 'text' || type === 'text?';
  else if (typeof value === 'number') fits = (type === 'int' || type === 'int?') && Number.isSafeInteger(value);
  else if (value === null) fits = type?.endsWith('?') === true;
  else if (value instanceof Uint8Array) fits = type === 'blob' || type === 'blob?';
  if (!fits) throw new TypeError(`${table.name}.${column} is no ${type}`);
  return value as Param;
}

export function baseType(table: TableShape, column: string): BaseType {
  const type = table.columns[column];
  if (type === undefined) throw new TypeError(`${table.name} has no column ${column}`);
  return type.replace('?', '') as BaseType;
}

/** PostgreSQL refuses to touch a row twice in one upsert; SQLite would let the last one win: refused on both. */
export function refuseTwins(table: TableShape, rows: readonly RowOf<TableShape>[]): void {
  const keys = new Set(rows.map((row) => keyText(table.key.map((column) => cell(table, row, column)))));
  if (keys.size !== rows.length) throw new TypeError(`two rows for ${table.name} in one call share a key`);
}

function keyText(key: readonly Param[]): string {
  return JSON.stringify(key.map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value)));
}

export function refuseBadKeys(table: TableShape, keys: readonly Key[]): void {
  if (table.key.length === 0) throw new TypeError(`${table.name} has one row a county: select it`);
  if (keys.some((key) => key.length !== table.key.length))
    throw new TypeError(`a key of ${table.name} has ${table.key.length} values`);
}
