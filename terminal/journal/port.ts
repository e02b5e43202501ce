import type { Allowance } from '../../protocol/allowance/counters.ts';
import type { Language } from '../../protocol/api/kiosk.ts';
import type { Payload } from '../../protocol/records/payload.ts';
import type { PinSet, RosterEntry, TextBeside } from '../../protocol/sync/messages.ts';
import type { Slip } from './print-jobs.ts';

/**
 * What a kiosk keeps: its records, what the hub told it, and small facts. SQLite on a kiosk, memory in the simulator.
 *
 * Durability: a change outside `transact` is durable when its call returns. Inside, everything is durable when `transact`
 * returns, or nothing of it ever was. The store itself refuses a hole in a chain, a changed record, an allowance beyond
 * what was granted, and any of its four numbers falling.
 */
export interface JournalStore {
  transact<T>(work: () => T): T;

  /** Oldest first; the last one is the epoch that sells. */
  epochs(): readonly EpochRow[];
  addEpoch(row: EpochRow): void;

  /** The last record of that epoch. */
  last(ep: number): JournalRecord | null;
  /** The last `close` of that epoch. */
  lastClose(ep: number): JournalRecord | null;
  record(ep: number, seq: number): JournalRecord | null;
  /** Oldest first, at most `limit`. */
  after(ep: number, seq: number, limit: number): readonly JournalRecord[];
  /** An account's records since `at`, of every epoch, oldest first. */
  ofAccount(acct: string, at: number): readonly JournalRecord[];
  /** `slip`: the print job of its original, queued in the same commit. */
  addRecord(record: JournalRecord, slip: Slip | null): void;

  allowance(ep: number, acct: string): AllowanceRow | null;
  allowances(ep: number): readonly AllowanceRow[];
  putAllowance(ep: number, row: AllowanceRow): void;

  account(acct: string): BookAccount | null;
  putAccount(row: BookAccount): void;
  /** People of the village, no visitors, at most `limit`; in order of their initials. */
  findPeople(by: PeopleQuery, limit: number): readonly BookAccount[];
  clerkName(clerk: string): string | null;
  /** The clerk's own account as a resident; null where nobody knows of one. */
  clerkAcct(clerk: string): string | null;
  putClerk(clerk: string, name: string, acct?: string | null): void;
  card(token: string): BookCard | null;
  cardsOf(acct: string): readonly BookCard[];
  /** The cards of one owner, in place of those it had. */
  putCards(owner: { readonly acct: string } | { readonly clerk: string }, cards: readonly BookCard[]): void;
  putCard(card: BookCard): void;
  /** Drops accounts, cards and clerks: another epoch is told its own. */
  forgetPeople(): void;

  /** What the hub made of a record; null while it has not said. */
  verdict(ep: number, seq: number): Verdict | null;
  putVerdict(ep: number, seq: number, verdict: Verdict): void;
  /** Seqs of an epoch that the hub holds, after `seq`. */
  quarantined(ep: number, seq: number): readonly number[];

  fact(name: string): string | null;
  setFact(name: string, value: string | null): void;

  pinTries(token: string): number;
  setPinTries(token: string, tries: number): void;

  texts(limit: number): readonly TextBeside[];
  addText(text: TextBeside): void;
  dropTexts(hashes: readonly string[]): void;
  pins(limit: number): readonly PinSet[];
  addPin(pin: PinSet): void;
  dropPins(ids: readonly string[]): void;
}

export interface EpochRow {
  readonly tid: string;
  readonly ep: number;
  readonly enrolmentJws: string;
  readonly enrolmentHash: string;
  readonly hubKid: string;
  readonly hubKey: Uint8Array;
  readonly pepper: Uint8Array;
}

export interface JournalRecord {
  readonly ep: number;
  readonly seq: number;
  readonly jws: string;
  readonly hash: string;
  readonly payload: Payload;
}

export interface AllowanceRow extends Allowance {
  readonly acct: string;
  /** Past it the terminal stops selling on it, ms; a rule for the terminal alone. */
  readonly notAfter: number;
  /** The last grant as the hub signed it: evidence, should the hub lose its memory. */
  readonly grantJws: string | null;
}

export interface BookAccount {
  readonly acct: string;
  readonly name: string;
  readonly initials: string;
  readonly elsewhere: number;
  readonly language: Language | null;
  readonly visitor: boolean;
  readonly used: RosterEntry['used'] | null;
}
/** The beginning of somebody's initials, in any case; or the last four of any card of theirs. */
export type PeopleQuery = { readonly initials: string } | { readonly last4: string };
export interface BookCard {
  readonly token: string;
  readonly acct: string | null;
  readonly clerk: string | null;
  readonly last4: string;
  readonly state: string;
  readonly pinSalt: string | null;
  readonly pinVerifier: string | null;
}
export interface Verdict {
  readonly stage: string;
  readonly code: string | null;
}
