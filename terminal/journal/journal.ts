import { type Allowance, type Counters, NO_COUNTERS } from '../../protocol/allowance/counters.ts';
import type { Hashing, Signer } from '../../protocol/crypto.ts';
import type { ChainHead } from '../../protocol/records/chain.ts';
import type { Payload } from '../../protocol/records/payload.ts';
import { encodeRecord, type SignedRecord } from '../../protocol/records/record.ts';
import type { Fence } from './fence.ts';
import type { AllowanceRow, EpochRow, JournalRecord, JournalStore } from './port.ts';
import type { Slip } from './print-jobs.ts';

/** The append-only signed journal. One append is one FULL commit, then the fence; only then may anything leave. */

/** A payload without what the journal itself adds. */
type Chained = 'v' | 'tid' | 'ep' | 'seq' | 'prev' | 'up' | 'boot' | 'tot';
export type Draft = Payload extends infer P ? (P extends Payload ? Omit<P, Chained> : never) : never;

/** `slip`: a print job of the original is queued in the same commit. */
export interface Entry {
  readonly draft: Draft;
  readonly slip: Slip | null;
}

export interface JournalDeps {
  readonly store: JournalStore;
  readonly epoch: EpochRow;
  readonly signer: Signer;
  readonly hashing: Hashing;
  readonly fence: Fence;
  readonly monotonicMs: () => number;
  /** Random id of this start. */
  readonly boot: string;
  /** Whether a slip that is queued now is begun at once: then the fence says so, and no further commit has to. */
  readonly printsNow?: () => boolean;
  /** Told before the error goes on; a program that serves people must not go on behind it. */
  readonly onFenceLost?: (error: Error) => void;
  /** How long each record took, from its signature to the fence. */
  readonly onCommit?: (ms: number) => void;
}

export function createJournal(deps: JournalDeps) {
  const { store, epoch, fence } = deps;
  const { ep } = epoch;
  const startedMs = deps.monotonicMs();

  function head(): ChainHead & { readonly at: number } {
    const last = store.last(ep);
    return last === null
      ? { seq: 0, head: epoch.enrolmentHash, at: 0 }
      : { seq: last.seq, head: last.hash, at: last.payload.at };
  }

  function append(draft: Draft, slip: Slip | null = null): SignedRecord {
    return decided(() => ({ draft, slip })) as SignedRecord;
  }

  /**
   * Signs, commits durably and fences what `decide` answers; null where it answers null, and then nothing is written. It is
   * asked inside the transaction: what it looked at is what stands there when the record is written.
   */
  function decided(decide: () => Entry | null): SignedRecord | null {
    let printing = false;
    const beganMs = deps.monotonicMs();
    const record = store.transact(() => {
      const entry = decide();
      if (entry === null) return null;
      const { draft, slip } = entry;
      printing = slip !== null && deps.printsNow?.() === true;
      const last = store.last(ep);
      const payload = {
        ...draft,
        ...{ v: 1, tid: epoch.tid, ep, seq: (last?.seq ?? 0) + 1, prev: last?.hash ?? epoch.enrolmentHash },
        ...{
          up: Math.round(deps.monotonicMs() - startedMs),
          boot: deps.boot,
          tot: (last?.payload.tot ?? 0) + moved(draft),
        },
      } as Payload;
      const signed = encodeRecord(payload, deps.signer, deps.hashing);
      const { jws, hash, seq } = signed;
      if ('S' in payload) {
        const { acct, S, V, R } = payload;
        store.putAllowance(ep, { ...allowance(acct), acct, S, V, R });
      }
      store.addRecord({ ep, seq, jws, hash, payload }, slip);
      return signed;
    });
    if (record === null) return null;
    // The record is durable here. If we crash before the next line the start brings the fence up by this one record.
    try {
      fence.raise({ ep, seq: record.seq, head: record.hash, ...(printing ? { printing } : {}) });
    } catch (error) {
      deps.onFenceLost?.(error as Error);
      throw error;
    }
    deps.onCommit?.(deps.monotonicMs() - beganMs);
    return record;
  }

  function allowance(acct: string): AllowanceRow {
    return store.allowance(ep, acct) ?? { acct, G: 0, ...NO_COUNTERS, notAfter: 0, grantJws: null };
  }

  return {
    epoch,
    head,
    append,
    decided,
    allowance: (acct: string): Allowance & { readonly notAfter: number } => allowance(acct),
    allowances: (): readonly AllowanceRow[] => store.allowances(ep),
    counters: (acct: string): Counters => allowance(acct),
    /** The record whose original is on its way to the printer as far as the fence knows; null where it says nothing. */
    announcedSeq(): number | null {
      const mark = fence.mark();
      return mark?.ep === ep && mark.printing === true ? mark.seq : null;
    },
    hashAt: (seq: number): string | null => (seq === 0 ? epoch.enrolmentHash : (store.record(ep, seq)?.hash ?? null)),
    record: (seq: number): JournalRecord | null => store.record(ep, seq),
    lastClose: (): JournalRecord | null => store.lastClose(ep),
    /** Records after `seq`, oldest first. */
    after: (seq: number, limit: number): readonly JournalRecord[] => store.after(ep, seq, limit),
    ofAccount: (acct: string, at: number): readonly JournalRecord[] => store.ofAccount(acct, at),
  };
}
export type Journal = ReturnType<typeof createJournal>;

/** What a record adds to the epoch's running total of points redeemed minus voided. */
function moved(draft: Draft): number {
  return draft.type === 'redeem' ? draft.pts : draft.type === 'void' ? -draft.pts : 0;
}
