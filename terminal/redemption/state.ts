import type { DoneView, ErrorCode, Language, PaperState, RemarkCode } from '../../protocol/api/kiosk.ts';
import type { CatalogueItem } from '../../protocol/documents/kinds.ts';

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

export type ResidentScreen = 'balance' | 'choose' | 'quantity' | 'confirm' | 'pin' | 'help';

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
  readonly pin: string;
  readonly pinTriesLeft: number;
  /** While the agent commits or checks: nothing else is taken, and no timer runs. */
  readonly waitsFor: 'nothing' | 'pin' | 'commit';
  readonly idleFromMs: number;
}
export interface Done extends Common {
  readonly at: 'done';
  readonly session: string;
  readonly person: Person;
  readonly done: DoneView;
  readonly seq: number;
  readonly untilMs: number;
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
  readonly clerk: { readonly id: string; readonly name: string; readonly token: string };
  readonly screen: 'pin' | 'prints';
  readonly pin: string;
  readonly pinTriesLeft: number;
  readonly waitsFor: 'nothing' | 'pin';
  readonly idleFromMs: number;
}
export type State = Idle | Resident | Done | Failed | Clerk;

/** What a card turned out to be. */
export type Holder =
  | {
      readonly kind: 'resident';
      readonly person: Person;
      readonly language: Language | null;
      readonly pinTriesLeft: number;
    }
  | {
      readonly kind: 'clerk';
      readonly clerk: { readonly id: string; readonly name: string; readonly token: string };
      readonly pinTriesLeft: number;
      readonly hasPin: boolean;
    }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'blocked' };

/** What a redeem asks the journal to commit. */
export interface RedeemDraft {
  readonly person: Person;
  readonly lines: readonly { readonly item: CatalogueItem; readonly qty: number }[];
  readonly pts: number;
  readonly pinChecked: boolean;
}

export type Effect =
  | { readonly type: 'commit'; readonly session: string; readonly draft: RedeemDraft }
  | { readonly type: 'check-pin'; readonly session: string; readonly token: string; readonly pin: string }
  | { readonly type: 'print-copy'; readonly session: string; readonly clerk: string; readonly seq: number }
  | { readonly type: 'beep'; readonly kind: 'success' | 'failure' };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** What the rules may look at: given by the caller with every event. */
export interface Environment {
  readonly nowMs: number;
  readonly items: readonly CatalogueItem[];
  readonly categories: readonly string[];
  readonly pinAbovePts: number;
  /** A fresh unguessable session id. */
  readonly newSession: () => string;
}

export type Printed = { readonly seq: number; readonly paper: PaperState };

export const IDLE: Idle = { at: 'idle', language: 'zh-CN', remark: null, helpFromMs: null };
