import { createCore } from '../../hub/core.ts';
import { beginIncarnation } from '../../hub/fleet/restore.ts';
import type { BookStore, Books } from '../../hub/ledger/books.ts';
import type { RowOf, TableName } from '../../hub/ledger/tables.ts';
import type { Transfer } from '../../hub/ledger/transfers.ts';
import { type MemoryState, memoryBooks } from '../../hub/store/memory/memory-books.ts';
import type { Bug } from './bugs.ts';
import { openSeal, type SimCrypto } from './sim-crypto.ts';

/** The hub's process over its books: it can die in any transaction, start again, and come back from an older backup. */

export class HubDied extends Error {}

/** What a transaction changed, for the model. */
export interface Committed {
  readonly transfers: readonly Transfer[];
  readonly rows: ReadonlyMap<TableName, readonly unknown[]>;
}
export interface HubWorld {
  readonly crypto: SimCrypto;
  readonly nowMs: () => number;
  readonly randomBytes: (n: number) => Uint8Array;
  readonly bug: Bug | null;
  /** Whether its books are kept as SQLite does it, or as PostgreSQL. */
  readonly oneWriter: boolean;
  readonly onCommit: (committed: Committed) => void;
  readonly onFault: (what: string, error: unknown) => void;
}

export function createHubNode(world: HubWorld) {
  const memory = memoryBooks(undefined, world.oneWriter);
  const hub = world.crypto.signer('hub.1', 'hub');
  /** Transactions until it dies; before or after the last one. */
  let dies: { after: number; committed: boolean } | null = null;
  let up = true;
  /** With the bug of answering too early: what the disk really holds. */
  let synced: MemoryState | null = null;

  async function transaction<T>(
    run: (work: (books: Books) => Promise<T>) => Promise<T>,
    work: (books: Books) => Promise<T>,
  ) {
    if (!up) throw new HubDied();
    const dying = dies !== null && --dies.after < 0 ? dies : null;
    if (dying !== null && !dying.committed) return die();
    let seen: { transfers: Transfer[]; rows: Map<TableName, unknown[]> } = { transfers: [], rows: new Map() };
    const value = await run((books) => {
      seen = { transfers: [], rows: new Map() };
      return work(recording(books, seen));
    });
    world.onCommit(seen);
    if (dying !== null) return die();
    return value;
  }
  function die(): never {
    up = false;
    dies = null;
    throw new HubDied();
  }

  const plain: BookStore = {
    read: (work) => (up ? memory.read(work) : Promise.reject(new HubDied())),
    write: (work) => transaction((inner) => memory.write(inner), work),
    oneWriter: memory.oneWriter,
    custody: (tid, work) => {
      if (world.bug?.name === 'ack-before-durable') synced ??= memory.snapshot();
      return transaction((inner) => memory.custody(tid, inner), work);
    },
  };
  const books: BookStore = world.bug?.books?.(plain) ?? plain;

  function told(what: string, error: unknown): void {
    if (!(error instanceof HubDied)) world.onFault(what, error);
  }
  function compose() {
    return createCore({
      ...{ books, seal: openSeal, crypto: world.crypto.crypto, hub, receiptBase: 'https://hub', pollMs: 60_000 },
      ...{ nowMs: world.nowMs, randomBytes: world.randomBytes },
      ...(world.bug?.judge ? { judge: world.bug.judge } : {}),
      ...(world.bug?.readEnvelope ? { readEnvelope: world.bug.readEnvelope(books, world.crypto.crypto) } : {}),
      onFault: told,
    });
  }
  let core = compose();

  return {
    ...{ books, memory, hub },
    get core() {
      return core;
    },
    isUp: () => up,
    /** It will die in one of its next transactions. */
    dieSoon(after: number, committed: boolean): void {
      dies = { after, committed };
    },
    /** What custody wrote is on the disk now (only a hub with the bug has not synced it before). */
    sync(): void {
      synced = null;
    },
    kill(): void {
      up = false;
      dies = null;
    },
    async start(): Promise<void> {
      if (synced !== null) memory.restore(synced);
      synced = null;
      up = true;
      core = compose();
      await core.judging.judgeAll(told);
    },
    backup: (): MemoryState => memory.snapshot(),
    async restore(from: MemoryState, inc: string): Promise<void> {
      memory.restore(from);
      synced = null;
      up = true;
      await books.write((inner) => beginIncarnation(inner, inc, world.nowMs()));
      core = compose();
      await core.judging.judgeAll(told);
    },
  };
}

function recording(books: Books, seen: { transfers: Transfer[]; rows: Map<TableName, unknown[]> }): Books {
  const note = <T extends TableName>(table: T, rows: readonly RowOf<T>[]) => {
    if (rows.length > 0) seen.rows.set(table, [...(seen.rows.get(table) ?? []), ...rows]);
  };
  return {
    ...books,
    put: async (table, rows) => {
      await books.put(table, rows);
      note(table, rows);
    },
    add: async (table, rows) => {
      await books.add(table, rows);
      note(table, rows);
    },
    post: async (transfers, at, act) => {
      await books.post(transfers, at, act);
      seen.transfers.push(...transfers);
    },
  };
}
