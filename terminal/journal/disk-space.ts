/**
 * Room for what a kiosk still writes when it sells no more: undoing, returns, the close, what the hub tells it. The sale is
 * refused before its commit, never in the middle of one.
 */
export const DISK_LOW_BYTES = 64 * 1_048_576;
/** How often the disk is asked: each sale and each picture of the page wants to know. */
const LOOK_EVERY_MS = 1_000;

export interface DiskDeps {
  /** Throws where the folder is gone: then nothing can be kept either. */
  readonly freeBytes: () => number;
  /** A synced write to the journal itself, which throws where it takes none: tried only behind a refusal. */
  readonly tryWrite: () => void;
  /** What was to be kept may or may not come back at the next start: nobody may be told either, and the agent must not go on. */
  readonly onUnsure: (error: Error) => void;
  readonly monotonicMs: () => number;
}

export function createDiskWatch({ freeBytes, tryWrite, onUnsure, monotonicMs }: DiskDeps) {
  let looked: { readonly atMs: number; readonly free: number; readonly low: boolean } | null = null;
  let doubted = false;

  function look(): { readonly free: number; readonly low: boolean } {
    let free = 0;
    try {
      free = freeBytes();
      if (free < DISK_LOW_BYTES) return { free, low: true };
      if (doubted) tryWrite();
      doubted = false;
      return { free, low: false };
    } catch {
      return { free, low: true }; // a folder that cannot be asked cannot be written either
    }
  }

  function now(): { readonly free: number; readonly low: boolean } {
    const nowMs = monotonicMs();
    if (looked === null || nowMs - looked.atMs >= LOOK_EVERY_MS) looked = { atMs: nowMs, ...look() };
    return looked;
  }

  return {
    /** None where the folder is gone. */
    freeBytes: () => now().free,
    /** Also where it refused a write and still does: a memory card that dies turns read-only, with all its space free. */
    low: () => now().low,
    /** The same store; whatever it is that the disk refuses, the disk is asked before the next sale. */
    guarded<T extends object>(store: T): T {
      const watched = (work: (...args: unknown[]) => unknown) =>
        function guardedCall(...args: unknown[]): unknown {
          try {
            return work(...args);
          } catch (error) {
            if (isUnsure(error)) onUnsure(error as Error);
            if (isDiskFault(error)) [doubted, looked] = [true, null];
            throw error;
          }
        };
      const entries = Object.entries(store).map(([name, value]) => [
        name,
        typeof value === 'function' ? watched(value as (...args: unknown[]) => unknown) : value,
      ]);
      return Object.fromEntries(entries) as T;
    },
  };
}
export type DiskWatch = ReturnType<typeof createDiskWatch>;

/**
 * A commit that was written and could not be synced. Its frame may stand in the write-ahead log, and the next start would take
 * it for good: "nothing was used" could be untrue.
 */
function isUnsure(error: unknown): boolean {
  return /^SQLITE_IOERR_(DIR_)?FSYNC$/.test(String((error as { code?: unknown } | null)?.code));
}

/** What SQLite says where a disk is full, broken or read-only: nothing of the transaction was kept. */
export function isDiskFault(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/.test(String((error as { code?: unknown } | null)?.code));
}
