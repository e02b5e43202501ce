import type { Hashing } from '../../protocol/crypto.ts';
import { concat, equalBytes, fromUtf8, utf8 } from '../../protocol/primitives/bytes.ts';

/**
 * The fence: where the journal had come, kept where a backup of the journal does not reach. Commit, then fence, then
 * anything leaves, to paper or network. A journal that stands behind its fence is an old copy, and sells nothing.
 *
 * Two slots of one sector each, preallocated, overwritten in turn: a torn write spoils only the older one.
 */

export interface FenceMark {
  readonly ep: number;
  readonly seq: number;
  /** HASH of the record at `seq`; of the enrolment at 0. */
  readonly head: string;
  /** Its original goes to the printer now: found after a crash, some of the paper may have come out. */
  readonly printing?: true;
}

/** Where the two slots live: a file, or a TPM's counter. `write` returns when it survives a power cut. */
export interface FenceStorage {
  /** Both slots' bytes; a slot never written is zeros. */
  read(): readonly [Uint8Array, Uint8Array];
  write(slot: 0 | 1, bytes: Uint8Array): void;
}

export const SLOT_BYTES = 512;
const MAGIC = utf8('tally-fence-1\n');

export function encodeSlot(mark: FenceMark, turn: number, hashing: Hashing): Uint8Array {
  const text = utf8(JSON.stringify({ turn, ep: mark.ep, seq: mark.seq, head: mark.head, printing: mark.printing }));
  const body = concat(MAGIC, Uint8Array.of(text.length), text);
  const slot = new Uint8Array(SLOT_BYTES);
  slot.set(body);
  slot.set(hashing.sha256(body), SLOT_BYTES - 32);
  return slot;
}

/** Null for a slot that is torn, empty, or not ours. */
export function decodeSlot(slot: Uint8Array, hashing: Hashing): { mark: FenceMark; turn: number } | null {
  if (slot.length !== SLOT_BYTES || !equalBytes(slot.subarray(0, MAGIC.length), MAGIC)) return null;
  const length = slot[MAGIC.length] ?? 0;
  const end = MAGIC.length + 1 + length;
  if (!equalBytes(hashing.sha256(slot.subarray(0, end)), slot.subarray(SLOT_BYTES - 32))) return null;
  const text = fromUtf8(slot.subarray(MAGIC.length + 1, end));
  if (text === null) return null;
  const { turn, ...mark } = JSON.parse(text) as FenceMark & { turn: number };
  return { mark, turn };
}

export function createFence(storage: FenceStorage, hashing: Hashing) {
  const whole = storage.read().map((slot) => decodeSlot(slot, hashing));
  const newest = whole.reduce(
    (best, slot) => (slot !== null && (best === null || slot.turn > best.turn) ? slot : best),
    null,
  );
  let turn = newest?.turn ?? 0;
  let mark = newest?.mark ?? null;
  return {
    /** The newest whole mark; null where there is none. */
    mark: () => mark,
    /** Returns when the new mark survives a power cut. */
    raise(next: FenceMark): void {
      turn += 1;
      storage.write((turn % 2) as 0 | 1, encodeSlot(next, turn, hashing));
      mark = next;
    },
  };
}
export type Fence = ReturnType<typeof createFence>;

export type FenceVerdict = 'level' | 'bring-up' | 'rolled-back' | 'missing';

/**
 * What a start finds. A journal that holds the fence's head at the fence's seq and is one record ahead crashed between
 * the commit and the fence: that is brought up. Anything else is an old copy or another journal.
 */
export function judgeFence(
  mark: FenceMark | null,
  journal: { readonly ep: number; readonly seq: number },
  hashAt: (seq: number) => string | null,
): FenceVerdict {
  if (mark === null) return 'missing';
  if (mark.ep !== journal.ep || hashAt(mark.seq) !== mark.head) return 'rolled-back';
  if (journal.seq === mark.seq) return 'level';
  return journal.seq === mark.seq + 1 ? 'bring-up' : 'rolled-back';
}
