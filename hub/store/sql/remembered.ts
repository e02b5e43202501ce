import type { Reading } from '../../ledger/books.ts';
import { type KeyOf, type RowOf, TABLES, type TableName } from '../../ledger/tables.ts';

/**
 * Within one transaction the same few rows are asked for again and again: the county, a village, the epoch at hand. They
 * stand still meanwhile (a snapshot, the county's lock, an epoch's own lock), so each is read once.
 */
const KEPT: ReadonlySet<TableName> = new Set(['counties', 'villages', 'epochs']);

type Row = Readonly<Record<string, unknown>>;

export interface Remembered {
  get: Reading['get'];
  verdicts: Reading['verdicts'];
  /** Columns in which any of `rows` differs from what is known to stand; null where that is not known of each. */
  changed(table: TableName, rows: readonly object[]): ReadonlySet<string> | null;
  /** `rows` were written. */
  note(table: TableName, rows: readonly object[], how: 'added' | 'changed'): void;
  /** The county was changed by a statement. */
  forgetCounty(): void;
}

export function remember({ get, verdicts }: Pick<Reading, 'get' | 'verdicts'>): Remembered {
  const judged: Map<string, Judgements> = new Map();
  const asked: Map<string, Promise<RowOf<TableName> | undefined>> = new Map();
  const known: Map<string, Row> = new Map();
  return {
    get<T extends TableName>(table: T, key: KeyOf<T>) {
      if (!KEPT.has(table)) return get(table, key);
      const id = idOf(table, key);
      let row = asked.get(id);
      if (row === undefined) {
        row = get(table, key).then((found) => {
          if (found !== undefined && asked.get(id) === row) known.set(id, found as unknown as Row);
          return found as RowOf<TableName> | undefined;
        });
        asked.set(id, row);
      }
      return row as Promise<RowOf<T> | undefined>;
    },
    changed(table, rows) {
      if (!KEPT.has(table)) return null;
      const columns: Set<string> = new Set();
      for (const row of rows) {
        const before = known.get(idOf(table, row));
        if (before === undefined) return null;
        for (const column of Object.keys(TABLES[table].columns)) {
          if (!Object.is(before[column], (row as Row)[column])) columns.add(column);
        }
      }
      return columns;
    },
    /** A chain is judged in order, so what was judged just now is all that lies behind what was judged before. */
    async verdicts(tid, ep, after, limit) {
      const here = judged.get(`${tid} ${ep}`);
      const first = here?.[0]?.seq ?? Number.MAX_SAFE_INTEGER;
      if (here === undefined || after < first - 1) return verdicts(tid, ep, after, limit);
      return here.filter((row) => row.seq > after).slice(0, limit);
    },
    note(table, rows, how) {
      if (table === 'judgements') noteJudged(judged, rows as Judgements, how);
      if (!KEPT.has(table)) return;
      for (const row of rows) {
        const id = idOf(table, row);
        known.set(id, row as Row);
        asked.set(id, Promise.resolve(row as RowOf<TableName>));
      }
    },
    forgetCounty() {
      const id = idOf('counties', {});
      asked.delete(id);
      known.delete(id);
    },
  };
}

type Judgements = readonly RowOf<'judgements'>[];

/** A second run of a chain, or a verdict of this one that was changed: the database is asked again. */
function noteJudged(judged: Map<string, Judgements>, rows: Judgements, how: 'added' | 'changed'): void {
  for (const chain of new Set(rows.map(({ tid, ep }) => `${tid} ${ep}`))) {
    const mine = rows.filter(({ tid, ep }) => `${tid} ${ep}` === chain);
    const before = judged.get(chain);
    const first = before?.[0]?.seq ?? 0;
    if (how === 'added') judged.set(chain, before === undefined ? mine : []);
    else if (mine.some((row) => row.seq >= first)) judged.set(chain, []);
  }
}

export function rememberingReads(books: Reading): Reading {
  return { ...books, get: remember(books).get };
}

function idOf(table: TableName, key: object): string {
  return [table, ...TABLES[table].key.map((column) => (key as Row)[column])].join(' ');
}
