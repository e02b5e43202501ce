import { type RefusalCode, StoreRefused, StoreUnavailable } from './port.ts';

/** SQLSTATE, PostgreSQL's appendix A. */
const REFUSALS: Readonly<Record<string, RefusalCode>> = {
  '23505': 'unique',
  '23514': 'check',
  '23502': 'check',
  '23503': 'foreign-key',
  P0001: 'refused',
};
const AGAIN: ReadonlySet<unknown> = new Set(['40001', '40P01']);
// Connection exceptions, out of resources, shutting down or starting, timeouts of statements and locks, a standby.
const UNAVAILABLE = /^(08|53|57P|58)...?$|^(57014|55P03|25006|25P0[34])$/;
/** The driver's own names for a connection that is not there. */
const NO_CONNECTION =
  /^(CONNECTION_|CONNECT_|ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOENT|EACCES)/;

export function sqlState(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? '');
}

/** A deadlock, or a serialization failure: nothing happened, and the same work may be tried again. */
export function isToRepeat(error: unknown): boolean {
  return AGAIN.has(sqlState(error));
}

export function isConnectionLost(error: unknown): boolean {
  return NO_CONNECTION.test(sqlState(error)) || /^(08|57P)/.test(sqlState(error));
}

/** The driver's errors under our names. `detail` shows the values of a row, which no log may have: it is dropped. */
export function translateError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = sqlState(error);
  const refusal = REFUSALS[code];
  if (refusal !== undefined) return new StoreRefused(refusal, error.message);
  if (NO_CONNECTION.test(code) || UNAVAILABLE.test(code))
    return new StoreUnavailable(`PostgreSQL ${code}: ${error.message}`);
  for (const telling of ['detail', 'where', 'parameters', 'args']) Reflect.deleteProperty(error, telling);
  return error;
}
