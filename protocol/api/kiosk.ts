import type { AsideAct, CaseView, MyDataView, StatementView } from './aside.ts';
import { COUNTER_SCREENS, type CounterAct, type CounterRemark, type CounterView, type HelperView } from './counter.ts';
import type { LineView, PrintView } from './parts.ts';
import type { Language, Said } from './said.ts';

export type { Language, LineView, PrintView, Said };

/**
 * What the kiosk's page and its agent say to each other.
 *
 * The page keeps no truth: the agent holds the session and sends the whole view after each change, so that a reload, a
 * second tab or a crashed browser shows the same screen again. The page sends acts; an act names the session and is
 * refused when that session is over, so a replayed or late touch charges nothing.
 */

export const SCREENS = [
  'attract',
  'visit',
  'balance',
  'choose',
  'quantity',
  'confirm',
  'pin',
  'done',
  'error',
  'statement',
  'mydata',
  'case',
  'help',
  'closed',
  'clerk-pin',
  'clerk-prints',
  'clerk-card',
  'clerk-new-pin',
  'clerk-date',
  ...COUNTER_SCREENS,
] as const;
export type Screen = (typeof SCREENS)[number];

/** Why an item on the shelf cannot be had; said in words on the item. */
export type ItemRefusal = 'too-dear' | 'sold-out' | 'too-dear-here';

export interface ItemView {
  readonly sku: string;
  readonly name: Said;
  readonly unit: Said;
  readonly pts: number;
  /** Address of the picture, same origin. */
  readonly image: string;
  /** How many of it are in the basket. */
  readonly inBasket: number;
  readonly refusal?: ItemRefusal;
  /** With `too-dear`: how many points are missing. */
  readonly missingPts?: number;
}

export interface CategoryView {
  readonly id: string;
  readonly name: Said;
}

export interface PersonView {
  /** Masked: 张*芳. */
  readonly name: string;
  readonly last4: string;
  /** All points of the account, as far as this kiosk knows. */
  readonly pts: number;
  /** Points that can be spent at this kiosk now; at most `pts`. */
  readonly spendablePts: number;
}

/** How the receipt of the redemption just made is coming out. */
export type PaperState = 'waiting' | 'printing' | 'printed' | 'unknown' | 'no-printer' | 'no-paper';

export interface DoneView {
  /** Record number `<tid>.<ep>.<seq>`. */
  readonly number: string;
  /** Check code, 3 groups of 4. */
  readonly checkCode: string;
  readonly lines: readonly LineView[];
  readonly beforePts: number;
  readonly usedPts: number;
  readonly afterPts: number;
  readonly paper: PaperState;
}

