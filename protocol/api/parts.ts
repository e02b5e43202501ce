import type { Said } from './said.ts';

/** Small parts that several views of the kiosk are made of. */

export interface LineView {
  readonly sku: string;
  readonly name: Said;
  readonly unit: Said;
  readonly image: string;
  readonly qty: number;
  /** Points of one unit. */
  readonly pts: number;
}

/** One print the clerk may have to ask about. */
export interface PrintView {
  readonly seq: number;
  readonly number: string;
  /** Local time of day, `HH:MM`. */
  readonly time: string;
  readonly day: string;
  readonly name: string;
  readonly pts: number;
  readonly state: 'queued' | 'sending' | 'sent' | 'confirmed' | 'unknown' | 'expired';
  readonly copies: number;
}
