import type { SyncRequest, SyncResponse } from '../../protocol/sync/messages.ts';
import { backoffMs, MAX_BACKOFF_MS } from './backoff.ts';
import type { Exchanged } from './envelope.ts';
import type { Accepted, Outbox } from './outbox.ts';
import { createSyncTally } from './sync-tally.ts';

/** When to ask the hub: at once where something is new, calmly where it is not there. What is said is the outbox's. */

export interface SyncDeps {
  readonly outbox: Pick<Outbox, 'request' | 'accept' | 'hubState'>;
  /** Carries a request to the hub; never rejects. */
  readonly ask: (request: SyncRequest) => Promise<Exchanged>;
  /** The nudge stream: listened to while the hub answers. It calls `heed`. */
  readonly listener: { start(): void; stop(): void };
  readonly monotonicMs: () => number;
  readonly random: () => number;
  readonly maxBackoffMs: number;
  /** After each answer was applied. */
  readonly onAnswer: (response: SyncResponse, accepted: Accepted) => void;
  readonly onChange: () => void;
  readonly log: (says: string) => void;
}

/** The least between two questions of a quiet kiosk, whatever the hub says. */
const MIN_POLL_MS = 200;
/** However many nudges come, they are worth one question in so long a time. */
export const HEED_EVERY_MS = 500;

export function createSyncLoop(deps: SyncDeps) {
  const { outbox, monotonicMs } = deps;
  const tally = createSyncTally(monotonicMs);
  let online = false;
  let failures = 0;
  let running = false;
  let stopped = true;
  let timer: NodeJS.Timeout | undefined;
  /** When the next question is due; while one is under way, what was wished for meanwhile. */
  let dueAt = Number.POSITIVE_INFINITY;
  /** A busy hub said when to come back: no new record and no nudge comes before that. */
  let notBefore = 0;
  let askedAt = Number.NEGATIVE_INFINITY;

  function setOnline(next: boolean): void {
    if (next === online) return;
    online = next;
    deps.onChange();
  }

  /** How long to wait before asking again, ms. */
  async function once(): Promise<number> {
    tally.asked();
    const outcome = await deps.ask(outbox.request());
    if (stopped) return 0;
    if (!outcome.ok) return failed(outcome);
    failures = 0;
    const accepted = outbox.accept(outcome.response);
    tally.answered();
    setOnline(true);
    deps.onAnswer(outcome.response, accepted);
    const state = outbox.hubState();
    if (state === 'open' || state === 'frozen') deps.listener.start();
    else deps.listener.stop();
    // At once only where something moved: a hub that says the same again is not asked in a circle.
    return accepted.again ? 0 : bounded(Math.max(outcome.response.retryAfter, MIN_POLL_MS));
  }

  function failed({ code, says, retryAfterMs = 0 }: Extract<Exchanged, { ok: false }>): number {
    if (online || failures === 0) deps.log(`hub: ${code} ${says}`);
    setOnline(false);
    // Where the link is gone so is the stream; a hub that is only busy may still nudge.
    if (code === 'unreachable') deps.listener.stop();
    failures += 1;
    // Only what answers can be busy. Whatever stands between us and the hub must not put the kiosk to sleep for days.
    notBefore = monotonicMs() + bounded(retryAfterMs);
    const wait = Math.max(bounded(retryAfterMs), backoffMs(failures - 1, deps.random(), deps.maxBackoffMs));
    tally.failed(code, wait);
    return wait;
  }

  async function run(): Promise<void> {
    running = true;
    dueAt = Number.POSITIVE_INFINITY;
    askedAt = monotonicMs();
    let wait: number;
    try {
      wait = await once();
    } catch (error) {
      // A fault of ours must not end the outbox for good; it is logged, and tried again like a lost link.
      deps.log(`sync failed: ${(error as Error).stack}`);
      wait = backoffMs(failures++, deps.random(), deps.maxBackoffMs) + 1_000;
      tally.failed('internal', wait);
    }
    running = false;
    askAt(monotonicMs() + wait);
  }

  /** The earlier of what was due and `at` counts; never before the hub wants to see us. */
  function askAt(at: number): void {
    if (stopped) return;
    dueAt = Math.min(dueAt, at);
    if (running) return;
    clearTimeout(timer);
    timer = setTimeout(() => void run(), Math.max(0, Math.max(dueAt, notBefore) - monotonicMs()));
  }

  return {
    online: () => online,
    health: tally.health,
    start(): void {
      stopped = false;
      askAt(monotonicMs());
    },
    stop(): void {
      stopped = true;
      clearTimeout(timer);
      deps.listener.stop();
    },
    /** A new record, a restored link: ask at once. */
    nudge(): void {
      askAt(monotonicMs());
    },
    /** The hub has something for us: ask at once, but a storm of nudges is no storm of questions. */
    heed(): void {
      askAt(Math.max(monotonicMs(), askedAt + HEED_EVERY_MS));
    },
  };
}

/** Also keeps a number that no timer holds from becoming "at once". */
function bounded(ms: number): number {
  return Math.min(ms, MAX_BACKOFF_MS);
}
