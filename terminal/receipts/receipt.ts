import { localClock } from '../../protocol/primitives/calendar.ts';
import { checkCode, receiptAddress, recordNumber } from '../../protocol/records/number.ts';
import type { RedeemPayload } from '../../protocol/records/payload.ts';
import type { Policy } from '../../protocol/sync/messages.ts';
import { complaint, type Element } from './elements.ts';

export interface ReceiptFacts {
  readonly payload: RedeemPayload;
  readonly hash: string;
  /** Masked name and last 4, as the roster had them. */
  readonly name: string;
  readonly last4: string;
  readonly beforePts: number;
  readonly afterPts: number;
  readonly itemNames: ReadonlyMap<string, { readonly name: string; readonly unit: string }>;
  readonly place: Policy['place'];
  readonly receiptBase: string;
  readonly timeZone: string;
  /** 0 the original; 1, 2, … copies, each marked as one. */
  readonly copy: number;
}

const standing = true as const;
const RULE: Element = { kind: 'rule', standing };
const CHECK_LABEL: Element = { kind: 'text', text: '校验码', align: 'center', standing };
const SCAN_LABEL: Element = { kind: 'text', text: '扫码可查验这笔兑换', align: 'center', standing };
const TAIL: readonly Element[] = [
  { kind: 'feed', lines: 3, standing },
  { kind: 'cut', standing },
];
const ofPlace: WeakMap<Policy['place'], { readonly head: readonly Element[]; readonly complaint: Element }> =
  new WeakMap();

function placeElements(place: Policy['place']) {
  let known = ofPlace.get(place);
  if (known === undefined) {
    const where = `${place.county.zh} ${place.village.zh}`;
    known = {
      head: [
        { kind: 'text', text: place.shop.zh, align: 'center', scale: 2, bold: true, standing },
        { kind: 'text', text: where, align: 'center', standing },
      ],
      complaint: { kind: 'text', text: complaint(place.phone), align: 'center', standing },
    };
    ofPlace.set(place, known);
  }
  return known;
}

/** Pure: a record in, elements out. */
export function receiptOf(facts: ReceiptFacts): readonly Element[] {
  const { payload, place, copy } = facts;
  const number = recordNumber(payload);
  const { head, complaint: whereToAsk } = placeElements(place);
  const mark: Element[] =
    copy === 0 ? [] : [{ kind: 'text', text: `补打 / COPY ${copy}`, align: 'center', scale: 2, bold: true }, RULE];
  return [
    ...mark,
    ...head,
    { kind: 'text', text: `记录号 ${number}`, align: 'center' },
    RULE,
    { kind: 'columns', left: facts.name, right: `卡尾号 ${facts.last4}` },
    { kind: 'text', text: localClock(payload.at, facts.timeZone) },
    RULE,
    ...payload.lines.flatMap((line) => goodsLines(line, facts)),
    RULE,
    { kind: 'columns', left: '兑换前积分', right: String(facts.beforePts) },
    { kind: 'columns', left: '本次使用', right: String(payload.pts) },
    { kind: 'columns', left: '剩余积分', right: String(facts.afterPts), scale: 2, bold: true },
    RULE,
    CHECK_LABEL,
    { kind: 'text', text: checkCode(facts.hash), align: 'center', scale: 2, bold: true },
    { kind: 'qr', text: receiptAddress(facts.receiptBase, payload, facts.hash) },
    SCAN_LABEL,
    whereToAsk,
    ...mark.toReversed(),
    { kind: 'text', text: number, align: 'center' },
    ...TAIL,
  ];
}

function goodsLines(line: RedeemPayload['lines'][number], facts: ReceiptFacts): Element[] {
  const item = facts.itemNames.get(line.sku);
  const name = item === undefined ? line.sku : item.name;
  const sum = String(line.qty * line.pts);
  return [
    { kind: 'columns', left: name, right: sum, bold: true },
    { kind: 'text', text: `  ${line.pts} 分 × ${line.qty}${item === undefined ? '' : ` ${item.unit}`}` },
  ];
}
