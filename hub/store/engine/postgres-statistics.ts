import { quoted } from './table.ts';

/**
 * A table that has just been filled has no statistics until autovacuum comes by, about a minute later. Until then PostgreSQL
 * takes three equal columns for one row, prefers the smaller of two indexes, and reads a whole chain for each record asked
 * for. So each time a table has doubled under this process it is analysed. A role that does not own the table may not, and
 * the server only warns: then it is autovacuum's minute again.
 */
export interface Statistics {
  /** Called for each set-based insert, also of transactions that roll back later. */
  noteRows(table: string, rows: number): void;
  /** Tables that are due; each is named once. */
  takeDue(): string[];
}

const FIRST_ROWS = 1_000;
/** From here on autovacuum's own tenth of a table is often enough. */
const LAST_ROWS = 2_000_000;

/**
 * A tenth of the rows that PostgreSQL would look at by itself: the first look must be soon, and tells one account's rows from
 * a county's; a finer one is autovacuum's.
 */
const TARGET = 10;
export function analyseText(table: string): string {
  // One message is one transaction by itself: where it fails, none is left open on a connection that others use next.
  return `SET LOCAL default_statistics_target = ${TARGET}; ANALYZE ${quoted(table)}`;
}

export function createStatistics(): Statistics {
  const tables: Map<string, { rows: number; dueAt: number }> = new Map();
  return {
    noteRows(table, rows) {
      const known = tables.get(table) ?? { rows: 0, dueAt: FIRST_ROWS };
      tables.set(table, { ...known, rows: known.rows + rows });
    },
    takeDue() {
      const due = [...tables].filter(([, { rows, dueAt }]) => rows >= dueAt && dueAt <= LAST_ROWS);
      for (const [table, { rows }] of due) tables.set(table, { rows, dueAt: rows * 2 });
      return due.map(([table]) => table);
    },
  };
}
