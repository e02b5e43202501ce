import type { Language, Said } from './said.ts';

/** The side ways from a resident's balance: their statement, what is held about them, a correction. */

/** What a correction is about; the code of its `case` record. */
export const CASE_CODES = ['goods-missing', 'goods-damaged', 'points-missing', 'card-misused', 'other'] as const;
export type CaseCode = (typeof CASE_CODES)[number];

/** How the paper that was asked for fares; before it is asked for, why it cannot be. */
export type AsidePaper = 'no-paper' | 'no-printer' | 'printing' | 'printed' | 'unknown' | 'expired';

export interface PastRedemption {
  readonly number: string;
  readonly day: string;
  /** Local time of day, `HH:MM`. */
  readonly time: string;
  readonly pts: number;
  /** A clerk has undone it: the points are back. */
  readonly undone: boolean;
  /** What was taken, the first of it by picture; no picture where it is on no shelf any more. */
  readonly first: { readonly name: Said; readonly qty: number; readonly image: string | null };
  /** Further kinds of goods. */
  readonly more: number;
}

interface Paged {
  readonly page: number;
  readonly pages: number;
}
interface Printable {
  readonly canPrint: boolean;
  readonly paper?: AsidePaper;
}

export interface StatementView extends Paged, Printable {
  readonly elsewherePts: number;
  /** Of this page, newest first. */
  readonly redemptions: readonly PastRedemption[];
}

export interface MyDataView extends Paged, Printable {
  readonly initials: string;
  readonly hasPin: boolean;
  readonly visitor: boolean;
  /** The language that is remembered for the account; null where none was chosen. */
  readonly remembered: Language | null;
  readonly elsewherePts: number;
  /** How many of each stand in this kiosk's journal. */
  readonly redemptions: number;
  readonly cases: number;
  readonly claims: number;
  /** What limits count of this account at other kiosks; its items are those of this page, the first page has none. */
  readonly used: {
    readonly day: string;
    readonly pts: number;
    readonly items: readonly { readonly name: Said; readonly qty: number }[];
  } | null;
}

export type CaseView =
  | { readonly step: 'what' }
  | ({ readonly step: 'which'; readonly code: CaseCode; readonly redemptions: readonly PastRedemption[] } & Paged)
  | { readonly step: 'sure'; readonly code: CaseCode; readonly redemption: PastRedemption | null }
  /** `again`: the same was filed today already; this is its number. */
  | ({
      readonly step: 'filed';
      readonly code: CaseCode;
      readonly number: string;
      readonly again: boolean;
    } & Printable);

export type AsideAct =
  | { readonly type: 'statement' }
  | { readonly type: 'mydata' }
  | { readonly type: 'case' }
  | { readonly type: 'print' }
  | { readonly type: 'case-about'; readonly code: CaseCode }
  /** A redemption's record number; null: none of them. */
  | { readonly type: 'case-ref'; readonly number: string | null }
  /** What stood beside the button; where the session asks about something else, nothing is filed. */
  | { readonly type: 'case-file'; readonly code: CaseCode; readonly ref: string | null };
