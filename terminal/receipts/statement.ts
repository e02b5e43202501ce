import { localClock } from '../../protocol/primitives/calendar.ts';
import type { Policy } from '../../protocol/sync/messages.ts';
import { complaint, type Element } from './elements.ts';

/** A resident's statement: their points, and what they redeemed at this kiosk. Pure: facts in, elements out. */

export interface StatementFacts {
  /** Masked name and last 4, as the roster has them. */
  readonly name: string;
  readonly last4: string;
  readonly at: number;
  /** Points that can be spent here now, and those that stay at the county until they are asked for. */
  readonly spendablePts: number;
  readonly elsewherePts: number;
  /** Newest first. */
  readonly redemptions: readonly {
    readonly number: string;
    readonly at: number;
    readonly pts: number;
    readonly undone: boolean;
  }[];
  /** Redemptions that were left out, older than those. */
  readonly more: number;
  readonly place: Policy['place'];
  readonly timeZone: string;
}
/** One paper's worth: some 40 cm. The rest is at the county. */
export const STATEMENT_REDEMPTIONS_MAX = 20;

export function statementOf(facts: StatementFacts): readonly Element[] {
  const { place } = facts;
  return [
    { kind: 'text', text: '积分明细', align: 'center', scale: 2, bold: true },
    { kind: 'text', text: 'Statement of points', align: 'center' },
    { kind: 'text', text: `${place.county.zh} ${place.village.zh} ${place.shop.zh}`, align: 'center' },
    { kind: 'rule' },
    { kind: 'columns', left: facts.name, right: `卡尾号 ${facts.last4}` },
    { kind: 'text', text: localClock(facts.at, facts.timeZone) },
    { kind: 'rule' },
    { kind: 'columns', left: '现有积分 Points', right: String(facts.spendablePts + facts.elsewherePts), bold: true },
    { kind: 'columns', left: '  在此可用 Here', right: String(facts.spendablePts) },
    { kind: 'columns', left: '  在县里 At the county', right: String(facts.elsewherePts) },
    { kind: 'rule' },
    { kind: 'text', text: '在此兑换 Redeemed here', bold: true },
    ...facts.redemptions.flatMap((each) => redemptionLines(each, facts.timeZone)),
    ...(facts.redemptions.length === 0 ? [{ kind: 'text', text: '没有记录 None' } as const] : []),
    ...(facts.more > 0 ? [{ kind: 'text', text: `另有更早的 ${facts.more} 笔 earlier` } as const] : []),
    { kind: 'rule' },
    { kind: 'text', text: complaint(place.phone), align: 'center' },
    { kind: 'feed', lines: 3 },
    { kind: 'cut' },
  ];
}

function redemptionLines(
  { number, at, pts, undone }: StatementFacts['redemptions'][number],
  timeZone: string,
): readonly Element[] {
  return [
    { kind: 'columns', left: localClock(at, timeZone).slice(0, 16), right: undone ? '已撤销 undone' : `-${pts}` },
    { kind: 'text', text: `  ${number}` },
  ];
}
