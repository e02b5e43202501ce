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

/** The same objects on every receipt, so that the encoder need not look at them again. */
const RULE: Element = { kind: 'rule' };
const CHECK_LABEL: Element = { kind: 'text', text: '校验码', align: 'center' };
const SCAN_LABEL: Element = { kind: 'text', text: '扫码可查验这笔兑换', align: 'center' };
const TAIL: readonly Element[] = [{ kind: 'feed', lines: 3 }, { kind: 'cut' }];
const ofPlace: WeakMap<Policy['place'], { readonly head: readonly Element[]; readonly complaint: Element }> =
  new WeakMap();

function placeElements(place: Policy['place']) {
  let known = ofPlace.get(place);
  if (known === undefined) {
    const where = `${place.county.zh} ${place.village.zh}`;
    known = {
      head: [
        { kind: 'text', text: place.shop.zh, align: 'center', scale: 2, bold: true },
        { kind: 'text', text: where, align: 'center' },
      ],
      complaint: { kind: 'text', text: complaint(place.phone), align: 'center' },
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
