import type { CaseCode } from '../../protocol/api/aside.ts';
import type { VoidReason } from '../../protocol/api/counter.ts';
import type {
  DoneView,
  ErrorCode,
  Language,
  NoticeCode,
  PaperState,
  RemarkCode,
  UnlockReason,
  VisitNote,
} from '../../protocol/api/kiosk.ts';
import type { CatalogueItem } from '../../protocol/documents/kinds.ts';
import type { About, Aside } from './about.ts';
import type { Desk } from './desk.ts';

/** The kiosk's session: who stands before it, what they chose, how far they are. The agent holds it; pages only show it. */

export interface Person {
  readonly acct: string;
  readonly token: string;
  readonly name: string;
  readonly last4: string;
  /** Points this kiosk may spend now. */
  readonly spendablePts: number;
  /** Points that are at the hub, beyond this kiosk's allowance. */
  readonly elsewherePts: number;
  readonly hasPin: boolean;
}
/** sku to quantity; never 0. */
export type Basket = Readonly<Record<string, number>>;

export type ResidentScreen = 'balance' | 'choose' | 'quantity' | 'confirm' | 'pin' | 'help' | AsideScreen;
/** The side ways from the balance. */
export type AsideScreen = 'statement' | 'mydata' | 'case';

interface Common {
  readonly language: Language;
  readonly remark: { readonly id: number; readonly code: RemarkCode; readonly untilMs: number } | null;
}
export interface Idle extends Common {
  readonly at: 'idle';
  /** Set while somebody without a card reads the help; ms when it began. */
  readonly helpFromMs: number | null;
}
export interface Resident extends Common {
  readonly at: 'resident';
  readonly session: string;
  readonly person: Person;
  readonly screen: ResidentScreen;
  /** Where `back` leads from help. */
  readonly helpFrom: ResidentScreen;
  readonly basket: Basket;
  readonly category: string;
  readonly page: number;
  /** The item on the quantity screen. */
  readonly sku: string;
  /** The sum that was confirmed; no other one is ever charged. Null before. */
  readonly agreedPts: number | null;
  readonly pin: string;
  readonly pinTriesLeft: number;
  /** While the agent commits or checks: nothing else is taken, and no timer runs. */
  readonly waitsFor: 'nothing' | 'pin' | 'commit';
  readonly idleFromMs: number;
  /** What the balance has to say of a visit; null for who is at home. */
  readonly visit: VisitNote | null;
  /** What was looked up for the side ways; null before any was taken. */
  readonly aside: Aside | null;
  /** The clerk who holds this session for the person; null where they stand here with their card. */
  readonly helper: Helper | null;
}
/** Where the session leads back to when the person has been helped. */
export interface Helper {
  readonly clerk: ClerkPerson;
  readonly language: Language;
}
/** A card of no resident of this village: the hub is asked, or points are asked back from home. */
export interface Visit extends Common {
  readonly at: 'visit';
  readonly session: string;
  readonly token: string;
  /** Who it is, where this kiosk knows by now. */
  readonly known: Extract<Holder, { kind: 'resident' }> | null;
  readonly phase: 'asking' | 'recalling';
  readonly untilMs: number;
}
export interface Done extends Common {
  readonly at: 'done';
  readonly session: string;
  readonly person: Person;
  readonly done: DoneView;
  readonly seq: number;
  readonly untilMs: number;
  readonly helper: Helper | null;
}
export interface Failed extends Common {
  readonly at: 'error';
  readonly session: string | null;
  readonly code: ErrorCode;
  readonly missingPts: number;
  /** Where the person goes on; null: the session is over. */
  readonly back: Resident | null;
  readonly untilMs: number;
}
export interface Clerk extends Common {
  readonly at: 'clerk';
  readonly session: string;
  readonly clerk: ClerkPerson;
  readonly screen: 'pin' | 'prints' | 'card' | 'new-pin' | 'date' | DeskScreen;
  /** What is being typed; on `new-pin` by the resident. */
  readonly pin: string;
  readonly pinTriesLeft: number;
  readonly waitsFor: 'nothing' | 'pin' | 'card' | 'date' | 'void';
  readonly idleFromMs: number;
  /** The resident whom the clerk serves: their card lies here, or they were looked up. */
  readonly served: Served | null;
  /** The new PIN as it was typed first. */
  readonly newPin: string;
  readonly desk: Desk;
  /** Days the shown date was moved by; from the last day known here, or from what the machine shows. */
  readonly dateShift: { readonly days: number; readonly from: 'machine' | 'last' };
}
export type DeskScreen = 'home' | 'find' | 'found' | 'void' | 'void-one' | 'slip';
export interface ClerkPerson {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  /** The clerk's own account as a resident, where the county knows it. */
  readonly acct: string | null;
}
export interface Served {
  readonly token: string;
  readonly acct: string;
  readonly name: string;
  readonly last4: string;
  readonly hasPin: boolean;
  readonly triesLeft: number;
  /** The card lies here; else the person was looked up. */
  readonly present: boolean;
}
export type State = Idle | Visit | Resident | Done | Failed | Clerk;

