import type {
  ClosedCode,
  ItemView,
  KioskView,
  NoticeCode,
  PersonView,
  PrintView,
  Said,
} from '../../protocol/api/kiosk.ts';
import { PIN_LENGTH } from '../../protocol/cards/pin.ts';
import type { Catalogue, CatalogueItem } from '../../protocol/documents/kinds.ts';
import { businessDay, timeOfDay } from '../../protocol/primitives/calendar.ts';
import { basketLines, basketPts, refusalOf, shelf } from '../redemption/basket.ts';
import { dateShown } from '../redemption/confirm-date.ts';
import type { Clerk, ClockFacts, Person, Resident, State } from '../redemption/state.ts';
import { idleSecondsLeft } from '../redemption/timers.ts';
import { asideView } from './aside-view.ts';
import type { Counter } from './counter.ts';
import { counterView } from './counter-view.ts';
import { lineView } from './redeem.ts';

/** What the page shows: a projection of the session and of what the agent knows. The page keeps nothing else. */

export interface ViewFacts {
  readonly rev: number;
  readonly closed: { readonly code: ClosedCode; readonly fingerprint?: string } | null;
  readonly catalogue: Catalogue | null;
  readonly place: { readonly village: Said; readonly shop: Said };
  readonly mmPx: number;
  readonly offline: boolean;
  readonly notices: readonly NoticeCode[];
  readonly beep: KioskView['beep'] | null;
  readonly nowMs: number;
  readonly clock: ClockFacts;
  readonly timeZone: string;
  readonly largeText?: boolean;
  readonly prints: () => readonly PrintView[];
  readonly counter: Counter;
}

export function viewOf(state: State, facts: ViewFacts): KioskView {
  const session = 'session' in state ? state.session : null;
  const common = {
    ...{ rev: facts.rev, session, language: state.language, place: facts.place, mmPx: facts.mmPx },
    ...{ offline: facts.offline, notices: facts.notices },
    ...(facts.beep ? { beep: facts.beep } : {}),
    ...(state.remark ? { remark: { id: state.remark.id, code: state.remark.code } } : {}),
  };
  // A session that is open is finished even where no new one could begin.
  const clerkSaysDate = state.at === 'clerk' && facts.closed?.code === 'clock-unsure';
  const asksForHelp = state.at === 'idle' && state.helpFromMs !== null;
  if (facts.closed !== null && (state.at === 'idle' || state.at === 'clerk') && !clerkSaysDate && !asksForHelp) {
    return { ...common, session: null, screen: 'closed', closed: facts.closed };
  }
  switch (state.at) {
    case 'idle':
      return { ...common, screen: state.helpFromMs === null ? 'attract' : 'help' };
    case 'visit':
      return { ...common, screen: 'visit', asking: state.phase === 'asking' ? 'hub' : 'home' };
    case 'error':
      return {
        ...{ ...common, screen: 'error', ...helperView(state.back) },
        error: { code: state.code, ...(state.missingPts > 0 ? { missingPts: state.missingPts } : {}) },
      };
    case 'done':
      return { ...common, screen: 'done', done: state.done, ...helperView(state) };
    case 'clerk':
      return { ...common, ...clerkView(state, facts) };
    case 'resident':
      return { ...common, ...residentView(state, facts) };
  }
}

function clerkView(state: Clerk, facts: ViewFacts): Pick<KioskView, 'screen'> & Partial<KioskView> {
  const clerk = { name: state.clerk.name, prints: state.screen === 'prints' ? facts.prints() : [] };
  const common = {
    ...{ clerk, ...idleView(state, facts.nowMs) },
    ...(state.waitsFor === 'nothing' || state.waitsFor === 'pin' ? {} : { committing: true as const }),
    ...(state.served === null ? {} : { served: servedView(state, state.served) }),
  };
  switch (state.screen) {
    case 'prints':
      return { screen: 'clerk-prints', ...common };
    case 'pin':
      return { screen: 'clerk-pin', ...common, pin: pinView(state) };
    case 'card':
      return { screen: 'clerk-card', ...common };
    case 'new-pin':
      return { screen: 'clerk-new-pin', ...common, pin: { ...pinView(state), triesLeft: 0 } };
    case 'date':
      return { screen: 'clerk-date', ...common, date: dateView(state, facts) };
    default:
      return { ...common, ...counterView(state, state.screen, facts.counter) };
  }
}

