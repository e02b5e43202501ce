import type { LineView, PrintView } from './parts.ts';

/** What the page and the agent say to each other at the clerk's counter: tasks, look-up, a redemption undone, a slip by its number. */

export const COUNTER_SCREENS = [
  'clerk-home',
  'clerk-find',
  'clerk-found',
  'clerk-void',
  'clerk-void-one',
  'clerk-slip',
] as const;

/** What a clerk can begin at `clerk-home`; its tile is in the page's list of tasks. */
export const CLERK_TASKS = ['prints', 'card', 'find', 'void'] as const;
export type ClerkTask = (typeof CLERK_TASKS)[number];

/** Why a redemption is undone; it stands in the void's record. */
export const VOID_REASONS = ['wrong-item', 'wrong-person', 'no-goods', 'other'] as const;
export type VoidReason = (typeof VOID_REASONS)[number];

/** Remarks of the counter, beside those of the whole kiosk. */
export type CounterRemark =
  | 'voided'
  | 'void-closed'
  | 'void-twice'
  | 'void-nothing'
  | 'void-own'
  | 'void-stopped'
  | 'help-visitor';

/** One resident that was looked for: no full name, no ID number. */
export interface FoundView {
  readonly acct: string;
  /** Masked. */
  readonly name: string;
  readonly initials: string;
  /** Of the card that will be used; empty where there is none. */
  readonly last4: string;
}

export interface FindView {
  readonly by: FindBy;
  /** What was typed. */
  readonly keys: string;
  /** How many there are; at most `FOUND_MAX`, then `more` is true. */
  readonly count: number;
  readonly more: boolean;
  /** At most six; on `clerk-found` alone. */
  readonly people: readonly FoundView[];
  readonly page: number;
  readonly pages: number;
}
/** Pinyin initials, or the last four of a card. */
export type FindBy = 'initials' | 'last4';

/** A redemption since the last close that still stands. */
export interface VoidableView {
  readonly seq: number;
  readonly number: string;
  /** Local time of day, `HH:MM`. */
  readonly time: string;
  readonly name: string;
  readonly pts: number;
  /** Of the clerk's own account: another clerk must undo it. */
  readonly own: boolean;
}

export interface CounterView {
  /** On `clerk-home`: prints nobody knows the end of, and no copy was made of. */
  readonly unsurePrints?: number;
  readonly find?: FindView;
  /** At most six a page, newest first. */
  readonly voidable?: { readonly rows: readonly VoidableView[]; readonly page: number; readonly pages: number };
  readonly undoing?: {
    readonly row: VoidableView;
    readonly lines: readonly LineView[];
    readonly reason: VoidReason | null;
  };
  /** On `clerk-slip`: the number as it is typed, and the slip that has it. */
  readonly slip?: { readonly keys: string; readonly print: PrintView | null };
}

/** On every screen of a session that a clerk holds for somebody. Both names as the roster has them. */
export interface HelperView {
  readonly clerk: string;
  readonly resident: string;
}

export type CounterAct =
  | { readonly type: 'clerk-task'; readonly task: ClerkTask }
  /** One of `a` to `z`, or of `0` to `9`. */
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'key-erase' }
  /** Letters or digits; what was typed goes. */
  | { readonly type: 'find-by'; readonly by: FindBy }
  | { readonly type: 'find-show' }
  | { readonly type: 'find-pick'; readonly acct: string }
  | { readonly type: 'help-begin' }
  | { readonly type: 'slip' }
  | { readonly type: 'void-pick'; readonly seq: number }
  | { readonly type: 'void-reason'; readonly reason: VoidReason }
  /** Names the redemption that was seen beside the button; another one is not undone. */
  | { readonly type: 'void-confirm'; readonly seq: number };