/** What a card turned out to be. */
export type Holder =
  | {
      readonly kind: 'resident';
      readonly person: Person;
      readonly language: Language | null;
      readonly pinTriesLeft: number;
      /** Of another village: what may be spent here is the hub's to say, each time. */
      readonly visitor: boolean;
    }
  | {
      readonly kind: 'clerk';
      readonly clerk: ClerkPerson;
      readonly pinTriesLeft: number;
      readonly hasPin: boolean;
    }
  /** `token`: the card's under the village's newest pepper. */
  | { readonly kind: 'unknown'; readonly token: string }
  | { readonly kind: 'blocked' };

/** What a redeem asks the journal to commit. */
export interface RedeemDraft {
  readonly person: Person;
  readonly lines: readonly { readonly item: CatalogueItem; readonly qty: number }[];
  readonly pts: number;
  readonly pinChecked: boolean;
  /** Who helped; the record names them. */
  readonly clerk?: string;
}

export type Effect =
  | { readonly type: 'commit'; readonly session: string; readonly draft: RedeemDraft }
  | { readonly type: 'check-pin'; readonly session: string; readonly token: string; readonly pin: string }
  | { readonly type: 'ask-visit'; readonly session: string; readonly token: string }
  | { readonly type: 'drop-visit'; readonly session: string }
  | {
      readonly type: 'set-pin';
      readonly session: string;
      readonly clerk: string;
      readonly token: string;
      readonly pin: string;
    }
  | {
      readonly type: 'unlock-card';
      readonly session: string;
      readonly clerk: string;
      readonly token: string;
      readonly reason: UnlockReason;
    }
  | { readonly type: 'confirm-date'; readonly session: string; readonly clerk: string; readonly at: number }
  /** Who has this account, and by which card they can be helped. */
  | { readonly type: 'look-up'; readonly session: string; readonly acct: string; readonly last4: string | null }
  /** The clerk's trail notes it, then the person's session may begin. */
  | { readonly type: 'begin-help'; readonly session: string; readonly clerk: string; readonly token: string }
  | {
      readonly type: 'void';
      readonly session: string;
      readonly clerk: string;
      readonly ref: number;
      readonly reason: VoidReason;
    }
  | { readonly type: 'print-copy'; readonly session: string; readonly clerk: string; readonly seq: number }
  | {
      readonly type: 'print-paper';
      readonly session: string;
      readonly token: string;
      readonly paper: 'statement' | 'held' | { readonly caseNumber: string };
    }
  | {
      readonly type: 'file-case';
      readonly session: string;
      readonly acct: string;
      readonly code: CaseCode;
      readonly ref: string | null;
    }
  | { readonly type: 'beep'; readonly kind: 'success' | 'failure' };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export interface ClockFacts {
  /** False: the machine's clock is far ahead of all that is known, and nobody has said the date. */
  readonly sure: boolean;
  /** What the machine's clock says. */
  readonly wallAt: number;
  /** The latest time that is known. */
  readonly knownAt: number;
}

/** What the rules may look at: given by the caller with every event. */
export interface Environment {
  readonly nowMs: number;
  readonly items: readonly CatalogueItem[];
  readonly categories: readonly string[];
  readonly pinAbovePts: number;
  /** Whether the hub answers just now. */
  readonly offline: boolean;
  readonly clock: ClockFacts;
  /** Fewer items stand on a page then. Left out: no. */
  readonly largeText?: boolean;
  /** What is amiss with the devices. */
  readonly notices: readonly NoticeCode[];
  /** What this kiosk has of the owner of a card; null where the roster has no such card now. */
  readonly about: (token: string) => About | null;
  /** Whether that record is a redemption that can still be undone. */
  readonly canVoid: (seq: number) => boolean;
  /** A fresh unguessable session id. */
  readonly newSession: () => string;
}

export type Printed = { readonly seq: number; readonly paper: PaperState };

export const IDLE: Idle = { at: 'idle', language: 'zh-CN', remark: null, helpFromMs: null };
