import type { BookStore } from '../../hub/ledger/books.ts';
import { memoryBooks } from '../../hub/store/memory/memory-books.ts';
import { openSqliteStore } from '../../hub/store/open.ts';

/** Every engine that keeps the books; what is told of one is told of all. */
export interface OpenBooks {
  readonly books: BookStore;
  close(): Promise<void>;
}
export const ENGINES: Readonly<Record<string, () => Promise<OpenBooks>>> = {
  memory: async () => ({ books: memoryBooks(), close: async () => undefined }),
  sqlite: async () => {
    const { books, close } = openSqliteStore(':memory:', 'c');
    return { books, close };
  },
};