function servedView(state: Clerk, { name, last4, hasPin, triesLeft, present }: NonNullable<Clerk['served']>) {
  return { name, last4, hasPin, triesLeft, present, again: state.newPin !== '' };
}

/** Whose session it is, and who holds it for them. */
function helperView(state: Pick<Resident, 'helper' | 'person'> | null): Pick<KioskView, 'helper'> {
  if (state?.helper == null) return {};
  return { helper: { clerk: state.helper.clerk.name, resident: state.person.name } };
}

function dateView({ dateShift }: Clerk, { clock, timeZone }: ViewFacts): NonNullable<KioskView['date']> {
  const at = dateShown(dateShift, clock);
  return {
    ...{ day: businessDay(at, timeZone), time: timeOfDay(at, timeZone), lastDay: businessDay(clock.knownAt, timeZone) },
    lastShown: dateShift.from === 'last',
  };
}

function residentView(state: Resident, facts: ViewFacts): Pick<KioskView, 'screen'> & Partial<KioskView> {
  const items = facts.catalogue?.items ?? [];
  const pts = basketPts(state.basket, items);
  const all = state.person.spendablePts + state.person.elsewherePts;
  return {
    screen: state.screen,
    person: personView(state.person),
    ...helperView(state),
    ...(state.waitsFor === 'nothing' ? {} : { committing: true as const }),
    ...idleView(state, facts.nowMs),
    basket: { lines: basketLines(state.basket, items).map(lineView), pts, afterPts: all - pts },
    ...(state.screen === 'balance' && state.visit !== null ? { visit: state.visit } : {}),
    ...(state.screen === 'choose' ? { shelf: shelfView(state, facts) } : {}),
    ...(state.screen === 'quantity' ? quantityView(state, items) : {}),
    ...(state.screen === 'pin' ? { pin: pinView(state) } : {}),
    ...asideView(state, facts),
  };
}

function pinView(state: { pin: string; pinTriesLeft: number }): NonNullable<KioskView['pin']> {
  return { entered: state.pin.length, length: PIN_LENGTH, triesLeft: state.pinTriesLeft };
}

function idleView(state: Resident | Clerk, nowMs: number): Pick<KioskView, 'idle'> {
  const secondsLeft = idleSecondsLeft(state, nowMs);
  return secondsLeft === null ? {} : { idle: { secondsLeft } };
}

function personView(person: Person): PersonView {
  const { name, last4, spendablePts, elsewherePts } = person;
  return { name, last4, pts: spendablePts + elsewherePts, spendablePts };
}

const EVERYTHING: Said = { zh: '全部', en: 'All' };

function shelfView(state: Resident, facts: ViewFacts): NonNullable<KioskView['shelf']> {
  const all = facts.catalogue?.items ?? [];
  const { items, page, pages } = shelf(all, state.category, state.page, facts.largeText);
  return {
    categories: [{ id: 'all', name: EVERYTHING }, ...(facts.catalogue?.categories ?? [])],
    ...{ category: state.category, page, pages },
    items: items.map((item) => itemView(item, state, all)),
  };
}

function itemView(item: CatalogueItem, state: Resident, items: readonly CatalogueItem[]): ItemView {
  const inBasket = state.basket[item.sku] ?? 0;
  const refusal = refusalOf(item, state.basket, items, state.person);
  return {
    ...{ sku: item.sku, name: item.name, unit: item.unit, pts: item.pts, image: `goods/${item.sku}.svg`, inBasket },
    // What is in the basket already stays touchable: it opens its quantity.
    ...(refusal !== null && inBasket === 0 ? { refusal: refusal.code, missingPts: refusal.missingPts } : {}),
  };
}

function quantityView(state: Resident, items: readonly CatalogueItem[]): Pick<KioskView, 'quantity'> {
  const item = items.find((each) => each.sku === state.sku);
  if (item === undefined) return {};
  const qty = state.basket[state.sku] ?? 0;
  const canAdd = refusalOf(item, state.basket, items, state.person) === null;
  return { quantity: { item: itemView(item, state, items), qty, canAdd, canTake: qty > 0 } };
}
