import { StoreUnavailable, type Work } from './port.ts';
import { refuseLowered, SETTINGS } from './postgres-fit.ts';
import type { Answer, Link } from './postgres-link.ts';
import { postgresSql } from './postgres-sql.ts';
import type { Statistics } from './postgres-statistics.ts';
import { scoped } from './scope.ts';

export interface Mode {
  /** One message that begins the transaction. */
  readonly begin: string;
  readonly writes: boolean;
}

export const READING: Mode = { begin: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', writes: false };
/** The settings are read again in every transaction that must be durable: they can be changed while we run. */
export const WRITING: Mode = { begin: `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; ${SETTINGS}`, writes: true };
/**
 * READ COMMITTED: each statement after the lock sees all that was committed before it. A snapshot taken with the lock
 * itself would not see what the county's last writer did while we waited for it.
 */
export const lockingFirst = (lock: string): Mode => ({ begin: `${WRITING.begin}; ${lock}`, writes: true });

interface Context {
  readonly county: string;
  readonly statistics: Statistics;
}

/** Nobody else uses this link until it returns. */
export async function transact<T>(link: Link, context: Context, mode: Mode, work: Work<T>): Promise<T> {
  const scope = scoped(postgresSql(link, context.county, context.statistics));
  const begun = link.script(mode.begin);
  // A read's first statement travels right behind its BEGIN.
  begun.catch(() => undefined);
  try {
    if (mode.writes) refuseLowered(await begun);
    const result = await work(scope.sql);
    await scope.settle();
    await begun;
    const failure = scope.failure();
    if (failure !== null) throw failure.error;
    scope.end();
    if (mode.writes) await commit(link);
    else link.script('COMMIT').catch(() => undefined);
    return result;
  } catch (error) {
    scope.end();
    // On a lost connection the server has rolled back by itself.
    if (link.alive) await link.script('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function commit(link: Link): Promise<void> {
  if (!link.alive) throw new StoreUnavailable('the connection to PostgreSQL was lost before the commit');
  let done: Answer | undefined;
  try {
    // Durable when it returns: on the server's disk, and on the synchronous standby where one is configured.
    [done] = await link.script('COMMIT');
  } catch (error) {
    if (error instanceof StoreUnavailable) throw new StoreUnavailable(error.message, true);
    throw error;
  }
  // To the COMMIT of a transaction that failed the server says ROLLBACK, and no error.
  if (done?.command !== 'COMMIT') throw new Error(`COMMIT was answered by ${done?.command}`);
}
