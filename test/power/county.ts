import type { FleetTerminal } from '../../bench/support/signed-fleet.ts';
import type { CountyFile } from '../../hub/programme/county-file.ts';
import { nodeHashing, nodeSigner } from '../../protocol/node/crypto.ts';
import type { Payload } from '../../protocol/records/payload.ts';
import { encodeRecord, hashOf, type SignedRecord } from '../../protocol/records/record.ts';

/** The county that loses its power: one village with a real kiosk, two whose kiosks are keys in our hands. */

export const KIOSK = 'k1';
export const SKU = 'salt';
export const SALE_PTS = 6;
/** The resident who buys at the real kiosk. */
export const UID = '04a1b2c3d4e5f6';
export const SENDERS = ['t2', 't3'] as const;
export const [ANN, BEN] = ['ann', 'ben'] as const;
export const PASSWORD = 'correct horse battery';
/** More than thousands of rounds can spend. */
const PLENTY_PTS = 9_000_000;

const said = (text: string) => ({ zh: text, en: text });
const VILLAGES = [1, 2, 3];

export function powerCounty(): CountyFile {
  return {
    ...{ name: '停电县', nameEn: 'Power County', timeZone: 'Asia/Shanghai' },
    policy: { capPts: PLENTY_PTS, pinAbovePts: PLENTY_PTS },
    villages: VILLAGES.map((n) => ({ village: `v${n}`, name: '村', nameEn: 'V' })),
    shops: VILLAGES.map((n) => ({ shop: `s${n}`, village: `v${n}`, name: '店', nameEn: 'S', phone: '1' })),
    categories: [{ id: 'food', name: said('food') }],
    items: [
      { sku: SKU, rev: 1, category: 'food', name: said(SKU), unit: said('bag'), pts: SALE_PTS, reimburseFen: 100 },
    ],
    residents: VILLAGES.map((n) => ({
      ...{ acct: `p${n}`, name: '张小芳', initials: 'x', village: `v${n}` },
      cards: n === 1 ? [{ kind: 'uid' as const, uid: UID, last4: '1111', state: 'good' as const }] : [],
      credits: [{ credit: `o-p${n}`, activity: 'sweeping', pts: PLENTY_PTS, at: 1_000 }],
    })),
    clerks: [],
    operators: [ANN, BEN].map((user) => ({ user, name: user, role: 'operator' as const, password: PASSWORD })),
  };
}

/** What a kiosk in our hands sells: signed beforehand, as its outbox would bring it. */
export function soldBy(tid: string, key: Uint8Array, enrolment: string, count: number): FleetTerminal {
  const signer = nodeSigner(`${tid}.1`, key);
  const records: SignedRecord[] = [];
  const from = Date.now();
  let S = 0;
  const write = (fields: object) => {
    const seq = records.length + 1;
    const prev = records.at(-1)?.hash ?? hashOf(enrolment, nodeHashing);
    const common = { v: 1, tid, ep: 1, seq, prev, at: from + seq, up: seq, boot: 'power', day: '2026-03-01', tot: S };
    records.push(encodeRecord({ ...common, ...fields } as Payload, signer, nodeHashing));
  };
  write({ type: 'open', reason: 'enrol', sw: '0' });
  while (records.length < count) {
    S += SALE_PTS;
    const auth = { level: 'uid', pin: false, hotlist: 0 };
    const lines = [{ sku: SKU, rev: 1, qty: 1, pts: SALE_PTS }];
    const bought = { acct: `p${tid.slice(1)}`, card: `1.${'A'.repeat(22)}`, lines, pts: SALE_PTS };
    write({ type: 'redeem', ...bought, ...{ S, V: 0, R: 0 }, auth, tot: S });
  }
  return { tid, signer, enrolment, records };
}
