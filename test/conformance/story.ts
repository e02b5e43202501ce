import type { Run } from './run.ts';

/** One invariant of docs/protocol.md, as a story that holds on every hub; `n` is its number there. */
export interface Story {
  readonly n: number;
  readonly says: string;
  tell(run: Run): Promise<void>;
}
