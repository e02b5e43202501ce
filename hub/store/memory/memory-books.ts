import { kindOfAccount } from '../../ledger/accounts.ts';
import {
  type AuditEntry,
  type Between,
  type BookStore,
  type Books,
  BooksRefusal,
  type Reading,
  type Verdict,
} from '../../ledger/books.ts';
import { type KeyOf, type ListOf, type RowOf, TABLES, type TableName } from '../../ledger/tables.ts';
import { NEEDS_TWO, type Transfer } from '../../ledger/transfers.ts';
import { MemoryTable } from './memory-table.ts';

/**
 * The books in memory: what the simulator runs on. It refuses what the SQL schemas refuse. Work runs one after another;
 * work that throws leaves nothing behind.
 */

const NEVER_NEGATIVE = new Set(['account', 'pending', 'allowance', 'suspense']);

export interface MemoryState {
  readonly tables: ReadonlyMap<TableName, MemoryTable>;
  readonly transfers: Map<string, Transfer & { readonly at: number; readonly act: string | null }>;
  readonly balances: Map<string, number>;
  readonly audit: AuditEntry[];
}

/** `oneWriter` false: as on PostgreSQL, custody and books have transactions of their own. */
export function memoryBooks(begin?: MemoryState, oneWriter = true) {
  let state: MemoryState = begin === undefined ? empty() : copied(begin);
  let reads = reading(state);
  let line: Promise<unknown> = Promise.resolve();

  function inLine<T>(work: () => Promise<T>): Promise<T> {
    const mine = line.then(work);
    line = mine.catch(() => undefined); // whoever asked is told; the next in line starts fresh
    return mine;
  }

  const store: BookStore = {
    read: (work) => inLine(() => work(reads)),
    write: (work) => inLine(() => transaction(work)),
    custody: (_tid, work) => inLine(() => transaction(work)),
    oneWriter,
  };

  async function transaction<T>(work: (books: Books) => Promise<T>): Promise<T> {
    const undo: (() => void)[] = [];
    try {
      return await work(writing(state, reads, undo));
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    }
  }

  return {
    ...store,
    /** As a backup has it: what it holds now, whatever happens later. */
    snapshot: (): MemoryState => copied(state),
    restore(from: MemoryState): void {
      state = copied(from);
      reads = reading(state);
    },
    state: (): MemoryState => state,
  };
}

function empty(): MemoryState {
  const names = Object.keys(TABLES) as TableName[];
  return {
    tables: new Map(names.map((name) => [name, new MemoryTable(name)])),
    ...{ transfers: new Map(), balances: new Map(), audit: [] },
  };
}

function copied(from: MemoryState): MemoryState {
  return {
    tables: new Map([...from.tables].map(([name, table]) => [name, table.copy()])),
    ...{ transfers: new Map(from.transfers), balances: new Map(from.balances), audit: [...from.audit] },
  };
}

