import { demoCounty } from './county/county.ts';
import { splitIntoCredits } from './county/credits.ts';
import type { DemoCard, DemoIdCard } from './county/types.ts';
import type { DemoPeople } from './people.ts';

/** The demo county as the file that `hub import` reads. */
const DAY_MS = 86_400_000;
const PIN_ABOVE_PTS = 50;

export function countyFile(people: DemoPeople, nowMs: number): unknown {
  const card = (c: DemoCard, blocked: boolean) => ({
    ...{ kind: c.kind, uid: c.uid, last4: c.last4, pin: c.pin, state: blocked ? 'blocked' : 'good' },
  });
  const idCard = ({ serial, last4, pin }: DemoIdCard) => ({ kind: 'id-card', uid: serial, last4, pin, state: 'good' });
  return {
    ...{ name: demoCounty.name, nameEn: demoCounty.nameEn, timeZone: demoCounty.timeZone },
    policy: { capPts: demoCounty.cap, pinAbovePts: PIN_ABOVE_PTS },
    villages: demoCounty.villages.map((v) => ({ village: v.id, name: v.name, nameEn: v.nameEn })),
    shops: demoCounty.villages.map((v) => ({
      ...{ shop: v.shopId, village: v.id, name: v.shopName, nameEn: v.shopNameEn, phone: '' },
    })),
    categories: demoCounty.categories.map((c) => ({ id: c.id, name: { zh: c.nameZh, en: c.nameEn } })),
    items: demoCounty.items.map((i) => ({
      ...{
        sku: i.sku,
        rev: i.rev,
        category: i.category,
        pts: i.points,
        reimburseFen: i.reimburseFen,
        barcode: i.barcode,
      },
      ...{ name: { zh: i.nameZh, en: i.nameEn }, unit: { zh: i.unitZh, en: i.unitEn } },
    })),
    residents: demoCounty.residents.map((r) => ({
      ...{ acct: r.acct, name: r.name, initials: r.pinyinInitials, village: r.villageId },
      cards: [card(r.card, r.blocked === true), ...(r.idCard === undefined ? [] : [idCard(r.idCard)])],
      credits: splitIntoCredits(r).map((c, n) => ({
        ...{ credit: `open-${r.id}-${n + 1}`, activity: c.activity, pts: c.points, at: nowMs - c.daysAgo * DAY_MS },
      })),
    })),
    clerks: demoCounty.clerks.map((c) => ({
      ...{ clerk: c.id, name: c.name, village: c.villageId, cards: [card(c.card, false)] },
    })),
    operators: [
      { user: people.operator.user, name: '演示操作员', role: 'operator', password: people.operator.password },
      ...[...people.people, ...people.setup].map(({ user, name, role, password, totpSecret }) => ({
        ...{ user, name, role, password, totpSecret },
      })),
    ],
  };
}
