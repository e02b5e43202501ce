import type { ConsoleStore } from '../api/console-port.ts';
import type { ExportStore } from '../export/port.ts';
import type { BookStore } from '../ledger/books.ts';
import { type OperatorStore, operatorStore } from '../operators/port.ts';
import { type Engine, openEngine } from './engine/open.ts';
import { openSqlite } from './engine/sqlite.ts';
import { consoleStore } from './sql/console.ts';
import { exportStore } from './sql/export.ts';
import { sqlBooks } from './sql/sql-books.ts';

/** A hub's store: the books that rules work on, and what people's lists and exports read. */
export interface HubStore {
  readonly engine: Engine;
  readonly books: BookStore;
  readonly operators: OperatorStore;
  readonly console: ConsoleStore;
  readonly exports: ExportStore;
  close(): Promise<void>;
}

export function storeOn(engine: Engine): HubStore {
  const books = sqlBooks(engine);
  return {
    ...{
      engine,
      books,
      operators: operatorStore(books),
      console: consoleStore(engine, books),
      exports: exportStore(engine),
    },
    close: () => engine.close(),
  };
}

/** One file serves a whole county. */
export function openSqliteStore(path: string, county: string): HubStore {
  return storeOn(openSqlite({ path, county }));
}

/** `store`: `sqlite:<path>` or `postgres://…`. Throws a refusal with a sentence when the database is not as it must be. */
export async function openStore(store: string, county: string): Promise<HubStore> {
  return storeOn(await openEngine({ store, county }));
}