function tableOf(state: MemoryState, name: TableName): MemoryTable {
  const table = state.tables.get(name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}

function reading(state: MemoryState): Reading {
  return {
    get: async <T extends TableName>(table: T, key: KeyOf<T>) => tableOf(state, table).get(key) as RowOf<T> | undefined,
    many: async <T extends TableName>(table: T, keys: readonly KeyOf<T>[]) =>
      keys.map((key) => tableOf(state, table).get(key) as RowOf<T> | undefined),
    list: async <T extends TableName>(table: T, list: ListOf<T>, by: Partial<RowOf<T>>, between?: Between) =>
      tableOf(state, table).list(list, by as Readonly<Record<string, unknown>>, between) as unknown as RowOf<T>[],
    verdicts: async (tid, ep, after, limit) =>
      tableOf(state, 'judgements').list('ofChain', { tid, ep }, { from: after + 1, limit }) as unknown as Verdict[],
    balances: async (accounts) => accounts.map((account) => state.balances.get(account) ?? 0),
    transfers: async (ids) => ids.map((id) => state.transfers.get(id)),
  };
}

function writing(state: MemoryState, reads: Reading, undo: (() => void)[]): Books {
  const write = (table: TableName, rows: readonly object[], mayReplace: boolean) => {
    for (const row of rows) {
      checkRow(table, row as Readonly<Record<string, unknown>>, state);
      undo.push(tableOf(state, table).put(row as Readonly<Record<string, unknown>>, mayReplace));
    }
  };
  return {
    ...reads,
    put: async (table, rows) => write(table, rows, true),
    add: async (table, rows) => write(table, rows, false),
    drop: async (table, keys) => {
      for (const key of keys) undo.push(tableOf(state, table).drop(key));
    },
    post: async (transfers, at, act) => {
      for (const transfer of transfers) postOne(state, undo, transfer, at, act ?? null);
    },
    nextVersion: async (count = 1) => {
      const counties = tableOf(state, 'counties');
      const county = counties.get({}) as RowOf<'counties'> | undefined;
      if (county === undefined) throw new Error('no county');
      const next = county.downlinkVersion + count;
      undo.push(counties.put({ ...county, downlinkVersion: next }, true));
      return next;
    },
    audit: async (entry) => {
      state.audit.push(entry);
      undo.push(() => state.audit.pop());
    },
  };
}

function postOne(state: MemoryState, undo: (() => void)[], t: Transfer, at: number, act: string | null): void {
  const known = state.transfers.get(t.id);
  if (known !== undefined) {
    const field = (['debit', 'credit', 'amount', 'kind', 'ref'] as const).find((name) => known[name] !== t[name]);
    if (field === undefined) return;
    throw new BooksRefusal('exists-with-different', `transfer ${t.id} exists with different ${field}`);
  }
  if (NEEDS_TWO.has(t.kind)) {
    const proposal =
      act === null ? undefined : (tableOf(state, 'proposals').get({ act }) as unknown as RowOf<'proposals'>);
    if (proposal?.state !== 'approved') throw new BooksRefusal('same-person', `a ${t.kind} takes two people`);
  }
  const move = (account: string, by: number) => {
    const amount = (state.balances.get(account) ?? 0) + by;
    if (amount < 0 && NEVER_NEGATIVE.has(kindOfAccount(account))) {
      throw new BooksRefusal('negative-account', `${account} would fall to ${amount}`);
    }
    state.balances.set(account, amount);
    undo.push(() => state.balances.set(account, (state.balances.get(account) ?? 0) - by));
  };
  move(t.debit, -t.amount);
  move(t.credit, t.amount);
  state.transfers.set(t.id, { ...t, at, act });
  undo.push(() => state.transfers.delete(t.id));
}

/** The checks that stand in the SQL schemas. */
function checkRow(table: TableName, row: Readonly<Record<string, unknown>>, state: MemoryState): void {
  const refuse = (says: string) => {
    throw new BooksRefusal('check', `${table}: ${says}`);
  };
  if (table === 'allowances') {
    const next = row as unknown as RowOf<'allowances'>;
    const now = tableOf(state, table).get(row) as RowOf<'allowances'> | undefined;
    if (now && (next.g < now.g || next.s < now.s || next.v < now.v || next.r < now.r)) refuse('the four never fall');
    if (next.covered < 0) refuse('cover below zero');
  }
  if (table === 'proposals' && row.checker !== null && row.checker === row.maker && row.state === 'approved') {
    throw new BooksRefusal('same-person', 'nobody approves their own act');
  }
  if (table === 'credits' && row.approvedBy !== null && row.approvedBy === row.madeBy) {
    throw new BooksRefusal('same-person', 'nobody approves their own credit');
  }
  if (table === 'epochs') {
    const next = row as unknown as RowOf<'epochs'>;
    if (next.judgedSeq > next.storedSeq) refuse('judged ahead of what is stored');
  }
  if (table === 'loans' && (row.owed as number) < 0) refuse('a loan below zero');
}
