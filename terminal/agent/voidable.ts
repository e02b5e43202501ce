import type { RedeemPayload } from '../../protocol/records/payload.ts';
import type { Journal } from '../journal/journal.ts';

/** Redemptions since the last close that nobody has undone. Each record is read once, however often the list is asked for. */

const MAX_RECORDS = 100_000;

export function createVoidable(journal: Journal) {
  const standing: Map<number, RedeemPayload> = new Map();
  let closeSeq = -1;
  let readSeq = 0;

  return {
    /** By record number, oldest first. */
    since(): ReadonlyMap<number, RedeemPayload> {
      const close = journal.lastClose()?.seq ?? 0;
      if (close !== closeSeq) {
        standing.clear();
        closeSeq = close;
        readSeq = close;
      }
      if (journal.head().seq === readSeq) return standing;
      for (const { seq, payload } of journal.after(readSeq, MAX_RECORDS)) {
        readSeq = seq;
        if (payload.type === 'redeem') standing.set(seq, payload);
        else if (payload.type === 'void') standing.delete(payload.ref);
      }
      return standing;
    },
  };
}
