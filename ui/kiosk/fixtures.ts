import {
  type CategoryView,
  type ClosedCode,
  ERROR_CODES,
  type ItemView,
  type KioskView,
  type Language,
  type LineView,
  type PaperState,
  type PersonView,
  type PrintView,
  type RemarkCode,
  type Said,
  type Screen,
  type VisitNote,
} from '../../protocol/api/kiosk.ts';
import { asideFixtures } from './aside-fixtures.ts';
import { counterFixtures } from './counter-fixtures.ts';
import type { Fixture } from './fixture.ts';

/** Made-up views for the gallery and the browser test: every screen, and every state that looks different. */
export type { Fixture };

const said = (zh: string, en: string): Said => ({ zh, en });

const PERSON: PersonView = { name: '张*芳', last4: '0427', pts: 1286, spendablePts: 1286 };

const CATEGORIES: readonly CategoryView[] = [
  { id: 'all', name: said('全部', 'All') },
  { id: 'food', name: said('粮油', 'Food') },
  { id: 'wash', name: said('洗护', 'Washing') },
  { id: 'home', name: said('家用', 'Household') },
];

const item = (sku: string, name: Said, unit: Said, pts: number, more: Partial<ItemView> = {}): ItemView => ({
  sku,
  name,
  unit,
  pts,
  image: `goods/${sku}.svg`,
  inBasket: 0,
  ...more,
});

const RICE = item('rice', said('大米', 'Rice'), said('一袋 5 公斤', '5 kg sack'), 420);
const FOOD: readonly ItemView[] = [
  { ...RICE, inBasket: 1 },
  item('cooking-oil', said('食用油', 'Cooking oil'), said('一桶 5 升', '5 l jug'), 680),
  item('noodles', said('挂面', 'Dried noodles'), said('一把 1 公斤', '1 kg packet'), 45, { inBasket: 2 }),
  item('soy-sauce', said('酱油', 'Soy sauce'), said('一瓶 500 毫升', '500 ml bottle'), 60),
  item('eggs', said('鸡蛋', 'Eggs'), said('一篮 10 枚', 'basket of 10'), 150, { refusal: 'sold-out' }),
  item('salt', said('食盐', 'Salt'), said('一袋 400 克', '400 g bag'), 20),
];
const HOME: readonly ItemView[] = [
  item('thermos', said('暖水瓶', 'Thermos flask'), said('一只 2 升', '2 l'), 1298, {
    refusal: 'too-dear',
    missingPts: 12,
  }),
  item('umbrella', said('雨伞', 'Umbrella'), said('一把', 'one'), 240, { refusal: 'too-dear-here' }),
  item('washing-powder', said('洗衣粉', 'Washing powder'), said('一袋 1.5 公斤', '1.5 kg bag'), 120),
  item('toothpaste', said('牙膏', 'Toothpaste'), said('一支 120 克', '120 g tube'), 75),
];

const line = (from: ItemView, qty: number): LineView => ({
  sku: from.sku,
  name: from.name,
  unit: from.unit,
  image: from.image,
  qty,
  pts: from.pts,
});
const basketOf = (...lines: readonly LineView[]): NonNullable<KioskView['basket']> => {
  const pts = lines.reduce((sum, each) => sum + each.qty * each.pts, 0);
  return { lines, pts, afterPts: PERSON.pts - pts };
};
const FEW = FOOD.slice(0, 1).map((each) => line(each, 1));
const SOME = [line(RICE, 1), ...FOOD.slice(2, 4).map((each) => line(each, 2))];
const MANY = [...FOOD, ...HOME].map((each) => line({ ...each, pts: 20 }, 2));

const prints: readonly PrintView[] = (['unknown', 'confirmed', 'sent', 'queued', 'sending', 'expired'] as const).map(
  (state, nth) => ({
    seq: 131 - nth,
    number: `k1.1.${131 - nth}`,
    time: `14:0${8 - nth}`,
    day: '2026-11-23',
    name: '张*芳',
    pts: 465 - nth * 30,
    state,
    copies: nth === 1 ? 1 : 0,
  }),
);

