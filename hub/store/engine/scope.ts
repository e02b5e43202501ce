import { AsyncLocalStorage } from 'node:async_hooks';
import type { Sql } from './port.ts';

/** What a driver gives for one transaction; `scoped` makes it an Sql that cannot be misused. */
export type RawSql = Sql;

export interface Scope {
  readonly sql: Sql;
  /** The first statement that failed: the transaction must not be committed. */
  failure(): { readonly error: unknown } | null;
  /** Waits for the statements that `work` did not wait for: they belong to it too. */
  settle(): Promise<void>;
  /** From now on every call is refused: the connection belongs to somebody else. */
  end(): void;
}

/**
 * After a failed statement PostgreSQL answers COMMIT with a silent ROLLBACK, and SQLite would commit the rest. Neither is
 * what a caller means: both engines refuse every further statement, and the transaction fails with its first error.
 */
export function scoped(raw: RawSql): Scope {
  let failed: { readonly error: unknown } | null = null;
  let ended = false;
  const pending: Set<Promise<unknown>> = new Set();

  async function guard<T>(statement: () => Promise<T>): Promise<T> {
    if (ended) throw new Error('this transaction has ended');
    if (failed !== null) throw failed.error;
    const running = statement();
    pending.add(running);
    try {
      return await running;
    } catch (error) {
      failed ??= { error };
      throw error;
    } finally {
      pending.delete(running);
    }
  }
  async function* iterate<Row>(rows: AsyncIterable<Row>): AsyncGenerator<Row> {
    const each = rows[Symbol.asyncIterator]();
    try {
      for (;;) {
        const step = await guard(() => each.next());
        if (step.done === true) return;
        yield step.value;
      }
    } finally {
      if (!ended && failed === null) await each.return?.();
    }
  }

  const sql: Sql = {
    county: raw.county,
    dialect: raw.dialect,
    all: (text, params) => guard(() => raw.all(text, params)),
    get: (text, params) => guard(() => raw.get(text, params)),
    run: (text, params) => guard(() => raw.run(text, params)),
    insertMany: (table, rows, onConflict) => guard(() => raw.insertMany(table, rows, onConflict)),
    deleteMany: (table, keys) => guard(() => raw.deleteMany(table, keys)),
    getMany: (table, keys, locked) => guard(() => raw.getMany(table, keys, locked)),
    iterate: (text, params) => iterate(raw.iterate(text, params)),
  };
  return {
    sql,
    failure: () => failed,
    async settle() {
      while (pending.size > 0) await Promise.allSettled(pending);
    },
    end() {
      ended = true;
    },
  };
}

/** Refuses a transaction inside a transaction: it would wait for itself. One per engine. */
export function createNesting(): <T>(work: () => Promise<T>) => Promise<T> {
  const inside = new AsyncLocalStorage<{ open: boolean }>();
  return async (work) => {
    if (inside.getStore()?.open) throw new Error('a transaction inside a transaction: use the sql that work was given');
    const here = { open: true };
    return inside.run(here, work).finally(() => {
      here.open = false;
    });
  };
}
