import { invariant } from './assert.ts';

declare const POINTS: unique symbol;
/** Whole points, 0 to 2^53 - 1. Nothing in the ledger is ever a fraction or negative. */
export type Points = number & { readonly [POINTS]: true };

export function points(value: number): Points {
  invariant(Number.isSafeInteger(value) && value >= 0, `${value} is not a whole number of points`);
  return value as Points;
}
