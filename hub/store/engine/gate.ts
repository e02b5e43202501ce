import { StoreUnavailable } from './port.ts';

/** Lets at most `places` in at once, in the order of arrival; a wait has an end, and the queue a length. */
export interface Gate {
  through<T>(work: () => Promise<T>): Promise<T>;
}

interface GateOptions {
  readonly places: number;
  readonly waitMs: number;
  readonly queueMax: number;
}

export function createGate(options: GateOptions): Gate {
  let free = options.places;
  const waiting: Set<() => void> = new Set();

  function enter(): Promise<void> | undefined {
    if (free > 0) {
      free -= 1;
      return undefined;
    }
    if (waiting.size >= options.queueMax)
      throw new StoreUnavailable(`more than ${options.queueMax} transactions wait for the database`);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(next);
        reject(new StoreUnavailable(`a transaction waited ${options.waitMs} ms for its turn`));
      }, options.waitMs);
      function next(): void {
        clearTimeout(timer);
        waiting.delete(next);
        resolve();
      }
      waiting.add(next);
    });
  }

  function leave(): void {
    const [next] = waiting;
    if (next === undefined) free += 1;
    else next();
  }

  return {
    async through(work) {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
