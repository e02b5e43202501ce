import { checkCode, receiptAddress, recordNumber } from '../../protocol/records/number.ts';
import type { RedeemPayload } from '../../protocol/records/payload.ts';
import type { Policy } from '../../protocol/sync/messages.ts';
import { complaint, type Element, localTime } from './elements.ts';

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

/** Pure: a record in, elements out. */
export function receiptOf(facts: ReceiptFacts): readonly Element[] {
  const { payload, place, copy } = facts;
  const number = recordNumber(payload);
  const mark: Element[] =
    copy === 0
      ? []
      : [{ kind: 'text', text: `补打 / COPY ${copy}`, align: 'center', scale: 2, bold: true }, { kind: 'rule' }];
  return [
    ...mark,
    { kind: 'text', text: place.shop.zh, align: 'center', scale: 2, bold: true },
    { kind: 'text', text: `${place.county.zh} ${place.village.zh}`, align: 'center' },
    { kind: 'text', text: `记录号 ${number}`, align: 'center' },
    { kind: 'rule' },
    { kind: 'columns', left: facts.name, right: `卡尾号 ${facts.last4}` },
    { kind: 'text', text: localTime(payload.at, facts.timeZone) },
    { kind: 'rule' },
    ...payload.lines.flatMap((line) => goodsLines(line, facts)),
    { kind: 'rule' },
    { kind: 'columns', left: '兑换前积分', right: String(facts.beforePts) },
    { kind: 'columns', left: '本次使用', right: String(payload.pts) },
    { kind: 'columns', left: '剩余积分', right: String(facts.afterPts), scale: 2, bold: true },
    { kind: 'rule' },
    { kind: 'text', text: '校验码', align: 'center' },
    { kind: 'text', text: checkCode(facts.hash), align: 'center', scale: 2, bold: true },
    { kind: 'qr', text: receiptAddress(facts.receiptBase, payload, facts.hash) },
    { kind: 'text', text: '扫码可查验这笔兑换', align: 'center' },
    { kind: 'text', text: complaint(place.phone), align: 'center' },
    ...mark.toReversed(),
    { kind: 'text', text: number, align: 'center' },
    { kind: 'feed', lines: 3 },
    { kind: 'cut' },
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
