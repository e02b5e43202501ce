import type { Language } from '../../protocol/api/kiosk.ts';
import { localClock } from '../../protocol/primitives/calendar.ts';
import type { Policy } from '../../protocol/sync/messages.ts';
import { complaint, type Element } from './elements.ts';

/** "What we hold about me": everything this kiosk keeps of a person, on paper. Pure: facts in, elements out. */

export interface HeldFacts {
  /** Masked name, initials, last 4: as the roster has them. */
  readonly name: string;
  readonly initials: string;
  readonly last4: string;
  readonly at: number;
  /** Whether a PIN is set; the PIN itself is held nowhere. */
  readonly hasPin: boolean;
  readonly spendablePts: number;
  readonly elsewherePts: number;
  /** What limits count of this account at other kiosks; null where there is nothing. */
  readonly used: {
    readonly day: string;
    readonly pts: number;
    readonly items: readonly { readonly name: string; readonly qty: number }[];
  } | null;
  readonly language: Language | null;
  readonly visitor: boolean;
  /** Redemptions in this kiosk's journal. */
  readonly redemptions: number;
  /** Corrections and requests for points in the same. */
  readonly cases: number;
  readonly claims: number;
  readonly place: Policy['place'];
  readonly timeZone: string;
}

const LANGUAGES: Readonly<Record<Language, string>> = { 'zh-CN': '中文', en: 'English' };

export function heldOf(facts: HeldFacts): readonly Element[] {
  const { place, used } = facts;
  return [
    { kind: 'text', text: '本机存有我的', align: 'center', scale: 2, bold: true },
    { kind: 'text', text: 'What this kiosk holds about me', align: 'center' },
    { kind: 'text', text: `${place.county.zh} ${place.village.zh} ${place.shop.zh}`, align: 'center' },
    { kind: 'text', text: localClock(facts.at, facts.timeZone), align: 'center' },
    { kind: 'rule' },
    { kind: 'columns', left: '姓名（遮盖）Name, masked', right: facts.name },
    { kind: 'columns', left: '姓名首字母 Initials', right: facts.initials },
    { kind: 'columns', left: '卡尾号 Card, last four', right: facts.last4 },
    { kind: 'columns', left: '密码 PIN', right: facts.hasPin ? '已设 set' : '未设 not set' },
    {
      kind: 'columns',
      left: '语言 Language',
      right: facts.language === null ? '未选 none' : LANGUAGES[facts.language],
    },
    { kind: 'columns', left: '居住 Resident', right: facts.visitor ? '外村 visitor' : '本村 this village' },
    { kind: 'rule' },
    { kind: 'columns', left: '在此可用积分 Points here', right: String(facts.spendablePts) },
    { kind: 'columns', left: '在县里积分 At the county', right: String(facts.elsewherePts) },
    { kind: 'columns', left: '在此兑换笔数 Redemptions', right: String(facts.redemptions) },
    { kind: 'columns', left: '更正申请 Corrections', right: String(facts.cases) },
    { kind: 'columns', left: '积分申请 Claims', right: String(facts.claims) },
    { kind: 'text', text: '限额已用 Limits used', bold: true },
    ...(used === null ? [{ kind: 'text', text: '  没有 none' } as const] : usedLines(used)),
    { kind: 'rule' },
    { kind: 'text', text: '不存全名、身份证号、住址和密码。' },
    { kind: 'text', text: 'No full name, ID number, address or PIN.' },
    { kind: 'text', text: complaint(place.phone), align: 'center' },
    { kind: 'feed', lines: 3 },
    { kind: 'cut' },
  ];
}

function usedLines(used: NonNullable<HeldFacts['used']>): readonly Element[] {
  return [
    { kind: 'columns', left: `  ${used.day} 积分 points`, right: String(used.pts) },
    ...used.items.map(({ name, qty }) => ({ kind: 'columns', left: `  ${name}`, right: String(qty) }) as const),
  ];
}
