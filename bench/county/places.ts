import { demoActivities } from '../../firmware-sim/demo/county/credits.ts';
import { demoItems } from '../../firmware-sim/demo/county/items.ts';
import type { CountyFile } from '../../hub/programme/county-file.ts';
import { CAP_PTS } from './people.ts';
import { type CountyPlan, FULL, secretOf } from './plan.ts';

/** The made county without its people: places, catalogue, policy, operators, as the file that `hub import` reads. */

export const OPERATORS = ['ann', 'ben'] as const;

export function passwordOf(seed: number, user: (typeof OPERATORS)[number]): string {
  return Buffer.from(secretOf(seed, `password ${user}`))
    .toString('base64url')
    .slice(0, 20);
}

export function placesOf(plan: CountyPlan): CountyFile {
  return {
    ...{ name: '云溪县', nameEn: 'Yunxi County', timeZone: 'Asia/Shanghai' },
    policy: {
      ...{ capPts: CAP_PTS, pinAbovePts: 50, objectionDays: 7, lifeDays: 365 },
      limits: { redemptionPts: 300, dayPts: 300, dayCount: 10, items: [] },
    },
    villages: plan.villages.map(({ village, n, town }) => ({
      ...{ village, name: `第${town + 1}镇${n + 1}村`, nameEn: `Village ${n + 1}, Town ${town + 1} of ${FULL.towns}` },
    })),
    shops: plan.villages.map(({ shop, village, n }) => ({
      ...{ shop, village, name: `${n + 1}村积分超市`, nameEn: `Points Shop ${n + 1}`, phone: '' },
    })),
    categories: [
      { id: 'food', name: { zh: '粮油食品', en: 'Food' } },
      { id: 'wash', name: { zh: '洗护清洁', en: 'Washing' } },
      { id: 'home', name: { zh: '居家日用', en: 'Home' } },
    ],
    items: demoItems.map(({ sku, rev, category, nameZh, nameEn, unitZh, unitEn, points, reimburseFen, barcode }) => ({
      ...{ sku, rev, category, pts: points, reimburseFen, barcode },
      ...{ name: { zh: nameZh, en: nameEn }, unit: { zh: unitZh, en: unitEn } },
    })),
    residents: [],
    clerks: plan.villages.map(({ village, n }) => ({ clerk: `c${n + 1}`, name: '孟晓燕', village, cards: [] })),
    operators: OPERATORS.map((user, i) => ({
      ...{ user, name: user, role: i === 0 ? 'operator' : 'reviewer', password: passwordOf(plan.seed, user) },
    })),
  };
}

/** The cheapest first: what somebody takes who has few points left. */
export const MADE_ITEMS = demoItems.map(({ sku, points }) => ({ sku, pts: points })).sort((a, b) => a.pts - b.pts);

export function activityOf(n: number): string {
  return demoActivities[n % demoActivities.length]?.nameZh ?? '';
}
