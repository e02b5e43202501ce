/**
 * The wire under the printer's driver: TCP, serial, or a device file. It carries bytes and says what became of them; of
 * ESC/POS it knows nothing.
 */

export interface LineEvents {
  opened(): void;
  bytes(bytes: Uint8Array): void;
  /** So many bytes of what was written have not left us yet. */
  progress(pendingBytes: number): void;
  /** Once, also where it never opened. `reason`: see `reasonOf`. Nothing follows. */
  closed(reason: string): void;
}

export interface Line {
  /** Queued; `progress` says how it goes on. */
  write(bytes: Uint8Array): void;
  /** At once, whatever waits. No event follows. */
  close(): void;
}

export interface Transport {
  /** No event comes before this returns. */
  open(events: LineEvents): Line;
}

/** Bytes handed to the system in one go: small enough that a slow line shows progress before it counts as stalled. */
const PIECE_BYTES = 512;
/** Bytes that may wait in us: more than the longest job. */
export const WAITING_BYTES_MAX = 512 * 1024;

/** Hands bytes on piece by piece, the next one when the one before has been taken. */
export function pieces(give: (piece: Uint8Array, taken: () => void) => void, progress: (pendingBytes: number) => void) {
  const waiting: Uint8Array[] = [];
  let pendingBytes = 0;
  let giving = false;

  function next(): void {
    const piece = waiting.shift();
    giving = piece !== undefined;
    if (piece === undefined) return;
    give(piece, () => {
      pendingBytes -= piece.length;
      progress(pendingBytes);
      next();
    });
  }

  return function write(bytes: Uint8Array): void {
    if (pendingBytes + bytes.length > WAITING_BYTES_MAX) throw new Error('more bytes for the printer than a job has');
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) waiting.push(bytes.subarray(at, at + PIECE_BYTES));
    pendingBytes += bytes.length;
    if (!giving) next();
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ENOENT: 'no-device',
  EACCES: 'no-permission',
  EPERM: 'no-permission',
  EBUSY: 'held',
  EIO: 'unplugged',
  ENODEV: 'unplugged',
  ENXIO: 'unplugged',
};

/** A code a person's sentence can be found for. */
export function reasonOf(error: NodeJS.ErrnoException): string {
  return REASONS[error.code ?? ''] ?? error.code ?? 'failed';
}
