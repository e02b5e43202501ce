import type { Books } from '../../hub/ledger/books.ts';
import type { HubStore } from '../../hub/store/open.ts';

/** A store whose books break where a test says so: before custody, or while judgements are written. */
export interface Breaks {
  readonly custody?: () => boolean;
  readonly judging?: () => boolean;
}

export function failingBooks(breaks: Breaks) {
  return (store: HubStore): HubStore => {
    const { books } = store;
    const breaking = (inner: Books): Books => ({
      ...inner,
      add: (table, rows) =>
        table === 'judgements' && breaks.judging?.()
          ? Promise.reject(new Error('the disk is on fire'))
          : inner.add(table, rows),
    });
    return {
      ...store,
      books: {
        ...books,
        write: (work) =>
          books.write((inner) => {
            if (breaks.custody?.()) throw new Error('disk full');
            return work(breaking(inner));
          }),
        custody: (tid, work) =>
          breaks.custody?.() ? Promise.reject(new Error('disk full')) : books.custody(tid, work),
      },
    };
  };
}
