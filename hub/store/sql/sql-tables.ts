import { TABLES, type TableName } from '../../ledger/tables.ts';
import { keptText, originalText } from './junk-text.ts';

/** From the tables as rules see them to SQL: snake case, quoted, json as text. The text of each statement is made once. */

export interface SqlTable {
  readonly name: TableName;
  /** Columns as rules name them. */
  readonly columns: readonly string[];
  readonly key: readonly string[];
  readonly auto: string | null;
  /** The column that keeps whatever anybody sent. */
  readonly asCame: string | null;
  /** Each column as rules name it, as SQL does, and whether it is json; in the order of `columns`. */
  readonly cells: readonly { readonly column: string; readonly name: string; readonly json: boolean }[];
  readonly kinds: Readonly<Record<string, 'int' | 'text' | 'blob'>>;
}

const made: Map<TableName, SqlTable> = new Map();

export function sqlTable(name: TableName): SqlTable {
  const known = made.get(name);
  if (known !== undefined) return known;
  const { columns, key } = TABLES[name] as { columns: Record<string, string>; key: readonly string[] };
  const names = Object.keys(columns);
  const table: SqlTable = {
    ...{ name, columns: names, key },
    cells: names.map((column) => ({ column, name: snake(column), json: columns[column] === 'json' })),
    asCame: name === 'records' ? 'jws' : null,
    auto: names.find((column) => columns[column] === 'auto') ?? null,
    kinds: Object.fromEntries(
      names.map((column) => {
        const kind = columns[column];
        return [snake(column), kind === 'json' ? 'text' : kind === 'auto' ? 'int' : (kind as 'int' | 'text' | 'blob')];
      }),
    ),
  };
  made.set(name, table);
  return table;
}

const snakes: Map<string, string> = new Map();
export function snake(column: string): string {
  let text = snakes.get(column);
  if (text === undefined) {
    text = column.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snakes.set(column, text);
  }
  return text;
}

export type SqlRow = Readonly<Record<string, unknown>>;

/** A row as rules know it, from one as SQL answers it. */
export function fromSql(table: SqlTable, row: SqlRow): SqlRow {
  const out: Record<string, unknown> = {};
  for (const { column, name, json } of table.cells) {
    const value = row[name] ?? null;
    if (table.asCame === column && value !== null) out[column] = originalText(String(value));
    else out[column] = json && value !== null ? JSON.parse(String(value)) : value;
  }
  return out;
}

export function toSql(table: SqlTable, row: SqlRow): SqlRow {
  const out: Record<string, unknown> = {};
  for (const { column, name, json } of table.cells) {
    if (column === table.auto) continue;
    const value = row[column] ?? null;
    if (table.asCame === column && value !== null) out[name] = keptText(String(value));
    else out[name] = json && value !== null ? JSON.stringify(value) : value;
  }
  return out;
}

export const quoted = (column: string) => `"${snake(column)}"`;
