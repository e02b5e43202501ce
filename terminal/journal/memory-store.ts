import { isSound } from '../../protocol/allowance/counters.ts';
import type { PinSet, TextBeside } from '../../protocol/sync/messages.ts';
import type {
  AllowanceRow,
  BookAccount,
  BookCard,
  EpochRow,
  JournalRecord,
  JournalStore,
  PeopleQuery,
  Verdict,
} from './port.ts';
import type { Slip } from './print-jobs.ts';

/** The journal in memory: what the simulator's kiosks run on. It refuses what the SQLite schema refuses. */

interface State {
  epochs: EpochRow[];
  records: Map<number, JournalRecord[]>;
  /** Keys `<ep> <acct>`. */
  allowances: Map<string, AllowanceRow>;
  accounts: Map<string, BookAccount>;
  clerks: Map<string, { name: string; acct: string | null }>;
  cards: Map<string, BookCard>;
  verdicts: Map<string, Verdict>;
  facts: Map<string, string>;
  tries: Map<string, number>;
  texts: Map<string, TextBeside>;
  pins: Map<string, PinSet>;
  slips: { readonly ep: number; readonly seq: number; readonly slip: Slip }[];
}

const empty = (): State => ({
  ...{
    epochs: [],
    records: new Map(),
    allowances: new Map(),
    accounts: new Map(),
    clerks: new Map(),
    cards: new Map(),
  },
  ...{ verdicts: new Map(), facts: new Map(), tries: new Map(), texts: new Map(), pins: new Map(), slips: [] },
});

function copied(state: State): State {
  return {
    epochs: [...state.epochs],
    records: new Map([...state.records].map(([ep, list]) => [ep, [...list]])),
    ...{ allowances: new Map(state.allowances), accounts: new Map(state.accounts), clerks: new Map(state.clerks) },
    ...{ cards: new Map(state.cards), verdicts: new Map(state.verdicts), facts: new Map(state.facts) },
    ...{ tries: new Map(state.tries), texts: new Map(state.texts), pins: new Map(state.pins), slips: [...state.slips] },
  };
}

