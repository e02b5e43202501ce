/** The chain of one (tid, ep): every record names the HASH of the one before it. */

export interface ChainHead {
  /** 0 before the first record. */
  readonly seq: number;
  /** HASH of the record at `seq`; at 0 the hash of the hub's signed enrolment. */
  readonly head: string;
}

export type LinkFault = 'gap' | 'wrong-prev';

/** Whether a record follows the head; null when it does. */
export function linkFault(
  before: ChainHead,
  record: { readonly seq: number; readonly prev: string },
): LinkFault | null {
  if (record.seq !== before.seq + 1) return 'gap';
  return record.prev === before.head ? null : 'wrong-prev';
}
