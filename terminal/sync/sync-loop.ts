import type { Signer, Verifying } from '../../protocol/crypto.ts';
import type { SyncResponse } from '../../protocol/sync/messages.ts';
import { backoffMs } from './backoff.ts';
import type { Exchanged } from './envelope.ts';
import { exchange, type Hub } from './exchange.ts';
import type { Accepted, Outbox } from './outbox.ts';

/** When to ask the hub: at once where something is new, calmly where it is not there. What is said is the outbox's. */

export interface SyncDeps {
  readonly outbox: Outbox;
  readonly signer: Signer;
  readonly verifying: Verifying;
  readonly hub: Hub;
  readonly random: () => number;
  readonly maxBackoffMs: number;
  /** After each answer was applied. */
  readonly onAnswer: (response: SyncResponse, accepted: Accepted) => void;
  readonly onChange: () => void;
  readonly log: (says: string) => void;
}

export function createSyncLoop(deps: SyncDeps) {
  const { outbox } = deps;
  let online = false;
  let failures = 0;
  let running = false;
  let again = false;
  let stopped = true;
  let timer: NodeJS.Timeout | undefined;

  function setOnline(next: boolean): void {
    if (next === online) return;
    online = next;
    deps.onChange();
  }

  /** How long to wait before asking again, ms. */
  async function once(): Promise<number> {
    const outcome: Exchanged = await exchange(outbox.request(), deps.signer, deps.hub, deps.verifying);
    if (!outcome.ok) {
      if (online || failures === 0) deps.log(`hub: ${outcome.code} ${outcome.says}`);
      setOnline(false);
      failures += 1;
      return Math.max(outcome.retryAfterMs ?? 0, backoffMs(failures - 1, deps.random(), deps.maxBackoffMs));
    }
    failures = 0;
    const accepted = outbox.accept(outcome.response);
    setOnline(true);
    deps.onAnswer(outcome.response, accepted);
    // At once only where something moved: a hub that says the same again is not asked in a circle.
    return accepted.again ? 0 : Math.max(outcome.response.retryAfter, MIN_POLL_MS);
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
    online: () => online,
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

const MIN_POLL_MS = 200;
