/**
 * One county's SQL database. The hub's SQL is written once, in what SQLite and PostgreSQL have in common; drivers differ.
 */
export interface Engine {
  readonly dialect: 'sqlite' | 'postgres';
  /** A snapshot: sees one state, never waits for writers. */
  read<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /**
   * The county's single writer: takes the county's lock first. All or nothing; durable when it resolves. PostgreSQL may
   * ask for the work again (deadlock, serialization), so it must be repeatable.
   */
  write<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** A transaction that does not take the county's lock on PostgreSQL; the rows it reads of `epochs` are locked. */
  custody<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export type Value = string | number | null | Uint8Array;
export type Params = Readonly<Record<string, Value>>;

/** Named parameters `:name`. Whole numbers are safe integers both ways; bytes are Uint8Array. */
export interface Sql {
  readonly county: string;
  readonly dialect: 'sqlite' | 'postgres';
  all<Row>(text: string, params?: Params): Promise<Row[]>;
  get<Row>(text: string, params?: Params): Promise<Row | undefined>;
  /** Rows changed. */
  run(text: string, params?: Params): Promise<number>;
  /** Adds rows, set-based where the engine can. Columns in SQL's names. */
  insertMany(table: Shape, rows: readonly Params[], onConflict: 'refuse' | 'replace'): Promise<void>;
  /** Rows by key, in the order of the keys. */
  getMany<Row>(table: Shape, keys: readonly Params[], lock?: boolean): Promise<(Row | undefined)[]>;
  /** Rows one by one, for exports: the whole table need not fit into memory. */
  iterate<Row>(text: string, params?: Params): AsyncIterable<Row>;
}

export interface Shape {
  readonly name: string;
  /** Behind county_id. */
  readonly key: readonly string[];
  readonly kinds: Readonly<Record<string, 'int' | 'text' | 'blob'>>;
  readonly appendOnly: boolean;
}
