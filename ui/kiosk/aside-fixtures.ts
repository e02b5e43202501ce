import type { AsidePaper, CaseCode, PastRedemption } from '../../protocol/api/aside.ts';
import type { KioskView, PersonView, Said, Screen } from '../../protocol/api/kiosk.ts';

/** Made-up side ways: each screen in every state that looks different. */

const said = (zh: string, en: string): Said => ({ zh, en });
const GOODS: readonly (readonly [name: Said, image: string | null])[] = [
  [said('洗衣粉', 'Washing powder'), 'goods/washing-powder.svg'],
  [said('大米', 'Rice'), 'goods/rice.svg'],
  [said('挂面', 'Dried noodles'), 'goods/noodles.svg'],
  [said('old-lamp', 'old-lamp'), null],
  [said('食用油', 'Cooking oil'), 'goods/cooking-oil.svg'],
];
const PAST: readonly PastRedemption[] = GOODS.map(([name, image], nth) => ({
  ...{ number: `k305.12.${2131 - nth}`, day: `2026-11-2${7 - nth}`, time: '14:08', pts: nth === 1 ? 1260 : 45 },
  ...{ undone: nth === 2, first: { name, qty: nth + 1, image }, more: nth === 0 ? 2 : 0 },
}));
const USED = { day: '2026-11-27', pts: 120, items: [] };
const ITEMS = GOODS.slice(0, 3).map(([name], nth) => ({ name, qty: nth + 1 }));
const PAPERS: readonly AsidePaper[] = ['no-paper', 'no-printer', 'printing', 'printed', 'unknown', 'expired'];
const CODES: readonly CaseCode[] = ['goods-missing', 'goods-damaged', 'points-missing', 'card-misused', 'other'];

export function asideFixtures(base: (screen: Screen) => KioskView, known: PersonView) {
  const named = (name: string, view: KioskView) => ({ name, view });
  const person: PersonView = { ...known, spendablePts: 1086 };
  const pages = { page: 0, pages: 1, canPrint: true };
  const statement = { ...pages, elsewherePts: 200, redemptions: PAST.slice(0, 4) };
  const mydata = {
    ...{ ...pages, initials: 'zf', hasPin: true, visitor: false, remembered: null, elsewherePts: 200 },
    ...{ redemptions: 12, cases: 1, claims: 0, used: null },
  };
  const on = (screen: 'statement' | 'mydata' | 'case', rest: Partial<KioskView>): KioskView => ({
    ...{ ...base(screen), person, ...rest },
  });
  const filed = { step: 'filed', code: 'other', number: 'k305.12.2132', again: false, canPrint: true } as const;
  const which = { step: 'which', code: 'card-misused', redemptions: PAST } as const;
  return [
    named('balance-million', { ...base('balance'), person: { ...known, pts: 1_234_567, spendablePts: 200 } }),
    named('statement', on('statement', { statement })),
    named('statement-pages', on('statement', { statement: { ...statement, page: 1, pages: 5 } })),
    named('statement-none', on('statement', { statement: { ...statement, redemptions: [] }, offline: true })),
    ...PAPERS.map((paper) => {
      const canPrint = paper === 'unknown' || paper === 'expired';
      return named(`statement-${paper}`, on('statement', { statement: { ...statement, canPrint, paper } }));
    }),
    named('mydata', on('mydata', { mydata })),
    named(
      'mydata-more',
      on('mydata', {
        ...{ person: { ...person, name: '欧阳*㙓' }, offline: true },
        mydata: {
          ...mydata,
          remembered: 'en',
          visitor: true,
          hasPin: false,
          used: USED,
          pages: 3,
          paper: 'no-printer',
          canPrint: false,
        },
      }),
    ),
    named('mydata-used', on('mydata', { mydata: { ...mydata, used: { ...USED, items: ITEMS }, page: 1, pages: 2 } })),
    named('case', on('case', { case: { step: 'what' } })),
    named('case-which', on('case', { case: { ...which, page: 0, pages: 3 } })),
    named('case-which-few', on('case', { case: { ...which, redemptions: PAST.slice(0, 1), page: 0, pages: 1 } })),
    ...CODES.map((code, nth) =>
      named(
        `case-sure-${code}`,
        on('case', { case: { step: 'sure', code, redemption: nth % 2 ? (PAST[nth] ?? null) : null } }),
      ),
    ),
    named(
      'case-sure-committing',
      on('case', { case: { step: 'sure', code: 'other', redemption: null }, committing: true }),
    ),
    named('case-used-up', on('case', { case: { step: 'what' }, remark: { id: 1, code: 'cases-used-up' } })),
    named('case-filed', on('case', { case: filed })),
    named('case-filed-offline', on('case', { case: { ...filed, paper: 'no-paper', canPrint: false }, offline: true })),
    named(
      'case-filed-again',
      on('case', { case: { ...filed, code: 'card-misused', again: true, paper: 'printed', canPrint: false } }),
    ),
    named('statement-idle', on('statement', { statement, idle: { secondsLeft: 27 } })),
  ];
}
