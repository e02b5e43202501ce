import { AsyncResource } from 'node:async_hooks';
import { StoreUnavailable, type Work } from './port.ts';

/**
 * Whoever comes while a transaction runs shares the next one: one commit, and one wait for the disk, for many. Each is
 * answered only when that commit stands. Where one of a group fails, nothing of the group is kept, and each runs alone.
 */
export interface GroupOptions {
  /** Works of one transaction at most: who comes behind them should not wait long. */
  readonly worksMax: number;
  /** Transactions at one time. */
  readonly places: number;
  readonly waitMs: number;
  readonly queueMax: number;
}

interface Entry {
  readonly work: Work<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

const nextTurn = () => new Promise((next) => setImmediate(next));

export function groupCommit(options: GroupOptions, transaction: <T>(work: Work<T>) => Promise<T>) {
  const waiting: Set<Entry> = new Set();
  let free = options.places;

  async function serve(): Promise<void> {
    if (free === 0) return;
    free -= 1;
    try {
      while (waiting.size > 0) {
        // What arrived meanwhile comes along, and a long line does not keep the rest of this process waiting.
        await nextTurn();
        await run(take());
      }
    } finally {
      free += 1;
    }
  }
  function take(): Entry[] {
    const group = [...waiting].slice(0, options.worksMax);
    for (const entry of group) {
      waiting.delete(entry);
      clearTimeout(entry.timer);
    }
    return group;
  }
  async function run(group: readonly Entry[]): Promise<void> {
    const [only] = group;
    if (only === undefined) return; // who waited gave up meanwhile
    if (group.length === 1) return alone(only);
    let values: unknown[];
    try {
      values = await transaction(async (sql) => {
        const done: unknown[] = [];
        for (const { work } of group) {
          done.push(await work(sql));
          // Whoever asks meanwhile is read, and its signatures are checked beside this: else threads stand idle for it.
          await nextTurn();
        }
        return done;
      });
    } catch (error) {
      if (error instanceof StoreUnavailable) for (const { reject } of group) reject(error);
      else for (const entry of group) await alone(entry);
      return;
    }
    for (const [n, { resolve }] of group.entries()) resolve(values[n] as never);
  }
  function alone({ work, resolve, reject }: Entry): Promise<void> {
    return transaction(work).then((value) => resolve(value as never), reject);
  }

  return function through<T>(work: Work<T>): Promise<T> {
    if (waiting.size >= options.queueMax)
      return Promise.reject(new StoreUnavailable(`more than ${options.queueMax} transactions wait for the database`));
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(entry);
        reject(new StoreUnavailable(`a transaction waited ${options.waitMs} ms for its turn`));
      }, options.waitMs);
      // Bound: it runs as a part of who asked, though somebody else's turn runs it.
      const entry: Entry = { work: AsyncResource.bind(work), resolve, reject, timer };
      waiting.add(entry);
      void serve();
    });
  };
}
