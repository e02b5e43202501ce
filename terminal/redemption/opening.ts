/** Why an epoch begins, read off what the journal holds of the one before. */

export type OpenReason = 'enrol' | 'restore' | 'replace' | 'rotate' | 'move';

export interface EpochBefore {
  readonly shop: string;
  /** Its chain is closed by an `end`: all was given back. */
  readonly ended: boolean;
}

/** `before`: null where this journal holds none. */
export function openReason(ep: number, shop: string, before: EpochBefore | null): OpenReason {
  if (before === null) return ep === 1 ? 'enrol' : 'replace';
  if (before.shop !== shop) return 'move';
  return before.ended ? 'rotate' : 'restore';
}
