import type { ShelfRow } from './tables.ts';

/** What should lie on a shelf: restocked, less what was sold and went to waste, plus what was voided. Pure. */

export interface ShelfMove {
  readonly kind: 'restock' | 'waste' | 'count' | 'sold' | 'undone';
  readonly sku: string;
  readonly qty: number;
  /** The record's time, and its chain, `<tid>.<ep>`. */
  readonly at: number;
  readonly chain: string;
}
export type Shelf = Omit<ShelfRow, 'shop' | 'sku'>;

const EMPTY: Shelf = { qty: 0, countedAt: null, countedIn: null, difference: 0 };
const SIGN = { restock: 1, undone: 1, sold: -1, waste: -1 } as const;

/**
 * A count is the truth from then on; the first one begins the book, as nobody knows what lay there before. What another
 * kiosk of the shop did before the count, and is heard of only now, lay in the count already.
 */
export function moveShelf(before: Shelf | null, move: ShelfMove): Shelf {
  const shelf = before ?? EMPTY;
  if (move.kind === 'count') {
    const difference = shelf.countedAt === null ? 0 : move.qty - shelf.qty;
    return { qty: move.qty, countedAt: move.at, countedIn: move.chain, difference };
  }
  const counted = shelf.countedAt !== null && shelf.countedIn !== move.chain && move.at <= shelf.countedAt;
  return counted ? shelf : { ...shelf, qty: shelf.qty + SIGN[move.kind] * move.qty };
}
