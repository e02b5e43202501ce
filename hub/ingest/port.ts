import type { ChainHead } from '../../protocol/records/chain.ts';

/** What arrived in one batch: a record with an ID, or junk under its hash. */
export interface Arrival {
  readonly jws: string;
  readonly hash: string;
  readonly tid: string;
  readonly ep: number;
  /** Null for junk. */
  readonly seq: number | null;
  readonly prev: string | null;
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
