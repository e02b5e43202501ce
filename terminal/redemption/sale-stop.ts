/** Why this kiosk must not sell now; one rule for page, readiness and till. */

export type SaleStop =
  | 'starting'
  | 'journal-damaged'
  | 'rolled-back'
  | 'needs-new-epoch'
  | 'fence-missing'
  | 'frozen'
  | 'ended'
  | 'revoked'
  | 'no-roster'
  | 'clock-unsure'
  | 'disk-low';

export interface SaleFacts {
  /** The file and its unsent tail are looked at once at each start. */
  readonly journal: 'checking' | 'good' | 'damaged';
  /** The journal stands behind its fence, or the hub has another head than ours. */
  readonly rolledBack: boolean;
  /** All we hold was sent after a rollback showed: only a new epoch may sell. */
  readonly resent: boolean;
  readonly fencePresent: boolean;
  /** The hub confirmed our head since this start. */
  readonly headConfirmed: boolean;
  readonly hubState: 'open' | 'frozen' | 'ended' | 'revoked';
  readonly informed: boolean;
  readonly clockSure: boolean;
  readonly diskLow: boolean;
}

/** The gravest first; null where it may sell. */
export function saleStop(facts: SaleFacts): SaleStop | null {
  if (facts.journal === 'damaged') return 'journal-damaged';
  if (facts.rolledBack) return facts.resent ? 'needs-new-epoch' : 'rolled-back';
  if (facts.hubState !== 'open') return facts.hubState;
  if (facts.journal === 'checking') return 'starting';
  // Without a fence nobody can tell an old copy from the journal: no sale until the hub has confirmed the head.
  if (!facts.fencePresent && !facts.headConfirmed) return 'fence-missing';
  if (!facts.informed) return 'no-roster';
  if (!facts.clockSure) return 'clock-unsure';
  return facts.diskLow ? 'disk-low' : null;
}
