import type { ItemRefusal } from '../../protocol/api/kiosk.ts';
import type { CatalogueItem } from '../../protocol/documents/kinds.ts';
import type { Basket, Person } from './state.ts';

/** The arithmetic of choosing: what the basket costs, what still can be had. */

export const MAX_QTY = 99;
export const ITEMS_A_PAGE = 6;
/** With large text. */
export const FEWER_A_PAGE = 4;

export function basketLines(basket: Basket, items: readonly CatalogueItem[]): { item: CatalogueItem; qty: number }[] {
  return items.flatMap((item) => {
    const qty = basket[item.sku] ?? 0;
    return qty > 0 ? [{ item, qty }] : [];
  });
}

export function basketPts(basket: Basket, items: readonly CatalogueItem[]): number {
  return basketLines(basket, items).reduce((sum, line) => sum + line.qty * line.item.pts, 0);
}

/** Why one more of `item` cannot be had; null when it can. Said before it is chosen, never after confirm. */
export function refusalOf(
  item: CatalogueItem,
  basket: Basket,
  items: readonly CatalogueItem[],
  person: Person,
): { readonly code: ItemRefusal; readonly missingPts: number } | null {
  const wanted = basketPts(basket, items) + item.pts;
  const all = person.spendablePts + person.elsewherePts;
  if (wanted > all) return { code: 'too-dear', missingPts: wanted - all };
  if (wanted > person.spendablePts) return { code: 'too-dear-here', missingPts: wanted - person.spendablePts };
  return null;
}

/** The basket with `qty` of `sku`; 0 takes it out. */
export function withQty(basket: Basket, sku: string, qty: number): Basket {
  const { [sku]: _, ...others } = basket;
  return qty > 0 ? { ...others, [sku]: Math.min(qty, MAX_QTY) } : others;
}

export function shelf(items: readonly CatalogueItem[], category: string, page: number, largeText = false) {
  const most = largeText ? FEWER_A_PAGE : ITEMS_A_PAGE;
  const shown = category === 'all' ? items : items.filter((item) => item.category === category);
  const pages = Math.max(1, Math.ceil(shown.length / most));
  const at = Math.min(Math.max(page, 0), pages - 1);
  return { items: shown.slice(at * most, (at + 1) * most), page: at, pages };
}
