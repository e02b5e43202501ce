import type { Allowance } from '../../protocol/allowance/counters.ts';
import type { ChainHead } from '../../protocol/records/chain.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import type { ChainState, Judgement, WaitCode } from '../ledger/judgement.ts';

/** What arrived in one batch: a record with an ID, or junk under its hash. */
export interface Arrival {
  readonly jws: string;
  readonly hash: string;
  readonly tid: string;
  readonly ep: number;
  /** Null for junk. */
  readonly seq: number | null;
}

export interface Batch {
  /** Whose envelope brought it. Records of any epoch of this tid may travel in it. */
  readonly tid: string;
  readonly ep: number;
  readonly arrivals: readonly Arrival[];
  readonly at: number;
}

export interface StoredBatch {
  /** The end of the contiguous prefix of (tid, ep), after this batch. */
  readonly stored: ChainHead;
  /** Epochs of this tid that now have something to judge. */
  readonly toJudge: readonly number[];
}

/** Custody. One method is one transaction; when its promise resolves, what it wrote survives a power cut. */
export interface RecordStore {
  /**
   * Stores every arrival not yet known by its hash. A second record with a known (tid, ep, seq) is a fork: it is kept,
   * and its epoch is frozen in this very transaction.
   */
  storeBatch(batch: Batch): Promise<StoredBatch>;
  /** HASH stored at that seq, first to arrive; null where nothing is. At seq 0 the hash of the enrolment. */
  headAt(tid: string, ep: number, seq: number): Promise<string | null>;
}

export interface JudgingWork {
  readonly chain: ChainState;
  readonly records: readonly SignedRecord[];
  /** By acct; only accounts that the records name. */
  readonly allowances: ReadonlyMap<string, { readonly allowance: Allowance; readonly balance: number }>;
  /** By `sku.rev`. */
  readonly prices: ReadonlyMap<string, number>;
}

export interface JudgedRecord {
  readonly record: SignedRecord;
  readonly judgement: Judgement;
  /** G of the account's allowance when it was judged. */
  readonly granted: number | null;
}

export interface JudgingStore {
  /** The next contiguous unjudged records of a chain, at most `limit`, with all that judging them asks. */
  loadWork(tid: string, ep: number, limit: number): Promise<JudgingWork | null>;
  /**
   * Stage, transfers, counters and the chain's new state, in one transaction. False when another process judged this
   * chain meanwhile: nothing was written, load again.
   */
  apply(from: ChainState, judged: readonly JudgedRecord[], waits: WaitCode | null, at: number): Promise<boolean>;
  /** Why judging of that chain waits; null when it does not. */
  waitsCode(tid: string, ep: number): Promise<string | null>;
  /** Chains with stored records that are not judged. */
  unjudged(): Promise<readonly { readonly tid: string; readonly ep: number }[]>;
}