const base = (screen: Screen, session: string | null = 's1'): KioskView => ({
  rev: 1,
  session,
  screen,
  language: 'zh-CN',
  place: { village: said('红旗村', 'Hongqi Village'), shop: said('积分超市', 'Points Shop') },
  mmPx: 5.884,
  offline: false,
  notices: [],
  preferences: { large: false, aloud: false, volume: 2 },
});
const done = (paper: PaperState): KioskView => ({
  ...base('done'),
  done: {
    number: 'k1.1.131',
    checkCode: '7K3M-Q9TA-2XWE',
    lines: SOME,
    beforePts: 1286,
    usedPts: 630,
    afterPts: 656,
    paper,
  },
});
const shelf = (category: string, items: readonly ItemView[], page = 0, pages = 1): NonNullable<KioskView['shelf']> => ({
  categories: CATEGORIES,
  category,
  items,
  page,
  pages,
});
const choosing: KioskView = { ...base('choose'), person: PERSON, shelf: shelf('food', FOOD) };
const confirming: KioskView = { ...base('confirm'), person: PERSON, basket: basketOf(...SOME) };
const pin: KioskView = { ...base('pin'), pin: { entered: 3, length: 4, triesLeft: 5 } };
const remark = (code: RemarkCode): KioskView => ({ ...choosing, remark: { id: 1, code } });

const CLOSED: readonly ClosedCode[] = [
  'starting',
  'not-enrolled',
  'waiting-for-confirmation',
  'no-roster',
  'reader-absent',
  'rolled-back',
  'needs-new-epoch',
  'fence-missing',
  'frozen',
  'ended',
  'revoked',
  'clock-unsure',
  'journal-damaged',
  'disk-low',
];

const VISIT_NOTES: readonly VisitNote[] = [
  'more-later',
  'recalling',
  'nothing-free',
  'visits-used-up',
  'not-now',
  'late',
  'offline',
];
const SERVED = { name: '欧阳*㙓', last4: '0427', hasPin: true, triesLeft: 3, again: false, present: true };
const clerk = { name: '王建国', prints: [] };
const CLERK_REMARKS: readonly RemarkCode[] = [
  'unknown-card',
  'card-blocked',
  'own-card',
  'pin-set',
  'pin-unlocked',
  'not-kept',
];
const date = { day: '2027-03-05', time: '08:12', lastDay: '2027-03-02', lastShown: false };

const { preferences: _, ...NOBODYS } = { ...base('closed', null), closed: { code: 'not-enrolled' as const } };

const named = (name: string, view: KioskView): Fixture => ({ name, view });

