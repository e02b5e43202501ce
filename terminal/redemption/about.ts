import type { CaseCode } from '../../protocol/api/aside.ts';
import type { Language } from '../../protocol/api/kiosk.ts';

/** What a resident may look at beside the goods, as it was when they asked for it; gone with the session. */

export interface About {
  readonly initials: string;
  readonly language: Language | null;
  readonly visitor: boolean;
  readonly hasPin: boolean;
  readonly used: {
    readonly day: string;
    readonly pts: number;
    readonly items: readonly { readonly sku: string; readonly qty: number }[];
  } | null;
  /** In this kiosk's journal, newest first. */
  readonly redemptions: readonly PastSale[];
  readonly cases: readonly FiledCase[];
  readonly claims: number;
  /** The business day on which it was looked up. */
  readonly day: string;
}
export interface PastSale {
  readonly number: string;
  readonly at: number;
  readonly pts: number;
  readonly undone: boolean;
  readonly lines: readonly { readonly sku: string; readonly qty: number }[];
}
interface FiledCase {
  readonly number: string;
  readonly code: string;
  readonly ref: string | null;
  readonly day: string;
}

/** How far a correction has come: what is wrong, with which redemption, whether that is meant, and its number. */
export type Report =
  | { readonly step: 'what' }
  | { readonly step: 'which'; readonly code: CaseCode }
  | { readonly step: 'sure'; readonly code: CaseCode; readonly sale: PastSale | null }
  | { readonly step: 'filed'; readonly code: CaseCode; readonly number: string; readonly again: boolean };

export interface Aside {
  readonly about: About;
  readonly page: number;
  readonly paper: 'none' | 'printing' | 'printed' | 'unknown' | 'expired';
  readonly report: Report;
}

/** Whoever asked for it stands there until it is out. */
export const isPrinting = ({ aside }: { readonly aside: Aside | null }): boolean => aside?.paper === 'printing';

/** Another paper may be asked for, once the one before is out. */
export const freshPaper = (paper: Aside['paper'] | undefined): Aside['paper'] =>
  paper === 'printing' ? 'printing' : 'none';
