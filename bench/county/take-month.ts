import { storeBatch } from '../../hub/ingest/custody.ts';
import type { Fresh, Judging } from '../../hub/ingest/judging.ts';
import type { Arrival } from '../../hub/ingest/port.ts';
import type { BookStore } from '../../hub/ledger/books.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import type { Month } from './month.ts';
import type { VillagePlan } from './plan.ts';

/**
 * One terminal's month into custody and judged, some days at a time as its syncs would have brought it. All of it is one
 * transaction, as nobody waits for an answer. The signatures are not looked at again: they were made a moment ago.
 */

export interface Taking {
  readonly place: VillagePlan;
  readonly month: Month;
  readonly days: number;
  readonly fromMs: number;
  readonly nowMs: number;
}

const DAY_MS = 86_400_000;
const BATCH_RECORDS = 1_000;
/** A terminal that was not heard for so long is one to call about. */
const UNHEARD_DAYS = 6;

/** Answers how many records are stored now. */
export async function takeMonth(
  store: BookStore,
  judging: Judging,
  clock: { ms: number },
  { place, month, days, fromMs, nowMs }: Taking,
): Promise<number> {
  const { tid, trouble } = place;
  const endMs = trouble === 'late' ? fromMs + (days - UNHEARD_DAYS) * DAY_MS : fromMs + days * DAY_MS;
  const kept = new Set(month.kept);
  const sent = month.records.filter((record) => !kept.has(record.seq) && atOf(record) < endMs);
  // What each of the healthy ones said last; spread, as each asks at its own second.
  const heardMs = trouble === 'late' ? endMs : nowMs - (place.n % 60) * 1_000;
  await store.write(async (books) => {
    for (let from = 0; from < sent.length; from += BATCH_RECORDS) {
      const batch = sent.slice(from, from + BATCH_RECORDS);
      clock.ms = Math.max(...batch.map(atOf)) + 60_000;
      const stored = await storeBatch(books, { tid, ep: 1, arrivals: batch.map(arrival), at: clock.ms });
      const fresh: Fresh = new Map(batch.map((record) => [record.hash, record]));
      for (const ep of stored.toJudge) await judging.judgeIn(books, tid, ep, fresh);
    }
    const terminal = await books.get('terminals', { tid });
    if (terminal !== undefined) await books.put('terminals', [{ ...terminal, lastSyncAt: heardMs }]);
  });
  return sent.length;
}

const atOf = (record: SignedRecord): number => record.payload?.at ?? 0;

function arrival({ jws, hash, tid, ep, seq, prev }: SignedRecord): Arrival {
  return { jws, hash, tid, ep, seq, prev };
}