/** Each has two short sentences in both languages on the page: what happened, and what to do. */
export const ERROR_CODES = [
  'unknown-card',
  'visitor-offline',
  'visit-late',
  'card-blocked',
  'card-torn',
  'card-mute',
  'card-unsupported',
  'card-wrong-key',
  'card-old-key',
  'card-unknown-key',
  'card-bad-mac',
  'two-cards',
  'random-uid',
  'zero-uid',
  'doubled-uid',
  'not-enough-points',
  'item-gone',
  'price-changed',
  'allowance-expired',
  'limit-reached',
  'pin-wrong',
  'pin-locked',
  'pin-missing',
  'disk-low',
  'commit-failed',
  'timed-out',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** A remark that does not stop the session: shown for a few seconds, then gone. */
export type RemarkCode =
  | 'other-card'
  | 'two-cards'
  | 'doubled-uid'
  | 'card-torn'
  | 'busy'
  | 'pin-wrong'
  | 'print-sent'
  | 'unknown-card'
  | 'card-blocked'
  | 'own-card'
  | 'pin-weak'
  | 'pin-differs'
  | 'pin-set'
  | 'pin-unlocked'
  | 'not-kept'
  | 'date-refused'
  | 'no-clerk-card'
  | 'scan-tap-first'
  | 'scan-unknown'
  | 'scan-too-dear'
  | 'cases-used-up'
  | CounterRemark;

/** What the balance says of a visit: why there is less than was hoped for, or that more is on its way. */
export type VisitNote = 'more-later' | 'recalling' | 'nothing-free' | 'visits-used-up' | 'not-now' | 'late' | 'offline';
/** How a clerk knew whose card it is. */
export const UNLOCK_REASONS = ['knows-person', 'saw-papers'] as const;
export type UnlockReason = (typeof UNLOCK_REASONS)[number];

/** Why the kiosk cannot sell; the `closed` screen says it in words. */
export type ClosedCode =
  | 'starting'
  | 'not-enrolled'
  | 'waiting-for-confirmation'
  | 'no-roster'
  | 'reader-absent'
  | 'rolled-back'
  | 'needs-new-epoch'
  | 'fence-missing'
  | 'frozen'
  | 'ended'
  | 'revoked'
  | 'clock-unsure'
  | 'journal-damaged'
  | 'disk-low';

export type NoticeCode =
  | 'paper-out'
  | 'paper-near-end'
  | 'printer-absent'
  /** Its cover, its knife, or what only a repair ends. */
  | 'printer-fault'
  /** It prints, but never says whether it did, or how its paper is. */
  | 'printer-degraded'
  | 'reader-absent';

/** How loud the speech is: three steps. */
export const VOLUMES = [1, 2, 3] as const;
export type Volume = (typeof VOLUMES)[number];
/** How the person before the kiosk wants the screens. All but the volume is remembered for the card. */
export interface Comfort {
  readonly large: boolean;
  /** Each screen is read out by itself. */
  readonly aloud: boolean;
  readonly volume: Volume;
}

export interface KioskView {
  /** Grows with every change. */
  readonly rev: number;
  /** The session an act must name; null on screens that belong to nobody. */
  readonly session: string | null;
  readonly screen: Screen;
  readonly language: Language;
  readonly place: { readonly village: Said; readonly shop: Said };
  /** CSS pixels of one millimetre on this panel; sizes are given in millimetres. */
  readonly mmPx: number;
  readonly offline: boolean;
  readonly notices: readonly NoticeCode[];
  readonly person?: PersonView;
  readonly shelf?: {
    readonly categories: readonly CategoryView[];
    readonly category: string;
    /** At most six. */
    readonly items: readonly ItemView[];
    readonly page: number;
    readonly pages: number;
  };
  readonly basket?: { readonly lines: readonly LineView[]; readonly pts: number; readonly afterPts: number };
  readonly quantity?: {
    readonly item: ItemView;
    readonly qty: number;
    readonly canAdd: boolean;
    readonly canTake: boolean;
  };
  /** On the balance of a visitor. */
  readonly visit?: VisitNote;
  /** On the visit screen: the hub is asked, or points are asked back from home. */
  readonly asking?: 'hub' | 'home';
  /** The date a clerk is asked to confirm, as the machine shows it or as it was put right; and the last day known here. */
  readonly date?: {
    readonly day: string;
    readonly time: string;
    readonly lastDay: string;
    readonly lastShown: boolean;
  };
  /** The resident's card that a clerk serves. */
  readonly served?: {
    readonly name: string;
    readonly last4: string;
    readonly hasPin: boolean;
    readonly triesLeft: number;
    /** The new PIN was typed once, and is asked for again. */
    readonly again: boolean;
    /** The card lies here; without it no PIN is set or unlocked. */
    readonly present: boolean;
  };
  readonly pin?: { readonly entered: number; readonly length: number; readonly triesLeft: number };
  readonly statement?: StatementView;
  readonly mydata?: MyDataView;
  readonly case?: CaseView;
  readonly committing?: true;
  readonly done?: DoneView;
  readonly error?: { readonly code: ErrorCode; readonly missingPts?: number };
  readonly remark?: { readonly id: number; readonly code: RemarkCode };
  readonly closed?: { readonly code: ClosedCode; readonly fingerprint?: string };
  /** Present while the idle warning shows. */
  readonly idle?: { readonly secondsLeft: number };
  readonly clerk?: { readonly name: string; readonly prints: readonly PrintView[] };
  /** Absent where no card can have brought any: before enrolment. */
  readonly preferences?: Comfort;
  readonly counter?: CounterView;
  readonly helper?: HelperView;
  /** Counts beeps, so that the page plays each once; shape and sound differ. */
  readonly beep?: { readonly id: number; readonly kind: 'success' | 'failure' };
}

/** What a touch says. All are posted to `POST /api/act` as `{session, act}`; see `ActBody` in the agent's routes. */
export type Act =
  | AsideAct
  | { readonly type: 'choose' }
  | { readonly type: 'category'; readonly id: string }
  | { readonly type: 'page-next' }
  | { readonly type: 'page-back' }
  | { readonly type: 'item'; readonly sku: string }
  | { readonly type: 'qty-plus' }
  | { readonly type: 'qty-minus' }
  | { readonly type: 'add-more' }
  | { readonly type: 'basket' }
  /** `pts`: the sum that stood beside the button; where it is another one by now, nothing is charged. The page sends it always. */
  | { readonly type: 'confirm'; readonly pts?: number }
  | { readonly type: 'pin-digit'; readonly digit: number }
  | { readonly type: 'pin-erase' }
  | { readonly type: 'pin-ok' }
  | { readonly type: 'back' }
  | { readonly type: 'cancel' }
  | { readonly type: 'finish' }
  | { readonly type: 'still-here' }
  | { readonly type: 'language'; readonly language: Language }
  | { readonly type: 'large-text'; readonly on: boolean }
  | { readonly type: 'read-aloud'; readonly on: boolean }
  | { readonly type: 'volume'; readonly step: Volume }
  | { readonly type: 'help' }
  | { readonly type: 'clerk' }
  | { readonly type: 'set-pin' }
  | { readonly type: 'unlock'; readonly reason: UnlockReason }
  | { readonly type: 'date-earlier' }
  | { readonly type: 'date-later' }
  | { readonly type: 'date-last' }
  | { readonly type: 'date-confirm' }
  | { readonly type: 'reprint'; readonly seq: number }
  | CounterAct;
