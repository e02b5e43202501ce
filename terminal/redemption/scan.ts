import type { CatalogueItem } from '../../protocol/documents/kinds.ts';
import { MAX_QTY, refusalOf, withQty } from './basket.ts';
import type { Environment, Resident, State, Step } from './state.ts';
import { remarked, stay, told } from './steps.ts';

/** Goods held before the scanner: as good as a touch on the shelf. */

/** `code`: a barcode, or a sku as the shop prints its own; null where the scanner read something that is neither. */
export interface Scan {
  readonly type: 'scan';
  readonly code: string | null;
}

/** Where goods may be chosen; on `confirm` and later the sum has been read, and must not grow under a finger. */
const CHOOSING: readonly Resident['screen'][] = ['balance', 'choose', 'quantity'];

export function scanned(state: State, { code }: Scan, env: Environment): Step {
  if (state.at === 'idle') return told(state, 'scan-tap-first', env);
  if (state.at !== 'resident' || state.waitsFor !== 'nothing' || !CHOOSING.includes(state.screen)) return stay(state);
  const awake: Resident = { ...state, idleFromMs: env.nowMs };
  const item = env.items.find((each) => code !== null && isMeant(each, code));
  if (item === undefined) return remarked(awake, 'scan-unknown', env);
  const qty = awake.basket[item.sku] ?? 0;
  // Already there it shows all the same: that is what was asked, and how many there are.
  const shown: Resident = { ...awake, sku: item.sku, screen: qty > 0 ? 'quantity' : awake.screen };
  if (qty >= MAX_QTY) return stay(shown);
  if (refusalOf(item, awake.basket, env.items, awake.person) !== null) return remarked(shown, 'scan-too-dear', env);
  return {
    state: { ...shown, screen: 'quantity', basket: withQty(awake.basket, item.sku, qty + 1) },
    effects: [{ type: 'beep', kind: 'success' }],
  };
}

function isMeant({ sku, barcode }: CatalogueItem, code: string): boolean {
  return code === sku || (barcode !== undefined && /^[0-9]{8,14}$/.test(code) && gtin14(code) === gtin14(barcode));
}

/** Article numbers of 8, 12, 13 and 14 digits are one number with zeros before it (GS1 General Specifications, 3.3.2). */
function gtin14(digits: string): string {
  return digits.padStart(14, '0');
}
