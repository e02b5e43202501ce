/**
 * Room for what a kiosk still writes when it sells no more: undoing, returns, the close, what the hub tells it. The sale is
 * refused before its commit, never in the middle of one.
 */
export const DISK_LOW_BYTES = 64 * 1_048_576;
/** How often the disk is asked: each sale and each picture of the page wants to know. */
const LOOK_EVERY_MS = 1_000;

/** `freeBytes` throws where the folder is gone: then nothing can be kept either, and none are free. */
export function createDiskWatch(freeBytes: () => number, monotonicMs: () => number) {
  let looked: { readonly atMs: number; readonly free: number } | null = null;
  function free(): number {
    const nowMs = monotonicMs();
    if (looked === null || nowMs - looked.atMs >= LOOK_EVERY_MS) looked = { atMs: nowMs, free: look(freeBytes) };
    return looked.free;
  }
  return { freeBytes: free, low: () => free() < DISK_LOW_BYTES };
}
export type DiskWatch = ReturnType<typeof createDiskWatch>;

function look(freeBytes: () => number): number {
  try {
    return freeBytes();
  } catch {
    return 0; // a folder that cannot be asked cannot be written either
  }
}

/** What SQLite says where a disk is full, broken or read-only: nothing of the transaction was kept. */
export function isDiskFault(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/.test(String((error as { code?: unknown } | null)?.code));
}