/** `fail`: asked before each commit; true plays a full disk, where nothing is written. */
export function memoryStore(fail: () => boolean = () => false) {
  let state = empty();
  let depth = 0;
  const of = (ep: number) => state.records.get(ep) ?? [];

  /** How to take back what this transaction did so far, newest last. */
  const undo: (() => void)[] = [];

  function transact<T>(work: () => T): T {
    if (depth === 0 && fail()) throw new Error('disk full');
    depth += 1;
    try {
      return work();
    } catch (error) {
      if (depth === 1) for (const step of undo.reverse()) step();
      throw error;
    } finally {
      depth -= 1;
      if (depth === 0) undo.length = 0;
    }
  }
  const change = <T>(work: () => T): T => (depth > 0 ? work() : transact(work));
  function set<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
    const before = map.get(key);
    const had = map.has(key);
    undo.push(() => void (had ? map.set(key, before as V) : map.delete(key)));
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  }

  function putCard(card: BookCard): void {
    if ((card.acct === null) === (card.clerk === null)) throw new Error('CHECK: a card has one owner');
    set(state.cards, card.token, card);
  }
  /** What waits to be sent is kept as it was first said. */
  function setOnce<V>(map: Map<string, V>, key: string, value: V): void {
    if (!map.has(key)) set(map, key, value);
  }

  const cardsOf = (acct: string) =>
    [...state.cards.values()].filter((card) => card.acct === acct).sort((a, b) => order(a.token, b.token));

  const store: JournalStore = {
    transact,
    epochs: () => state.epochs,
    addEpoch: (row) =>
      change(() => {
        if (state.epochs.some((each) => each.ep === row.ep)) throw new Error('UNIQUE: this epoch is here already');
        const before = state.epochs;
        state.epochs = [...before, row].sort((a, b) => a.ep - b.ep);
        undo.push(() => {
          state.epochs = before;
        });
      }),
    last: (ep) => of(ep).at(-1) ?? null,
    lastClose: (ep) => of(ep).findLast((record) => record.payload.type === 'close') ?? null,
    record: (ep, seq) => of(ep)[seq - 1] ?? null,
    after: (ep, seq, limit) => of(ep).slice(seq, seq + limit),
    ofAccount: (acct, at) =>
      [...state.records.values()]
        .flat()
        .filter(({ payload }) => 'acct' in payload && payload.acct === acct && payload.at >= at),
    addRecord: (record, slip) =>
      change(() => {
        const list = of(record.ep);
        if (record.seq !== list.length + 1) throw new Error('records are numbered without holes');
        if (list.length === 0) set(state.records, record.ep, list);
        list.push(record);
        undo.push(() => void list.pop());
        if (slip === null) return;
        state.slips.push({ ep: record.ep, seq: record.seq, slip });
        undo.push(() => void state.slips.pop());
      }),
    allowance: (ep, acct) => state.allowances.get(`${ep} ${acct}`) ?? null,
    allowances: (ep) => [...state.allowances].filter(([key]) => key.startsWith(`${ep} `)).map(([, row]) => row),
    putAllowance: (ep, row) =>
      change(() => {
        const now = state.allowances.get(`${ep} ${row.acct}`);
        if (now && (row.G < now.G || row.S < now.S || row.V < now.V || row.R < now.R)) {
          throw new Error('the four numbers of an allowance never fall');
        }
        if (!isSound(row)) throw new Error('CHECK: an allowance beyond what was granted');
        set(state.allowances, `${ep} ${row.acct}`, row);
      }),
    account: (acct) => state.accounts.get(acct) ?? null,
    putAccount: (row) => change(() => set(state.accounts, row.acct, row)),
    findPeople: (by, limit) =>
      [...state.accounts.values()]
        .filter((row) => !row.visitor && isMeant(by, row, cardsOf))
        .sort((a, b) => order(a.initials.toLowerCase(), b.initials.toLowerCase()) || order(a.acct, b.acct))
        .slice(0, limit),
    cardsOf,
    clerkName: (clerk) => state.clerks.get(clerk)?.name ?? null,
    clerkAcct: (clerk) => state.clerks.get(clerk)?.acct ?? null,
    putClerk: (clerk, name, acct = null) => change(() => set(state.clerks, clerk, { name, acct })),
    card: (token) => state.cards.get(token) ?? null,
    putCards: (owner, cards) =>
      change(() => {
        for (const [token, card] of [...state.cards]) {
          if ('acct' in owner ? card.acct === owner.acct : card.clerk === owner.clerk)
            set(state.cards, token, undefined);
        }
        for (const card of cards) putCard(card);
      }),
    putCard: (card) => change(() => putCard(card)),
    forgetPeople: () =>
      change(() => {
        for (const map of [state.accounts, state.clerks, state.cards] as Map<string, unknown>[]) {
          for (const key of [...map.keys()]) set(map, key, undefined);
        }
      }),
    verdict: (ep, seq) => state.verdicts.get(`${ep} ${seq}`) ?? null,
    putVerdict: (ep, seq, verdict) => change(() => set(state.verdicts, `${ep} ${seq}`, verdict)),
    quarantined: (ep, seq) =>
      of(ep)
        .slice(seq)
        .filter((record) => state.verdicts.get(`${ep} ${record.seq}`)?.stage === 'quarantined')
        .map((record) => record.seq),
    fact: (name) => state.facts.get(name) ?? null,
    setFact: (name, value) => change(() => set(state.facts, name, value ?? undefined)),
    pinTries: (token) => state.tries.get(token) ?? 0,
    setPinTries: (token, tries) => change(() => set(state.tries, token, tries)),
    texts: (limit) => [...state.texts.values()].slice(0, limit),
    addText: (text) => change(() => setOnce(state.texts, text.hash, text)),
    dropTexts: (hashes) =>
      change(() => {
        for (const hash of hashes) set(state.texts, hash, undefined);
      }),
    pins: (limit) => [...state.pins.values()].slice(0, limit),
    addPin: (pin) => change(() => setOnce(state.pins, pin.id, pin)),
    dropPins: (ids) =>
      change(() => {
        for (const id of ids) set(state.pins, id, undefined);
      }),
  };
  return {
    ...store,
    /** A copy of the disk, as a backup or a thief has it. */
    snapshot: (): unknown => copied(state),
    restore(from: unknown): void {
      state = copied(from as State);
    },
    slips: () => state.slips,
  };
}
/** As SQLite orders texts. */
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function isMeant(by: PeopleQuery, row: BookAccount, cardsOf: (acct: string) => readonly BookCard[]): boolean {
  if ('last4' in by) return cardsOf(row.acct).some((card) => card.last4 === by.last4);
  return row.initials.toLowerCase().startsWith(by.initials.toLowerCase());
}

export type MemoryStore = ReturnType<typeof memoryStore>;
