import type { Exchanged } from './envelope.ts';

/** How speaking with the hub has gone since the agent started. */

/** `internal`: an answer came and a fault of ours kept us from taking it. */
export type SyncFault = Extract<Exchanged, { ok: false }>['code'] | 'internal';
export const SYNC_FAULTS: readonly SyncFault[] = ['unreachable', 'refused', 'not-our-hub', 'internal'];

export interface SyncHealth {
  readonly attempts: number;
  readonly failures: Readonly<Record<SyncFault, number>>;
  /** Since the last answer that was taken; null before the first. */
  readonly sinceSuccessMs: number | null;
  /** Why the latest question came to nothing; null where it was answered, or is the first. */
  readonly fault: SyncFault | null;
  /** What the kiosk waits after that failure, where nothing new asks sooner; 0 without one. */
  readonly backoffMs: number;
}

export function createSyncTally(monotonicMs: () => number) {
  const failures: Record<SyncFault, number> = { unreachable: 0, refused: 0, 'not-our-hub': 0, internal: 0 };
  let attempts = 0;
  let succeededAtMs: number | null = null;
  let latest: Pick<SyncHealth, 'fault' | 'backoffMs'> = { fault: null, backoffMs: 0 };
  return {
    asked(): void {
      attempts += 1;
    },
    answered(): void {
      succeededAtMs = monotonicMs();
      latest = { fault: null, backoffMs: 0 };
    },
    failed(fault: SyncFault, backoffMs: number): void {
      failures[fault] += 1;
      latest = { fault, backoffMs };
    },
    health: (): SyncHealth => ({
      ...{ attempts, failures: { ...failures }, ...latest },
      sinceSuccessMs: succeededAtMs === null ? null : monotonicMs() - succeededAtMs,
    }),
  };
}
