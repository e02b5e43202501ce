import { afterAll, describe } from 'vitest';
import type { BookStore } from '../../hub/ledger/books.ts';
import { memoryBooks } from '../../hub/store/memory/memory-books.ts';
import { openSqliteStore, openStore } from '../../hub/store/open.ts';
import { type PostgresServer, startPostgres, withoutPostgres } from './postgres.ts';

/** Every engine that keeps the books; what is told of one is told of all. */
export interface OpenBooks {
  readonly books: BookStore;
  close(): Promise<void>;
}

let server: Promise<PostgresServer> | null = null;

const ENGINES: Readonly<Record<string, () => Promise<OpenBooks>>> = {
  memory: async () => ({ books: memoryBooks(), close: async () => undefined }),
  sqlite: async () => openSqliteStore(':memory:', 'c'),
  postgres: async () => {
    server ??= startPostgres();
    return openStore(await (await server).database(), 'c');
  },
};

/** One suite an engine; on a laptop without PostgreSQL its suite is skipped and counted. */
export function describeEngines(title: string, body: (open: () => Promise<OpenBooks>) => void): void {
  for (const [name, open] of Object.entries(ENGINES)) {
    describe.skipIf(name === 'postgres' && withoutPostgres)(`${title} (${name})`, () => body(open));
  }
  afterAll(async () => (await server)?.stop(), 60_000);
}
