import type { KeyOf, ListOf, RowOf, TableName } from './tables.ts';
import type { Transfer } from './transfers.ts';

/**
 * The books of one county, as rules see them. `write` is one transaction and the county's only one while it runs: nothing
 * it read can change under it; all of it is durable when its promise resolves, or none of it ever was. Work must be
 * repeatable: a database may ask for it again.
 */
export interface BookStore {
  read<T>(work: (books: Reading) => Promise<T>): Promise<T>;
  write<T>(work: (books: Books) => Promise<T>): Promise<T>;
  /** As `write`, but locks one terminal's epochs only: custody of one kiosk never waits for the county's books. */
  custody<T>(tid: string, work: (books: Books) => Promise<T>): Promise<T>;
  /** Custody waits for the county's books all the same, as on SQLite: one transaction for both is then the cheaper one. */
  readonly oneWriter: boolean;
}

export interface Between {
  /** Inclusive bounds of the list's order column. */
  readonly from?: number;
  readonly to?: number;
  readonly limit?: number;
}

/** Inside `write` and `custody` what is read of `epochs` is locked: both change them. */
export interface Reading {
  get<T extends TableName>(table: T, key: KeyOf<T>): Promise<RowOf<T> | undefined>;
  /** In the order of the keys. */
  many<T extends TableName>(table: T, keys: readonly KeyOf<T>[]): Promise<(RowOf<T> | undefined)[]>;
  /** Rows that agree with `by`, in the list's order; ties in the order of the key, or of arrival. */
  list<T extends TableName>(table: T, list: ListOf<T>, by: Partial<RowOf<T>>, between?: Between): Promise<RowOf<T>[]>;
  /** Verdicts of a chain above `after`, in order: the few columns that an answer tells, of many rows. */
  verdicts(tid: string, ep: number, after: number, limit: number): Promise<Verdict[]>;
  /** What accounts hold; 0 where nothing ever moved. */
  balances(accounts: readonly string[]): Promise<number[]>;
  transfers(ids: readonly string[]): Promise<(Transfer | undefined)[]>;
}

export type Verdict = Pick<RowOf<'judgements'>, 'seq' | 'stage' | 'flags' | 'code'>;

export interface Books extends Reading {
  /** Adds rows or changes them whole. Refused where the schema refuses. */
  put<T extends TableName>(table: T, rows: readonly RowOf<T>[]): Promise<void>;
  /** Adds rows; refused where one with its key stands. Columns numbered by the store are ignored. */
  add<T extends TableName>(table: T, rows: readonly RowOf<T>[]): Promise<void>;
  /** Takes rows of a table that holds work to be done; missing ones are no error. */
  drop<T extends 'dues' | 'waits' | 'sessions'>(table: T, keys: readonly KeyOf<T>[]): Promise<void>;
  /**
   * Moves points. Refused: an account below zero, the same id with other content. `act`: the approved proposal behind
   * kinds that take two people.
   */
  post(transfers: readonly Transfer[], at: number, act?: string): Promise<void>;
  /** The next number of all that goes down to terminals; of `count` numbers in a row the last. */
  nextVersion(count?: number): Promise<number>;
  /** A line of the audit trail, in the transaction of the act itself. */
  audit(entry: AuditEntry): Promise<void>;
}

export interface AuditEntry {
  readonly at: number;
  readonly user: string;
  readonly act: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The database cannot be reached, is full, or did not answer in time: what asked may ask again. Nothing is half done. */
export class BooksUnavailable extends Error {
  constructor(says: string) {
    super(says);
    this.name = 'BooksUnavailable';
  }
}

/** The schema refused: a bug above it, or a race that it is there to catch. Nothing of the transaction stands. */
export class BooksRefusal extends Error {
  readonly code: RefusalCode;
  constructor(code: RefusalCode, says: string) {
    super(says);
    this.name = 'BooksRefusal';
    this.code = code;
  }
}
export type RefusalCode =
  | 'negative-account'
  | 'exists-with-different'
  | 'exists'
  | 'append-only'
  | 'same-person'
  | 'check';
