import { enrolmentDocument } from '../../protocol/documents/kinds.ts';
import type { EpochRow, JournalStore } from './port.ts';
import { type Heard, type TrustedTime, trustedTime } from './trusted-time.ts';

/** This kiosk's trusted clock: what the hub and clerks have said of the time, kept so that a restart asks nobody again. */

export interface ClockDeps {
  readonly store: JournalStore;
  readonly epoch: EpochRow;
  readonly lastRecordAt: () => number;
  readonly monotonicMs: () => number;
  readonly wallMs: () => number;
}

export type DateRefusal = 'date-before-record' | 'date-known';
export type DateConfirmed =
  | { readonly ok: true; readonly at: number }
  | { readonly ok: false; readonly code: DateRefusal };

/** The hub's time is written down this often: a quiet kiosk must not wear its disk with a synced write every few seconds. */
const KEEP_EVERY_MS = 3_600_000;
const KNOWN = 'clock-known';
const OFFSET = 'clock-offset';

export function createClock({ store, epoch, lastRecordAt, monotonicMs, wallMs }: ClockDeps) {
  let hub: Heard | null = null;
  let kept = Number(store.fact(KNOWN) ?? 0);
  let offsetMs = Number(store.fact(OFFSET) ?? 0);
  let known: Heard = { at: knownAtStart(), monotonicMs: monotonicMs() };

  /** The latest of all that is durable: records of every epoch, the hub's time, a clerk's word, the hub-signed enrolment. */
  function knownAtStart(): number {
    const records = store.epochs().map(({ ep }) => store.last(ep)?.payload.at ?? 0);
    return Math.max(kept, enrolmentDocument.readTrusted(epoch.enrolmentJws)?.at ?? 0, ...records);
  }
  const wall = () => wallMs() + offsetMs;
  const read = (): TrustedTime =>
    trustedTime({
      lastRecordAt: lastRecordAt(),
      hub,
      known: known.at === 0 ? null : known,
      monotonicMs: monotonicMs(),
      wallMs: wall(),
    });

  return {
    nowAt: () => read().at,
    sure: () => read().sure,
    /** What the machine's clock says, which a clerk is asked to confirm. */
    wallAt: wall,
    /** An answer of the hub: from now on this start counts from it, whatever the machine's clock says. */
    heard(at: number): void {
      hub = { at, monotonicMs: monotonicMs() };
      if (Math.abs(at - kept) < KEEP_EVERY_MS && offsetMs === 0) return;
      store.transact(() => {
        store.setFact(KNOWN, String(at));
        store.setFact(OFFSET, null);
      });
      kept = at;
      offsetMs = 0;
    },
    /** A clerk says that it is `at`: as the machine shows it, or corrected. Durable when it returns, with `also`. */
    confirm(at: number, also: () => void): DateConfirmed {
      const now = read();
      if (now.sure) return { ok: false, code: 'date-known' };
      if (at < now.at) return { ok: false, code: 'date-before-record' };
      const offset = at - wallMs();
      store.transact(() => {
        store.setFact(KNOWN, String(at));
        store.setFact(OFFSET, offset === 0 ? null : String(offset));
        also();
      });
      [kept, offsetMs] = [at, offset];
      known = { at, monotonicMs: monotonicMs() };
      return { ok: true, at };
    },
  };
}
export type Clock = ReturnType<typeof createClock>;
