import type { Counters } from '../../protocol/allowance/counters.ts';
import type { TerminalState } from '../../protocol/api/console.ts';
import type { DaySums } from './day-sums.ts';

/** Rows of terminals' chains and of the ledger. See tables.ts. */

export interface EpochRow {
  readonly tid: string;
  readonly ep: number;
  readonly shop: string;
  readonly village: string;
  readonly state: TerminalState;
  readonly codeHash: Uint8Array;
  readonly codeExpiresAt: number;
  readonly issuedBy: string;
  /** Raw Ed25519; null until a device has asked with the one-time code. */
  readonly publicKey: Uint8Array | null;
  readonly fingerprint: string | null;
  readonly confirmedBy: string | null;
  readonly pepperSealed: Uint8Array;
  readonly enrolmentJws: string | null;
  readonly enrolmentHash: string | null;
  /** The stored prefix without a hole; accepted holes aside. */
  readonly storedSeq: number;
  readonly storedHead: string | null;
  /** Highest seq of any stored record; beyond `storedSeq` something is missing. */
  readonly topSeq: number;
  readonly judgedSeq: number;
  readonly judgedHead: string | null;
  /** Null right behind an accepted hole. */
  readonly judgedTot: number | null;
  readonly judgedAt: number;
  /** Lowest seq at which two records stand. */
  readonly forkedSeq: number | null;
  /** Lowest seq whose record does not follow the one stored before it: another branch's, whose beginning is missing. */
  readonly brokenSeq: number | null;
  readonly revokedSeq: number | null;
  readonly endSeq: number | null;
  readonly closeSeq: number;
  readonly closedSeq: number;
  readonly day: DaySums;
  /** Why judging of this chain waits. */
  readonly waitsCode: string | null;
  /** The incarnation in which this epoch last reported what it holds, or was enrolled. */
  readonly reportedInc: string | null;
}

export interface RecordRow {
  /** Order of arrival, given by the store. */
  readonly arrival: number;
  readonly tid: string;
  readonly ep: number;
  /** Null for junk. */
  readonly seq: number | null;
  readonly hash: string;
  /** HASH of the record before it, as it says; null for junk, and for what was stored before this column was. */
  readonly prev: string | null;
  readonly jws: string;
  readonly receivedAt: number;
}

export interface JudgementRow {
  readonly tid: string;
  readonly ep: number;
  readonly seq: number;
  readonly hash: string;
  readonly stage: 'matched' | 'quarantined';
  readonly flags: readonly string[];
  readonly code: string | null;
  readonly judgedAt: number;
  readonly type: string;
  readonly acct: string | null;
  readonly card: string | null;
  readonly pts: number | null;
  readonly at: number;
  readonly day: string;
  readonly s: number | null;
  readonly v: number | null;
  readonly r: number | null;
  readonly g: number | null;
  /** What undid this redeem: `void <seq>`, `reject`, `refund`; null while it stands. */
  readonly undoneBy: string | null;
}

export interface AllowanceRow {
  readonly tid: string;
  readonly ep: number;
  readonly acct: string;
  readonly g: number;
  readonly s: number;
  readonly v: number;
  readonly r: number;
  readonly said: Counters | null;
  readonly covered: number;
  readonly atSeq: number;
  readonly grantJws: string | null;
  /** When the grant last changed, in the county's downlink numbers. */
  readonly grantVersion: number;
  /** Points the terminal is asked to keep and give back the rest; null where nothing is asked. */
  readonly keep: number | null;
}

export interface HoldRow {
  readonly tid: string;
  readonly ep: number;
  readonly seq: number;
  readonly acct: string;
  readonly leftPts: number;
  readonly lentPts: number;
  readonly backPts: number;
  readonly source: 'record' | 'hole';
  readonly state: 'held' | 'undone' | 'released' | 'rejected';
}

export interface CloseRow {
  readonly tid: string;
  readonly ep: number;
  readonly seq: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly at: number;
  readonly redeemedCount: number;
  readonly redeemedPts: number;
  readonly voidedCount: number;
  readonly voidedPts: number;
  readonly byItem: DaySums['byItem'];
  /** 1 where the agent or the hub made it, not a clerk. */
  readonly auto: number;
  readonly holed: number;
}

export interface HoleRow {
  readonly tid: string;
  readonly ep: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly act: string;
}

/** Two people decided about one record: put aside (`overrule`), or of a fork (`sale`, `nothing`). */
export interface DecisionRow {
  readonly tid: string;
  readonly ep: number;
  readonly seq: number;
  readonly hash: string;
  readonly kind: string;
  readonly act: string;
}

/** A visitor waits here for points that were asked back from elsewhere. Dropped when served, or too old. */
export interface WaitRow {
  readonly tid: string;
  readonly ep: number;
  readonly acct: string;
  readonly pts: number;
  readonly at: number;
}

/** An account whose home terminal may be due more points. Dropped when it was looked at. */
export interface DueRow {
  readonly village: string;
  readonly acct: string;
}

export interface VisitRow {
  readonly tid: string;
  readonly ep: number;
  readonly rid: string;
  readonly acct: string | null;
  readonly reason: string;
  readonly grantedPts: number;
  readonly at: number;
}