const RESIDENT_FIXTURES: readonly Fixture[] = [
  named('attract', base('attract', null)),
  named('attract-no-paper', { ...base('attract', null), notices: ['paper-out'], offline: true }),
  named('balance', { ...base('balance'), person: PERSON }),
  named('balance-held', {
    ...base('balance'),
    offline: true,
    person: { ...PERSON, name: '欧阳*㙓', pts: 12_860, spendablePts: 200 },
  }),
  named('visit', { ...base('visit'), asking: 'hub' }),
  named('visit-home', { ...base('visit'), asking: 'home' }),
  ...VISIT_NOTES.map((visit) =>
    named(`balance-visit-${visit}`, { ...base('balance'), person: { ...PERSON, spendablePts: 0 }, visit }),
  ),
  named('choose', {
    ...choosing,
    shelf: shelf(
      'food',
      FOOD.map((each) => ({ ...each, inBasket: 0 })),
      0,
      2,
    ),
  }),
  named('choose-basket', { ...choosing, offline: true, shelf: shelf('food', FOOD, 1, 3), basket: basketOf(...SOME) }),
  named('choose-refused', { ...choosing, shelf: shelf('home', HOME) }),
  named('choose-empty', { ...choosing, shelf: shelf('wash', []) }),
  named('choose-remark', remark('other-card')),
  named('choose-scan-unknown', remark('scan-unknown')),
  named('choose-scan-too-dear', remark('scan-too-dear')),
  named('attract-scan-tap-first', { ...base('attract', null), remark: { id: 1, code: 'scan-tap-first' } }),
  named('quantity', {
    ...base('quantity'),
    person: PERSON,
    basket: basketOf(line(RICE, 2)),
    quantity: { item: RICE, qty: 2, canAdd: true, canTake: true },
  }),
  named('quantity-most', {
    ...base('quantity'),
    person: PERSON,
    basket: basketOf(line(RICE, 3)),
    quantity: { item: RICE, qty: 3, canAdd: false, canTake: true },
  }),
  named('confirm-one', { ...confirming, basket: basketOf(...FEW) }),
  named('confirm', { ...confirming, notices: ['paper-out'] }),
  named('confirm-many', { ...confirming, basket: basketOf(...MANY) }),
  named('confirm-six', { ...confirming, basket: basketOf(...MANY.slice(0, 6)) }),
  named('confirm-committing', { ...confirming, committing: true }),
  named('pin', pin),
  named('pin-last-try', { ...pin, pin: { entered: 0, length: 4, triesLeft: 1 }, remark: { id: 2, code: 'pin-wrong' } }),
  named('idle', { ...choosing, idle: { secondsLeft: 27 } }),
  ...(['waiting', 'printing', 'printed', 'unknown', 'no-printer', 'no-paper'] as const).map((paper) =>
    named(`done-${paper}`, done(paper)),
  ),
  ...ERROR_CODES.map((code) =>
    named(`error-${code}`, {
      ...base('error', null),
      error: code === 'not-enough-points' ? { code, missingPts: 12 } : { code },
    }),
  ),
  named('error-in-session', { ...base('error'), error: { code: 'item-gone' } }),
  ...asideFixtures(base, PERSON),
  named('help', base('help')),
  named('help-nobody', base('help', null)),
  ...CLOSED.map((code) =>
    named(`closed-${code}`, {
      ...base('closed', null),
      closed: { code, fingerprint: 'QK7M-3XTA-92WE' },
    }),
  ),
  named('closed-before-enrolment', NOBODYS),
  named('help-loud-aloud', { ...base('help'), preferences: { large: false, aloud: true, volume: 3 } }),
  named('clerk-pin', {
    ...base('clerk-pin'),
    pin: { entered: 2, length: 4, triesLeft: 5 },
    clerk: { name: '王建国', prints: [] },
  }),
  named('clerk-prints', { ...base('clerk-prints'), clerk: { name: '王建国', prints }, notices: ['paper-near-end'] }),
  named('clerk-prints-none', { ...base('clerk-prints'), clerk: { name: '王建国', prints: [] } }),
  named('clerk-card', { ...base('clerk-card'), clerk, served: SERVED }),
  named('clerk-card-fresh', { ...base('clerk-card'), clerk, served: { ...SERVED, hasPin: false } }),
  named('clerk-card-tried', { ...base('clerk-card'), clerk, served: { ...SERVED, triesLeft: 1 } }),
  named('clerk-card-locked', { ...base('clerk-card'), clerk, served: { ...SERVED, triesLeft: 0 } }),
  ...CLERK_REMARKS.map((code) =>
    named(`clerk-card-${code}`, { ...base('clerk-card'), clerk, served: SERVED, remark: { id: 1, code } }),
  ),
  ...(['pin-weak', 'pin-differs'] as const).map((code) =>
    named(`clerk-new-pin-${code}`, {
      ...{ ...base('clerk-new-pin'), clerk, served: SERVED, remark: { id: 1, code } },
      pin: { entered: 0, length: 4, triesLeft: 0 },
    }),
  ),
  named('clerk-new-pin-again', {
    ...{ ...base('clerk-new-pin'), clerk, served: { ...SERVED, again: true } },
    pin: { entered: 4, length: 4, triesLeft: 0 },
  }),
  named('clerk-date', { ...base('clerk-date'), clerk, date }),
  named('clerk-date-last', { ...base('clerk-date'), clerk, date: { ...date, lastShown: true } }),
  named('clerk-date-refused', { ...base('clerk-date'), clerk, date, remark: { id: 1, code: 'date-refused' } }),
];

export const FIXTURES: readonly Fixture[] = [...RESIDENT_FIXTURES, ...counterFixtures(RESIDENT_FIXTURES)];

/** With large text four goods stand on a page. */
const FEWER_A_PAGE = 4;

/** The same view on another panel, in another language; with large text, as the agent would send it. */
export function staged(view: KioskView, language: Language, mmPx: number, large = false): KioskView {
  const { shelf: stocked, preferences } = view;
  return {
    ...{ ...view, language, mmPx },
    ...(preferences === undefined ? {} : { preferences: { ...preferences, large } }),
    ...(stocked === undefined || !large ? {} : { shelf: { ...stocked, items: stocked.items.slice(0, FEWER_A_PAGE) } }),
  };
}
