import { type Between, BooksRefusal } from '../../ledger/books.ts';
import { TABLES, type TableName } from '../../ledger/tables.ts';

/** One table in memory: rows by key, and each list in its order. Rows are never changed in place, so a copy is shallow. */

type Row = Readonly<Record<string, unknown>>;
interface Shape {
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, string>>;
  readonly lists: Readonly<Record<string, { readonly by: readonly string[]; readonly order: string }>>;
  readonly appendOnly?: true;
  readonly mayDrop?: true;
}
interface List {
  readonly by: readonly string[];
  readonly order: string;
  /** Rows of one bucket, in order. */
  readonly buckets: Map<string, Row[]>;
}

export class MemoryTable {
  readonly name: TableName;
  private readonly shape: Shape;
  private readonly auto: string | null;
  private rows: Map<string, Row> = new Map();
  private lists: Map<string, List> = new Map();
  private numbered = 0;

  constructor(name: TableName) {
    this.name = name;
    this.shape = TABLES[name] as Shape;
    this.auto = Object.keys(this.shape.columns).find((column) => this.shape.columns[column] === 'auto') ?? null;
    for (const [list, { by, order }] of Object.entries(this.shape.lists)) {
      this.lists.set(list, { by, order, buckets: new Map() });
    }
  }

  private idOf(row: Row): string {
    return joined(row, this.shape.key);
  }

  get(key: Row): Row | undefined {
    return this.rows.get(this.idOf(key));
  }

  /** Answers how to undo it. */
  put(given: Row, mayReplace: boolean): () => void {
    const row = this.auto === null ? given : { ...given, [this.auto]: ++this.numbered };
    const id = this.idOf(row);
    const before = this.rows.get(id);
    if (before !== undefined && !mayReplace) throw new BooksRefusal('exists', `${this.name} ${id} stands already`);
    if (before !== undefined && this.shape.appendOnly) {
      throw new BooksRefusal('append-only', `${this.name} ${id} never changes`);
    }
    this.replace(id, before, row);
    return () => this.replace(id, row, before);
  }

  drop(key: Row): () => void {
    if (!this.shape.mayDrop) throw new BooksRefusal('append-only', `${this.name} rows stay`);
    const id = this.idOf(key);
    const before = this.rows.get(id);
    if (before === undefined) return () => undefined;
    this.replace(id, before, undefined);
    return () => this.replace(id, undefined, before);
  }

  private replace(id: string, before: Row | undefined, after: Row | undefined): void {
    if (after === undefined) this.rows.delete(id);
    else this.rows.set(id, after);
    for (const list of this.lists.values()) {
      if (before !== undefined) remove(list, before);
      if (after !== undefined) insert(list, after);
    }
  }

  list(name: string, by: Row, between: Between = {}): Row[] {
    const list = this.lists.get(name);
    if (list === undefined) throw new Error(`${this.name} has no list ${name}`);
    const all = list.buckets.get(joined(by, list.by)) ?? [];
    const { from, to, limit } = between;
    const start = from === undefined ? 0 : lowest(all, list.order, from);
    const end = to === undefined ? all.length : lowest(all, list.order, to + 1);
    return all.slice(start, limit === undefined ? end : Math.min(end, start + limit));
  }

  copy(): MemoryTable {
    const copy = new MemoryTable(this.name);
    copy.rows = new Map(this.rows);
    copy.numbered = this.numbered;
    for (const [name, list] of this.lists) {
      const buckets = [...list.buckets].map(([key, rows]): [string, Row[]] => [key, [...rows]]);
      copy.lists.set(name, { ...list, buckets: new Map(buckets) });
    }
    return copy;
  }

  /** In the order in which they were first put. */
  all(): readonly Row[] {
    return [...this.rows.values()];
  }

  size(): number {
    return this.rows.size;
  }
}

function joined(row: Row, columns: readonly string[]): string {
  const [only] = columns;
  if (only !== undefined && columns.length === 1) return String(row[only]);
  let text = '';
  for (const column of columns) text += `${String(row[column])}\u0000`;
  return text;
}

/** Nulls come first, as in SQLite; they are never inside bounds. */
function before(a: unknown, b: unknown): boolean {
  if (a === null || a === undefined) return b !== null && b !== undefined;
  if (b === null || b === undefined) return false;
  return (a as number | string) < (b as number | string);
}

/** First place whose order column is not below `value`. */
function lowest(rows: readonly Row[], order: string, value: unknown): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (before(rows[middle]?.[order], value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insert(list: List, row: Row): void {
  const key = joined(row, list.by);
  const bucket = list.buckets.get(key);
  if (bucket === undefined) {
    list.buckets.set(key, [row]);
    return;
  }
  // Behind its equals: ties stand in the order of arrival.
  let place = bucket.length;
  while (place > 0 && before(row[list.order], bucket[place - 1]?.[list.order])) place -= 1;
  bucket.splice(place, 0, row);
}

function remove(list: List, row: Row): void {
  const bucket = list.buckets.get(joined(row, list.by));
  const place = bucket?.lastIndexOf(row) ?? -1;
  if (place >= 0) bucket?.splice(place, 1);
}
