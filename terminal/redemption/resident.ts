import type { Act } from '../../protocol/api/kiosk.ts';
import { PIN_LENGTH } from '../../protocol/cards/pin.ts';
import { asideAct } from './aside.ts';
import { basketLines, basketPts, refusalOf, shelf, withQty } from './basket.ts';
import { afterwards } from './counter.ts';
import type { Environment, Resident, Step } from './state.ts';
import { failed, remarked, stay } from './steps.ts';

/** A resident's touches, from the balance to the record. */
export function residentAct(state: Resident, act: Act, env: Environment): Step {
  if (state.waitsFor !== 'nothing') return stay(state); // the second touch of a double touch
  const aside = asideAct(state, act, env);
  if (aside !== null) return aside;
  switch (act.type) {
    case 'cancel':
      return stay(afterwards(state.helper, env));
    case 'help':
      return stay({ ...state, screen: 'help', helpFrom: state.screen });
    case 'back':
      return stay(wentBack(state));
    case 'confirm':
      return state.screen === 'confirm' ? confirmed(state, act.pts, env) : stay(state);
    case 'pin-digit':
    case 'pin-erase':
    case 'pin-ok':
      return state.screen === 'pin' ? pinAct(state, act) : stay(state);
    default:
      return stay(chosen(state, act, env));
  }
}

function wentBack(state: Resident): Resident {
  switch (state.screen) {
    case 'help':
      return { ...state, screen: state.helpFrom };
    case 'choose':
      return { ...state, screen: 'balance' };
    case 'pin':
      return { ...state, screen: 'confirm', pin: '' };
    case 'quantity':
    case 'confirm':
      return { ...state, screen: 'choose' };
    default:
      return state;
  }
}

/** Everything that only changes what is chosen. */
function chosen(state: Resident, act: Act, env: Environment): Resident {
  const { items } = env;
  const qty = state.basket[state.sku] ?? 0;
  switch (act.type) {
    case 'choose':
    case 'add-more':
      return { ...state, screen: 'choose' };
    case 'category':
      return act.id === 'all' || env.categories.includes(act.id) ? { ...state, category: act.id, page: 0 } : state;
    case 'page-next':
    case 'page-back': {
      const { page, pages } = shelf(items, state.category, state.page, env.largeText);
      return { ...state, page: (page + (act.type === 'page-next' ? 1 : pages - 1)) % pages };
    }
    case 'item':
      return took(state, act.sku, env);
    case 'qty-plus': {
      const item = items.find((each) => each.sku === state.sku);
      if (state.screen !== 'quantity' || !item || refusalOf(item, state.basket, items, state.person)) return state;
      return { ...state, basket: withQty(state.basket, state.sku, qty + 1) };
    }
    case 'qty-minus': {
      if (state.screen !== 'quantity' || qty === 0) return state;
      const basket = withQty(state.basket, state.sku, qty - 1);
      return { ...state, basket, screen: qty === 1 ? 'choose' : 'quantity' };
    }
    case 'basket':
      return Object.keys(state.basket).length > 0 ? { ...state, screen: 'confirm' } : state;
    default:
      return state;
  }
}

function took(state: Resident, sku: string, env: Environment): Resident {
  const item = env.items.find((each) => each.sku === sku);
  if (state.screen !== 'choose' || item === undefined) return state;
  // Touching what is in the basket already opens it; only the first touch adds one.
  if ((state.basket[sku] ?? 0) > 0) return { ...state, sku, screen: 'quantity' };
  if (refusalOf(item, state.basket, env.items, state.person)) return state;
  return { ...state, sku, screen: 'quantity', basket: withQty(state.basket, sku, 1) };
}

function confirmed(before: Resident, seenPts: number | undefined, env: Environment): Step {
  const pts = basketPts(before.basket, env.items);
  const state: Resident = { ...before, agreedPts: seenPts ?? pts };
  const { person } = state;
  if (pts === 0) return failed('item-gone', { ...state, screen: 'choose', basket: {} }, env);
  if (pts !== state.agreedPts) return changed(state, env);
  if (pts > person.spendablePts) {
    return failed('not-enough-points', { ...state, screen: 'choose' }, env, pts - person.spendablePts);
  }
  if (pts <= env.pinAbovePts) return commit(state, false, env);
  if (!person.hasPin) return failed('pin-missing', { ...state, screen: 'choose' }, env);
  if (state.pinTriesLeft === 0) return failed('pin-locked', { ...state, screen: 'choose' }, env);
  return stay({ ...state, screen: 'pin', pin: '' });
}

function pinAct(state: Resident, act: Extract<Act, { type: 'pin-digit' | 'pin-erase' | 'pin-ok' }>): Step {
  if (act.type === 'pin-erase') return stay({ ...state, pin: state.pin.slice(0, -1) });
  if (act.type === 'pin-digit') {
    return stay(state.pin.length < PIN_LENGTH ? { ...state, pin: `${state.pin}${act.digit}` } : state);
  }
  if (state.pin.length < PIN_LENGTH) return stay(state);
  const { session, person, pin } = state;
  return {
    state: { ...state, pin: '', waitsFor: 'pin' },
    effects: [{ type: 'check-pin', session, token: person.token, pin }],
  };
}

export function residentPinChecked(
  state: Resident,
  outcome: { readonly ok: boolean; readonly triesLeft: number },
  env: Environment,
): Step {
  if (state.waitsFor !== 'pin') return stay(state);
  const next: Resident = { ...state, waitsFor: 'nothing', pinTriesLeft: outcome.triesLeft, idleFromMs: env.nowMs };
  if (outcome.ok) return commit(next, true, env);
  if (outcome.triesLeft > 0) return remarked(next, 'pin-wrong', env);
  return failed('pin-locked', { ...next, screen: 'choose' }, env);
}

/** A sync brought other prices between the screen and the touch, or while the PIN was typed: the person is asked anew. */
function changed(state: Resident, env: Environment): Step {
  return failed('price-changed', { ...state, screen: 'confirm', pin: '', agreedPts: null }, env);
}

/** Asks for one record. Until the journal has answered, nothing else is taken: a double touch redeems once. */
function commit(state: Resident, pinChecked: boolean, env: Environment): Step {
  const lines = basketLines(state.basket, env.items);
  const pts = basketPts(state.basket, env.items);
  if (pts !== state.agreedPts) return changed(state, env);
  const by = state.helper === null ? {} : { clerk: state.helper.clerk.id };
  const draft = { person: state.person, lines, pts, pinChecked, ...by };
  return { state: { ...state, waitsFor: 'commit' }, effects: [{ type: 'commit', session: state.session, draft }] };
}
