import { randomBytes } from 'node:crypto';
import type { Signer, Verifying } from '../../protocol/crypto.ts';
import { SYNC_LIMITS, type SyncRequest, type SyncResponse } from '../../protocol/sync/messages.ts';
import type { Book } from '../journal/book.ts';
import type { Fence } from '../journal/fence.ts';
import type { EpochRow, Journal } from '../journal/journal.ts';
import { backoffMs } from './backoff.ts';
import { type Exchanged, exchange, type Hub } from './exchange.ts';

/** The outbox is the journal itself: what the hub has not stored is sent again, in order, until it has. */

export interface SyncDeps {
  readonly journal: Journal;
  readonly book: Book;
  readonly fence: Fence;
  readonly epoch: EpochRow;
  readonly inc: string;
  readonly signer: Signer;
  readonly verifying: Verifying;
  readonly hub: Hub;
  readonly monotonicMs: () => number;
  readonly random: () => number;
  readonly maxBackoffMs: number;
  readonly health: () => NonNullable<SyncRequest['health']>;
  /** After each answer was applied. */
  readonly onAnswer: (response: SyncResponse) => void;
  readonly onChange: () => void;
  readonly log: (says: string) => void;
}

/** Why this terminal must not sell, as its hub's answers show. */
export type SyncStop = 'rolled-back' | 'frozen' | null;

export interface SyncState {
  readonly online: boolean;
  /** The hub's contiguous prefix as last heard. */
  readonly hub: { readonly seq: number; readonly head: string };
  readonly stop: SyncStop;
  /** Whether a head of ours was confirmed since this start. */
  readonly headConfirmed: boolean;
  readonly lastOkAtMs: number | null;
}

const MAX_BATCH_CHARS = 700_000;

export function createSyncLoop(deps: SyncDeps) {
  const { journal, book } = deps;
  let state: SyncState = {
    online: false,
    hub: JSON.parse(journal.fact('hub') ?? '{"seq":0,"head":""}'),
    stop: (journal.fact('stop') as SyncStop) ?? null,
    headConfirmed: false,
    lastOkAtMs: null,
  };
  let failures = 0;
  let running = false;
  let again = false;
  let stopped = true;
  let timer: NodeJS.Timeout | undefined;

  function become(change: Partial<SyncState>): void {
    const visible = change.online !== undefined && change.online !== state.online;
    const stopping = change.stop !== undefined && change.stop !== state.stop;
    state = { ...state, ...change };
    if (visible || stopping) deps.onChange();
  }

  function request(): SyncRequest {
    const head = journal.head();
    const records: string[] = [];
    let chars = 0;
    for (const record of journal.after(state.hub.seq, SYNC_LIMITS.records)) {
      chars += record.jws.length;
      if (chars > MAX_BATCH_CHARS && records.length > 0) break;
      records.push(record.jws);
    }
    return {
      ...{ v: 1, tid: deps.epoch.tid, ep: deps.epoch.ep, via: 'net', id: randomBytes(9).toString('base64url') },
      ...{
        inc: deps.inc,
        have: { seq: head.seq, head: head.head },
        records,
        want: book.want(),
        texts: [],
        pins: [],
        health: deps.health(),
      },
    };
  }

  async function once(): Promise<number> {
    const asked = request();
    const outcome: Exchanged = await exchange(asked, deps.signer, deps.hub, deps.verifying);
    if (!outcome.ok) {
      if (state.online || failures === 0) deps.log(`hub: ${outcome.code} ${outcome.says}`);
      become({ online: false });
      failures += 1;
      return backoffMs(failures - 1, deps.random(), deps.maxBackoffMs);
    }
    failures = 0;
    return accept(asked, outcome.response);
  }

  /** Returns how long to wait before asking again, ms. */
  function accept(asked: SyncRequest, response: SyncResponse): number {
    book.apply(response);
    const { seq, head } = response.stored;
    const mine = journal.hashAt(seq);
    // Only the answer to our latest request can say that we are behind; ids make sure that this is one.
    const rolledBack = response.resendFrom !== undefined || mine === null || (mine !== head && seq > 0);
    const stop: SyncStop = rolledBack ? 'rolled-back' : response.state !== 'open' ? 'frozen' : null;
    if (stop !== state.stop) journal.setFact('stop', stop ?? '');
    // Only what changed is written: a quiet kiosk must not wear its disk with a synced write every few seconds.
    if (seq !== state.hub.seq || head !== state.hub.head) journal.setFact('hub', JSON.stringify({ seq, head }));
    const headConfirmed = !rolledBack && seq >= asked.have.seq;
    // A lost fence is raised again only on a head that the hub itself has.
    if (headConfirmed && deps.fence.mark() === null) {
      const at = journal.head();
      if (at.seq === seq) deps.fence.raise({ ep: deps.epoch.ep, seq, head: at.head });
    }
    become({
      online: true,
      hub: { seq, head },
      stop,
      lastOkAtMs: deps.monotonicMs(),
      headConfirmed: state.headConfirmed || headConfirmed,
    });
    deps.onAnswer(response);
    const moved = seq > asked.have.seq - asked.records.length;
    return moved && journal.head().seq > seq ? 0 : response.retryAfter;
  }

  async function run(): Promise<void> {
    if (running) {
      again = true;
      return;
    }
    running = true;
    clearTimeout(timer);
    let wait = 0;
    do {
      again = false;
      try {
        wait = await once();
      } catch (error) {
        // A fault of ours must not end the outbox for good; it is logged, and tried again like a lost link.
        deps.log(`sync failed: ${(error as Error).stack}`);
        wait = backoffMs(failures++, deps.random(), deps.maxBackoffMs) + 1_000;
      }
    } while (!stopped && (again || wait === 0));
    running = false;
    if (!stopped) timer = setTimeout(() => void run(), wait);
  }

  return {
    state: () => state,
    unsent: () => Math.max(0, journal.head().seq - state.hub.seq),
    start(): void {
      stopped = false;
      void run();
    },
    stop(): void {
      stopped = true;
      clearTimeout(timer);
    },
    /** A new record, a restored link: ask at once. */
    nudge(): void {
      if (!stopped) void run();
    },
  };
}
