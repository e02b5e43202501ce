import type { CountyFile } from '../../hub/programme/county-file.ts';

/** One county for all stories: each story has a village of its own, so that one hub can serve them all. */

export const PLACES = 48;
export const CREDIT_PTS = 100;
export const PRICES: Readonly<Record<string, number>> = { rice: 10, salt: 3 };
export const PASSWORD = 'correct horse battery';
/** Both may begin an act and check the other's. */
export const [ANN, BEN] = ['ann', 'ben'] as const;
/** Full names and a PIN, which must never leave the hub. */
const NAMES = ['张小芳', '欧阳秀英', '李建国'] as const;
const PIN = '737373';

export interface Place {
  readonly village: string;
  readonly shop: string;
  readonly tid: string;
  /** Three residents, each with CREDIT_PTS at the beginning. */
  readonly accts: readonly [string, string, string];
  /** Their cards. */
  readonly uids: readonly [string, string, string];
}

export function placeOf(n: number): Place {
  const uid = (of: number) => `04${String(n * 10 + of).padStart(4, '0')}aabbcc${of}${of}`;
  return {
    ...{ village: `v${n}`, shop: `s${n}`, tid: `k${n}` },
    ...{ accts: [`p${n}a`, `p${n}b`, `p${n}c`], uids: [uid(1), uid(2), uid(3)] },
  };
}

export function secretsOf(places: readonly Place[]): string[] {
  return [...NAMES, PIN, ...places.flatMap((place) => place.uids)];
}

const said = (text: string) => ({ zh: text, en: text });

export function conformanceCounty(): CountyFile {
  const places = Array.from({ length: PLACES }, (_, n) => placeOf(n + 1));
  return {
    ...{ name: '测试县', nameEn: 'Test County', timeZone: 'Asia/Shanghai' },
    // No objection period: an approved credit is posted at the calendar's next look.
    policy: { capPts: 100, pinAbovePts: 50, objectionDays: 0, visitPts: 40 },
    villages: places.map(({ village }) => ({ village, name: '村', nameEn: 'V' })),
    shops: places.map(({ village, shop }) => ({ shop, village, name: '店', nameEn: 'S', phone: '1' })),
    categories: [{ id: 'food', name: said('food') }],
    items: Object.entries(PRICES).map(([sku, pts]) => ({
      ...{ sku, rev: 1, category: 'food', name: said(sku), unit: said('bag'), pts, reimburseFen: 100 },
    })),
    residents: places.flatMap(({ village, accts, uids }, n) =>
      accts.map((acct, of) => ({
        ...{ acct, name: NAMES[of] ?? '', initials: 'x', village },
        // One PIN is enough to look for; hashing one for everybody would take a minute.
        cards: [{ kind: 'uid' as const, uid: uids[of] ?? '', last4: '1111', state: 'good' as const, ...pinOf(n, of) }],
        credits: [{ credit: `o-${acct}`, activity: 'sweeping', pts: CREDIT_PTS, at: 1_000 }],
      })),
    ),
    clerks: [],
    operators: [ANN, BEN].map((user) => ({ user, name: user, role: 'operator' as const, password: PASSWORD })),
  };
}

const pinOf = (n: number, of: number) => (n === 0 && of === 0 ? { pin: PIN } : {});
