import type { CaseCode } from '../../protocol/api/aside.ts';
import { localClock } from '../../protocol/primitives/calendar.ts';
import type { Policy } from '../../protocol/sync/messages.ts';
import { complaint, type Element } from './elements.ts';

/** The slip of a correction: the number to ask by. Pure: facts in, elements out. */

export interface CaseSlipFacts {
  /** Of the `case` record. */
  readonly number: string;
  /** One of `CASE_CODES`, or what an older kiosk wrote. */
  readonly code: string;
  /** The redemption it is about. */
  readonly ref: string | null;
  /** Masked name and last 4, as the roster has them. */
  readonly name: string;
  readonly last4: string;
  readonly at: number;
  readonly place: Policy['place'];
  readonly timeZone: string;
}

const WHAT: Readonly<Record<CaseCode, string>> = {
  'goods-missing': '没拿到东西 Goods not received',
  'goods-damaged': '东西坏了 Goods damaged',
  'points-missing': '积分少了 Points missing',
  'card-misused': '卡被别人用了 Somebody used my card',
  other: '别的事 Something else',
};

export function caseSlipOf(facts: CaseSlipFacts): readonly Element[] {
  const { place, ref } = facts;
  return [
    { kind: 'text', text: '更正申请', align: 'center', scale: 2, bold: true },
    { kind: 'text', text: 'Correction asked for', align: 'center' },
    { kind: 'text', text: `${place.county.zh} ${place.village.zh} ${place.shop.zh}`, align: 'center' },
    { kind: 'text', text: localClock(facts.at, facts.timeZone), align: 'center' },
    { kind: 'rule' },
    { kind: 'columns', left: facts.name, right: `卡尾号 ${facts.last4}` },
    { kind: 'text', text: WHAT[facts.code as CaseCode] ?? facts.code },
    ...(ref === null ? [] : [{ kind: 'columns', left: '哪一笔 Redemption', right: ref } as const]),
    { kind: 'rule' },
    { kind: 'text', text: '编号 Number', align: 'center' },
    { kind: 'text', text: facts.number, align: 'center', scale: 2, bold: true },
    { kind: 'rule' },
    { kind: 'text', text: complaint(place.phone), align: 'center' },
    { kind: 'feed', lines: 3 },
    { kind: 'cut' },
  ];
}
