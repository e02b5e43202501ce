import type { Role } from '../../protocol/api/console.ts';

/** Rows of the county: its places, people, cards, goods, credits and requests. See tables.ts. */

export interface CountyRow {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
  readonly timeZone: string;
  /** The hub's incarnation: a new random one after every restore. */
  readonly inc: string;
  /** One number for all that goes down to terminals; it only grows within one incarnation. */
  readonly downlinkVersion: number;
  readonly policyJson: string;
  readonly policyVersion: number;
  readonly catalogueJws: string | null;
  readonly catalogueVersion: number;
  readonly hotlistVersion: number;
  /** 1 from a restore until every live epoch has reported and two people ended it: nothing is granted or expired. */
  readonly restoring: number;
}

export interface VillageRow {
  readonly village: string;
  readonly name: string;
  readonly nameEn: string;
  readonly pepperVersion: number;
  readonly pepperSealed: Uint8Array;
}

export interface ShopRow {
  readonly shop: string;
  readonly village: string;
  readonly name: string;
  readonly nameEn: string;
  readonly phone: string;
}

export interface TerminalRow {
  readonly tid: string;
  readonly shop: string;
  readonly lastSyncAt: number | null;
  readonly healthJson: string | null;
}

/** A text typed at a kiosk; its record holds only the salted hash. */
export interface TextRow {
  readonly hash: string;
  readonly tid: string;
  readonly salt: string;
  /** Null once it was erased. */
  readonly text: string | null;
}

export interface ResidentRow {
  readonly acct: string;
  readonly village: string;
  readonly name: string;
  readonly initials: string;
  readonly rosterVersion: number;
  /** What a kiosk remembers for the card: language, text size. */
  readonly preferencesJson: string | null;
  /** Set when the account left the programme or was merged into another. */
  readonly leftAt: number | null;
}

export interface ClerkRow {
  readonly clerk: string;
  readonly village: string;
  readonly name: string;
  readonly rosterVersion: number;
  /** The clerk's own account as a resident, where the county knows it. */
  readonly acct: string | null;
}

/** A card of an account or of a clerk. Blocked and replaced ones stay, as their history. */
export interface CardRow {
  readonly card: number;
  readonly kind: string;
  /** HMAC of the UID under the hub's seal key: finds a card again, tells nothing without the key. */
  readonly uidIndex: Uint8Array;
  readonly uidSealed: Uint8Array;
  readonly last4: string;
  readonly acct: string | null;
  readonly clerk: string | null;
  readonly state: 'good' | 'blocked';
  readonly pinSalt: string | null;
  readonly pinSealed: Uint8Array | null;
  /** When an operator last unlocked its PIN; each kiosk takes it once. */
  readonly unlockedAt: number | null;
}

export interface ItemRow {
  readonly sku: string;
  readonly rev: number;
  readonly pts: number;
  readonly name: string;
  /** Null where a hub restored from an older backup learned of the revision from a kiosk. */
  readonly reimburseFen: number | null;
  readonly fromAt: number;
}

export interface ExceptionRow {
  /** `<kind>:<subject>`: the same trouble is one exception, however often it is seen. */
  readonly exception: string;
  readonly kind: string;
  readonly subject: string;
  readonly tid: string | null;
  readonly openedAt: number;
  readonly dueAt: number;
  readonly owner: string | null;
  readonly closedAt: number | null;
  /** `itself`, or who closed it. */
  readonly closedBy: string | null;
  readonly detailJson: string;
}

/** A credit: points with activity, reason, maker, checker. It waits out the objection period in `pending`. */
export interface CreditRow {
  readonly credit: string;
  readonly acct: string;
  readonly activity: string;
  readonly reason: string;
  readonly pts: number;
  readonly at: number;
  readonly madeBy: string;
  readonly approvedBy: string | null;
  readonly approvedAt: number | null;
  /** When the objection period ends. */
  readonly postsAt: number | null;
  readonly state: 'made' | 'pending' | 'posted' | 'withdrawn' | 'refused' | 'reversed' | 'reversing';
  /** Entered again after a hub restore: it repays the account's loan first. */
  readonly again: number;
}

/** What is left of a posted credit’s claim to points, for expiry: oldest first. */
export interface LotRow {
  readonly lot: string;
  readonly acct: string;
  readonly pts: number;
  /** How much of it has expired. */
  readonly expired: number;
  /** Null: never. */
  readonly expiresAt: number | null;
}

export interface LoanRow {
  readonly acct: string;
  readonly owed: number;
}

export interface StockRow {
  readonly tid: string;
  readonly ep: number;
  readonly seq: number;
  readonly shop: string;
  readonly kind: string;
  readonly sku: string;
  readonly qty: number;
  readonly at: number;
}

/** A claim for points or a case for a correction, filed at a kiosk. */
export interface RequestRow {
  readonly number: string;
  readonly kind: 'claim' | 'case';
  readonly tid: string;
  readonly acct: string;
  readonly code: string;
  readonly units: number;
  readonly ref: string | null;
  readonly at: number;
  readonly dueAt: number;
  readonly state: 'open' | 'granted' | 'refused';
  readonly answer: string | null;
}

export interface OperatorRow {
  readonly user: string;
  readonly name: string;
  readonly role: Role;
  readonly passwordSalt: string;
  readonly passwordHash: string;
  /** Null where the person has no second factor. */
  readonly totpSealed: Uint8Array | null;
  readonly totpLastStep: number;
}
/** A signed-in browser; dropped when it signs out or expires. */
export interface SessionRow {
  readonly tokenHash: Uint8Array;
  readonly user: string;
  readonly expiresAt: number;
}

/** What takes two people: made by one, decided by another. The store refuses an approval by its maker. */
export interface ProposalRow {
  readonly act: string;
  readonly kind: string;
  readonly subject: string;
  readonly detailJson: string;
  readonly maker: string;
  readonly madeAt: number;
  readonly checker: string | null;
  readonly decidedAt: number | null;
  readonly state: 'proposed' | 'approved' | 'refused' | 'withdrawn';
}
