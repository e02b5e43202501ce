import type { CountyFile } from '../../hub/programme/county-file.ts';

/** Two villages, a shop in each, three residents, one clerk: the least that has a neighbour, a PIN and a blocked card. */

export const PASSWORD = 'correct horse battery';
export const TOTP_SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
/** Full names, UIDs and PINs: none of them may ever leave the hub. */
export const SECRETS = [
  '张小芳',
  '欧阳秀英',
  '李娜',
  '王建国',
  '04a1b2c3d4e5f6',
  '04a1b2c3',
  '04ffeeddccbbaa',
  '737373',
];

const said = (zh: string, en: string) => ({ zh, en });
const item = (sku: string, pts: number) => ({
  ...{ sku, rev: 1, category: 'food', name: said(sku, sku), unit: said('袋', 'bag'), pts, reimburseFen: 100 },
});
const operator = (user: string, role: CountyFile['operators'][number]['role']) => ({
  ...{ user, name: user, role, password: PASSWORD },
});

export function tinyCounty(): CountyFile {
  return {
    ...{ name: '测试县', nameEn: 'Test County', timeZone: 'Asia/Shanghai', policy: { capPts: 200, pinAbovePts: 50 } },
    villages: [
      { village: 'v1', name: '一村', nameEn: 'Village One' },
      { village: 'v2', name: '二村', nameEn: 'Village Two' },
    ],
    shops: [
      { shop: 's1', village: 'v1', name: '一店', nameEn: 'Shop One', phone: '1' },
      { shop: 's2', village: 'v2', name: '二店', nameEn: 'Shop Two', phone: '2' },
    ],
    categories: [{ id: 'food', name: said('食品', 'Food') }],
    items: [item('rice', 10), item('salt', 3)],
    residents: [
      {
        ...{ acct: 'r1', name: '张小芳', initials: 'ZXF', village: 'v1' },
        cards: [{ kind: 'uid', uid: '04a1b2c3d4e5f6', last4: '1111', state: 'good', pin: '737373' }],
        credits: [{ credit: 'e1', activity: 'sweeping', pts: 300, at: 1_000 }],
      },
      {
        ...{ acct: 'r2', name: '欧阳秀英', initials: 'OYXY', village: 'v1' },
        cards: [{ kind: 'uid', uid: '04a1b2c3', last4: '2222', state: 'blocked' }],
        credits: [{ credit: 'e2', activity: 'sweeping', pts: 40, at: 1_000 }],
      },
      {
        ...{ acct: 'r3', name: '李娜', initials: 'LN', village: 'v2', cards: [] },
        credits: [{ credit: 'e3', activity: 'planting', pts: 50, at: 2_000 }],
      },
    ],
    clerks: [
      {
        ...{ clerk: 'c1', name: '王建国', village: 'v1' },
        cards: [{ kind: 'uid', uid: '04ffeeddccbbaa', last4: '9999', state: 'good' }],
      },
    ],
    operators: [
      operator('ann', 'operator'),
      operator('bob', 'reviewer'),
      operator('eve', 'auditor'),
      { ...operator('tom', 'admin'), totpSecret: TOTP_SECRET },
    ],
  };
}
