/** What the hub's console page and the hub say to each other: JSON over `/api/console/…`, a cookie session, same origin. */

export type Role = 'operator' | 'reviewer' | 'auditor' | 'admin';

/** `POST /api/console/session` */
export interface SignInBody {
  readonly user: string;
  readonly password: string;
  /** One-time code (RFC 6238), for people who have a second factor. */
  readonly code?: string;
}
export interface Me {
  readonly user: string;
  readonly name: string;
  readonly role: Role;
  readonly county: { readonly id: string; readonly name: string; readonly nameEn: string };
}

/** Every refusal of the API. */
export interface Refusal {
  /** Kebab-case, stable. */
  readonly code: string;
  /** What happened, in a sentence. */
  readonly error: string;
  readonly whatToDo: string;
}

export type TerminalState = 'awaiting-device' | 'awaiting-confirmation' | 'open' | 'frozen' | 'ended' | 'revoked';

export interface TerminalRow {
  readonly tid: string;
  readonly ep: number;
  readonly shop: string;
  readonly shopName: string;
  readonly villageName: string;
  readonly state: TerminalState;
  /** Shown on the kiosk's screen as well; a second person compares the two and confirms. */
  readonly fingerprint: string | null;
  /** Who issued the code: may not confirm it. */
  readonly issuedBy: string | null;
  readonly lastSyncAt: number | null;
  readonly storedSeq: number;
  readonly judgedSeq: number;
  /** Sum of open allowances: the most this terminal could spend on its own now. */
  readonly openPts: number;
  /**
   * What the kiosk said of itself at its last sync; its clock as `clockOffMs` (ahead of the hub's), or `onStickMs`: how old
   * the bundle was, by the kiosk's clock, when it was brought.
   */
  readonly health: Readonly<Record<string, string | number | boolean>> | null;
}
/** `POST /api/console/terminals` */
export interface CreateTerminalBody {
  readonly tid: string;
  readonly shop: string;
  /** The next epoch of a known terminal: restored, replaced, or moved to another shop. */
  readonly next?: boolean;
}
/** The answer: the code is shown once. */
export interface IssuedCode {
  readonly tid: string;
  readonly code: string;
  readonly expiresAt: number;
}

export type Stage = 'received' | 'gap' | 'matched' | 'quarantined' | 'closed' | 'settled' | 'junk';

export interface RecordRow {
  readonly number: string | null;
  readonly tid: string;
  readonly ep: number;
  readonly seq: number | null;
  readonly hash: string;
  readonly type: string;
  readonly at: number | null;
  readonly receivedAt: number;
  readonly acct: string | null;
  readonly residentName: string | null;
  readonly pts: number | null;
  readonly stage: Stage;
  readonly flags: readonly string[];
}
/** A page of a list: `next` goes back as `?cursor=`. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

export interface TransferRow {
  readonly id: string;
  readonly at: number;
  readonly debit: string;
  readonly credit: string;
  readonly amount: number;
  readonly kind: string;
  readonly ref: string;
}
/** One line of evidence: what was checked, how it came out, in words. */
export interface Check {
  readonly name: 'signature' | 'chain' | 'counters' | 'price' | 'allowance' | 'transfers';
  readonly ok: boolean;
  readonly says: string;
}
/** `GET /api/console/records/{number}`; of a fork, each branch is an element of `rows`. */
export interface RecordEvidence {
  readonly row: RecordRow;
  readonly jws: string;
  readonly header: unknown;
  readonly payload: unknown;
  readonly checkCode: string;
  readonly checks: readonly Check[];
  readonly code: string | null;
  /** The reason of a quarantine or a wait, in a plain sentence. */
  readonly says: string | null;
  readonly previous: string | null;
  readonly following: string | null;
  readonly allowance: { readonly before: AllowanceView; readonly after: AllowanceView } | null;
  readonly transfers: readonly TransferRow[];
  /** The receipt's lines with the catalogue's names. */
  readonly lines: readonly {
    readonly sku: string;
    readonly name: string;
    readonly qty: number;
    readonly pts: number;
  }[];
}
export interface AllowanceView {
  readonly G: number;
  readonly S: number;
  readonly V: number;
  readonly R: number;
  readonly spendable: number;
}

/** `GET /api/console/balances` */
export interface BalanceRow {
  readonly acct: string;
  readonly name: string;
  readonly village: string;
  readonly last4: readonly string[];
  readonly blocked: boolean;
  /** Free at the hub. */
  readonly accountPts: number;
  readonly pendingPts: number;
  /** Leased to terminals. */
  readonly allowancePts: number;
  readonly suspensePts: number;
}
/** `GET /api/console/home` */
export interface HomeView {
  readonly asOf: number;
  readonly issuedPts: number;
  readonly redeemedPts: number;
  readonly leasedPts: number;
  readonly freePts: number;
  /** Sum over all ledger accounts; anything but 0 is a fault of ours. */
  readonly ledgerSumPts: number;
  readonly terminals: Readonly<Record<TerminalState, number>>;
  readonly records: Readonly<Record<Stage, number>>;
}
