import postgres from 'postgres';
import { StoreUnavailable } from './port.ts';
import { socketHost } from './postgres-address.ts';
import { isConnectionLost, translateError } from './postgres-errors.ts';

/**
 * One connection that serves one transaction at a time. Each is a driver of its own with exactly one connection, thrown away
 * when that is lost: the driver would connect again by itself and run the rest of a transaction outside of it.
 */
export interface Link {
  /** One statement with numbered parameters, prepared once per connection and text. */
  query(text: string, params: readonly Value[]): Promise<Answer>;
  /** Statements without parameters, in one message. */
  script(text: string, timeoutMs?: number): Promise<Answer[]>;
  /** False once the connection was lost: whatever was open on it has been rolled back, or its commit is in doubt. */
  readonly alive: boolean;
  /** The server, or the network, said so; otherwise it may only have been silent too long. */
  readonly closed: boolean;
  end(): Promise<void>;
}

/** A value and the PostgreSQL type it is sent as; 0 leaves the type to the server. */
export interface Value {
  readonly value: string | null;
  readonly type: number;
}
export interface Answer {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly count: number;
  readonly command: string;
}

const CONNECT_SECONDS = 10;
/** The server ends a statement, a wait for a lock, and a transaction that nobody goes on with. */
export const STATEMENT_MS = 30_000;
const LOCK_MS = 25_000;
const IDLE_IN_TRANSACTION_MS = 300_000;
/** What the server did not answer by then it never will: a host that vanished sends no reset. */
const ANSWER_MS = STATEMENT_MS + 5_000;

export function openLink(url: string, applicationName: string): Link {
  let alive = true;
  let closed = false;
  const client = postgres(url, {
    ...socketHost(url),
    max: 1,
    // Nothing may end the connection between two statements of a transaction but the server.
    ...{ max_lifetime: null, idle_timeout: 0, connect_timeout: CONNECT_SECONDS },
    ...{ fetch_types: false, prepare: true, types: TYPES, onnotice: () => undefined },
    onclose() {
      alive = false;
      closed = true;
    },
    connection: {
      application_name: applicationName,
      statement_timeout: STATEMENT_MS,
      lock_timeout: LOCK_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    },
  });

  async function ask<T>(pending: PromiseLike<T>, timeoutMs: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        alive = false;
        reject(new StoreUnavailable(`PostgreSQL did not answer within ${timeoutMs} ms`));
      }, timeoutMs);
    });
    try {
      return await Promise.race([pending, late]);
    } catch (error) {
      if (isConnectionLost(error)) {
        alive = false;
        closed = true;
      }
      throw translateError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  function refuseDead(): void {
    if (!alive) throw new StoreUnavailable('the connection to PostgreSQL was lost');
  }

  return {
    get alive() {
      return alive;
    },
    get closed() {
      return closed;
    },
    async query(text, params) {
      refuseDead();
      const values = params.map(({ value, type }) => client.typed(value as string, type));
      return toAnswer(await ask(client.unsafe(text, values as never[], { prepare: true }), ANSWER_MS));
    },
    async script(text, timeoutMs = ANSWER_MS) {
      refuseDead();
      const result: unknown = await ask(client.unsafe(text), timeoutMs);
      const results = (Array.isArray(result) && Array.isArray(result[0]) ? result : [result]) as Result[];
      return results.map(toAnswer);
    },
    async end() {
      alive = false;
      await client.end({ timeout: 0 });
    },
  };
}

type Result = readonly Readonly<Record<string, unknown>>[] & {
  readonly count: number | null;
  readonly command: string;
};

function toAnswer(result: Result): Answer {
  return { rows: [...result], count: result.count ?? 0, command: result.command };
}

/** PostgreSQL's type numbers (pg_type.dat), also as array types for unnest. */
export const OID = { int8: 20, text: 25, bytea: 17, bool: 16, numeric: 1700 } as const;
export const ARRAY_OID = { int: 1016, text: 1009, blob: 1001 } as const;

const TYPES = {
  // The sum of BIGINTs is numeric; ours are integers all the same.
  integer: { to: OID.int8, from: [OID.int8, OID.numeric], serialize: String, parse: toSafeInteger },
  // 0 and 1, as SQLite has it.
  truth: { to: OID.bool, from: [OID.bool], serialize: String, parse: (text: string) => (text === 't' ? 1 : 0) },
  bytes: {
    to: OID.bytea,
    from: [OID.bytea],
    serialize: String,
    parse: (text: string) => Buffer.from(text.slice(2), 'hex'),
  },
};

function toSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`PostgreSQL answered ${text}, not a safe integer`);
  return value;
}
