/**
 * What the hub's stores stand on: one county's database, on SQLite or PostgreSQL. The stores' SQL is written once, in what
 * both engines understand alike (`docs/decisions`); only the drivers, the migrations and `dialect.ts` differ.
 */

/** One county's database. Every `write` is the county's only writer while it runs. Not to be nested: use the `sql` you got. */
export interface Engine {
  readonly dialect: Dialect;
  readonly county: string;
  /** The schema’s number when this was opened, and after its migrations. */
  readonly schema: { readonly found: number; readonly now: number };
  /** A snapshot: sees one state, never waits for writers, cannot write. Pinned by its first statement. */
  read<T>(work: Work<T>): Promise<T>;
  /**
   * The county's single writer: the county lock is taken first, so nothing that other `write`s change can change under it.
   * All or nothing; durable on resolve. Rejects with the error of `work`; after any failed statement nothing is committed,
   * even if `work` goes on. On PostgreSQL a deadlock or serialization failure runs `work` again, so it must be repeatable.
   */
  write<T>(work: Work<T>): Promise<T>;
  /** Custody: as `write`, but on PostgreSQL without the county lock: whoever needs a row to stand still gets it `locked`. */
  custody<T>(work: Work<T>): Promise<T>;
  /** Waits for nothing: what still runs is rejected, and rolled back. */
  close(): Promise<void>;
}
export type Dialect = 'sqlite' | 'postgres';
export type Work<T> = (sql: Sql) => Promise<T>;

/**
 * One transaction. Usable until its work settles. Parameters are named `:name` in the text; `:county` is always there.
 * Columns named alike come back alike: integers as safe integers (a larger one throws), truth as 0 and 1, bytes as Buffer.
 */
export interface Sql {
  readonly county: string;
  readonly dialect: Dialect;
  all<Row>(text: string, params?: Params): Promise<Row[]>;
  get<Row>(text: string, params?: Params): Promise<Row | undefined>;
  /** Returns how many rows changed. For a statement with RETURNING use `all` or `get`. */
  run(text: string, params?: Params): Promise<number>;
  /**
   * One set-based statement per thousands of rows on PostgreSQL, a prepared loop on SQLite; positions follow the order given.
   * A conflict is one of the table's key; `refuse` throws StoreRefused `unique`. Two rows of one call must not share a key
   * when they update. Give transfers credit before debit: SQLite checks after each row, PostgreSQL after all.
   * Returns how many rows were inserted or updated.
   */
  insertMany<T extends TableShape>(table: T, rows: readonly RowOf<T>[], onConflict: OnConflict<T>): Promise<number>;
  /** Takes the rows with these keys away; missing ones are no error. Returns how many there were. */
  deleteMany(table: TableShape, keys: readonly Key[]): Promise<number>;
  /**
   * Rows by key, in the order of `keys`; undefined where there is none. `locked`: they stand still until the end of the
   * transaction, locked in key order, and are told as they stand then. SQLite's writer has them already.
   */
  getMany<T extends TableShape>(table: T, keys: readonly Key[], locked?: 'locked'): Promise<(RowOf<T> | undefined)[]>;
  /** Row by row, without holding all in memory. Other reads may run meanwhile; on SQLite no write may. */
  iterate<Row>(text: string, params?: Params): AsyncIterable<Row>;
}

/** Numbers are safe integers: fractions are refused. */
export type Param = string | number | null | Uint8Array;
export type Params = Readonly<Record<string, Param>>;
/** The values of a table's key, in the shape's order, without county_id. */
export type Key = readonly (string | number | Uint8Array)[];

/** What `insertMany`, `deleteMany` and `getMany` know of a table; county_id is understood. Leave out what the database makes (arrival, pos). */
export interface TableShape {
  readonly name: string;
  /** The columns of a unique key after county_id. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnType>>;
}
/** With `?`: may be null. */
export type ColumnType = BaseType | `${BaseType}?`;
export type BaseType = 'int' | 'text' | 'blob';
type Cell<C> = C extends `${infer B}?`
  ? Cell<B> | null
  : C extends 'int'
    ? number
    : C extends 'text'
      ? string
      : Uint8Array;
export type RowOf<T extends TableShape> = { readonly [K in keyof T['columns']]: Cell<T['columns'][K]> };
export type OnConflict<T extends TableShape> =
  | 'refuse'
  | 'ignore'
  | { readonly update: readonly (keyof T['columns'] & string)[] };

/** `refused`: a trigger said no, in its words. `check` includes a missing value where one must be. */
export type RefusalCode = 'unique' | 'check' | 'foreign-key' | 'refused';

/** The schema refused a statement. The message names the constraint or says the trigger's sentence; never the values. */
export class StoreRefused extends Error {
  readonly code: RefusalCode;
  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'StoreRefused';
    this.code = code;
  }
}

/** The database cannot be reached, is full, or did not answer in time. What asked may ask again later. */
export class StoreUnavailable extends Error {
  /** True where the commit was already under way: it may have happened, and only asking again can tell. */
  readonly maybeCommitted: boolean;
  constructor(message: string, maybeCommitted = false) {
    super(message);
    this.name = 'StoreUnavailable';
    this.maybeCommitted = maybeCommitted;
  }
}
