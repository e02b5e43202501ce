import type { TerminalRow, TerminalState } from '../../protocol/api/console.ts';

/** One life of a terminal's key and journal, as the hub keeps it. */
export interface EpochRecord {
  readonly tid: string;
  readonly ep: number;
  readonly state: TerminalState;
  readonly shop: string;
  readonly village: string;
  readonly issuedBy: string;
  readonly codeExpiresAt: number;
  readonly publicKey: Uint8Array | null;
  readonly fingerprint: string | null;
  readonly pepperSealed: Uint8Array;
  readonly enrolmentJws: string | null;
}

export interface NewTerminal {
  readonly tid: string;
  readonly shop: string;
  readonly codeHash: Uint8Array;
  readonly codeExpiresAt: number;
  readonly pepperSealed: Uint8Array;
  readonly by: string;
}

/** One method is one transaction. Expected refusals are values. */
export interface FleetStore {
  createTerminal(terminal: NewTerminal, at: number): Promise<'created' | 'tid-taken' | 'unknown-shop'>;
  /** The epoch a one-time code belongs to. */
  epochByCode(codeHash: Uint8Array): Promise<EpochRecord | null>;
  epoch(tid: string, ep: number): Promise<EpochRecord | null>;
  /** All keys ever enrolled for a tid, by epoch. */
  keys(tid: string): Promise<ReadonlyMap<number, Uint8Array>>;
  /** Pins the first key that shows the code; a second key for the same code is refused. */
  claimCode(
    tid: string,
    ep: number,
    publicKey: Uint8Array,
    fingerprint: string,
  ): Promise<'claimed' | 'other-key' | 'key-in-use'>;
  /** Opens the epoch. The schema refuses a confirmation by who issued the code. */
  confirm(
    tid: string,
    ep: number,
    by: string,
    enrolmentJws: string,
    enrolmentHash: string,
    at: number,
  ): Promise<'opened' | 'same-person' | 'not-waiting'>;
  noteSync(tid: string, at: number, healthJson: string | null): Promise<void>;
  rows(): Promise<readonly TerminalRow[]>;
}

export interface RosterRow {
  readonly acct: string;
  readonly name: string;
  readonly initials: string;
  readonly freePts: number;
  readonly cards: readonly CardRow[];
}
export interface ClerkRow {
  readonly clerk: string;
  readonly name: string;
  readonly cards: readonly CardRow[];
}
export interface CardRow {
  readonly kind: string;
  readonly uidSealed: Uint8Array;
  readonly last4: string;
  readonly state: 'good' | 'blocked';
  readonly pinSalt: string | null;
  readonly pinSealed: Uint8Array | null;
}

/** What goes down to a terminal. All of it is numbered by one version that only grows within one incarnation. */
export interface DownlinkStore {
  /** Gives the home terminal what it may still hold of each account: points out, grant stored, one transaction. */
  topUp(request: TopUp): Promise<number>;
  changesSince(request: { tid: string; ep: number; village: string; version: number; limit: number }): Promise<{
    readonly version: number;
    readonly more: boolean;
    readonly grants: readonly string[];
    readonly rows: readonly RosterRow[];
    readonly clerks: readonly ClerkRow[];
  }>;
  pepper(village: string): Promise<{ readonly version: number; readonly sealed: Uint8Array } | null>;
  place(shop: string): Promise<Place | null>;
  county(): Promise<CountyRow | null>;
}
export interface TopUp {
  readonly tid: string;
  readonly ep: number;
  readonly village: string;
  readonly capPts: number;
  readonly limit: number;
  readonly at: number;
  /** Signs the grant of `G` for `acct`; called inside the transaction, so it must be quick and wait for nothing. */
  sign(acct: string, G: number): string;
}
export interface Place {
  readonly village: { readonly zh: string; readonly en: string };
  readonly shop: { readonly zh: string; readonly en: string };
  readonly phone: string;
}
export interface CountyRow {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
  readonly timeZone: string;
  readonly inc: string;
  readonly policy: CountyPolicy;
  readonly policyVersion: number;
  readonly catalogueJws: string;
  readonly catalogueVersion: number;
  readonly hotlistVersion: number;
}
export interface CountyPolicy {
  readonly capPts: number;
  readonly pinAbovePts: number;
}
