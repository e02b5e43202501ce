/**
 * Room for what a kiosk still writes when it sells no more: undoing, returns, the close, what the hub tells it. The sale is
 * refused before its commit, never in the middle of one.
 */
export const DISK_LOW_BYTES = 64 * 1_048_576;
/** How often the disk is asked: each sale and each picture of the page wants to know. */
const LOOK_EVERY_MS = 1_000;

/**
 * `freeBytes` throws where the folder is gone: then nothing can be kept either. `tryWrite` throws where nothing can be written:
 * asked only behind a refusal, as each answer costs a synced write.
 */
export function createDiskWatch(freeBytes: () => number, tryWrite: () => void, monotonicMs: () => number) {
  let looked: { readonly atMs: number; readonly free: number; readonly low: boolean } | null = null;
  let doubted = false;

  function look(): { readonly free: number; readonly low: boolean } {
    try {
      const free = freeBytes();
      if (free < DISK_LOW_BYTES) return { free, low: true };
      if (doubted) tryWrite();
      doubted = false;
      return { free, low: false };
    } catch {
      return { free: 0, low: true }; // a folder that cannot be asked cannot be written either
    }
  }

  function now(): { readonly free: number; readonly low: boolean } {
    const nowMs = monotonicMs();
    if (looked === null || nowMs - looked.atMs >= LOOK_EVERY_MS) looked = { atMs: nowMs, ...look() };
    return looked;
  }

  return {
    /** What can still be written; none where it refused a write and still does. */
    freeBytes: () => now().free,
    /** Also where it refused a write and still does: a memory card that dies turns read-only, with all its space free. */
    low: () => now().low,
    /** Does what writes; where the disk refuses it, the disk is asked before the next. */
    keeping<T>(work: () => T): T {
      try {
        return work();
      } catch (error) {
        if (isDiskFault(error)) [doubted, looked] = [true, null];
        throw error;
      }
    },
  };
}
export type DiskWatch = ReturnType<typeof createDiskWatch>;

/** What SQLite says where a disk is full, broken or read-only: nothing of the transaction was kept. */
export function isDiskFault(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/.test(String((error as { code?: unknown } | null)?.code));
}
