import type { CaseView, MyDataView, PastRedemption, StatementView } from '../../protocol/api/aside.ts';
import type { KioskView, NoticeCode } from '../../protocol/api/kiosk.ts';
import type { Catalogue } from '../../protocol/documents/kinds.ts';
import { businessDay, timeOfDay } from '../../protocol/primitives/calendar.ts';
import type { Aside, PastSale } from '../redemption/about.ts';
import { CASE_ROWS, canPrint, pageOf, pagesOf, paperSaid, STATEMENT_ROWS, USED_ROWS } from '../redemption/aside.ts';
import type { Resident } from '../redemption/state.ts';

/** What the side ways show: a page of what was looked up, and how its paper fares. */

interface Facts {
  readonly catalogue: Catalogue | null;
  readonly timeZone: string;
  readonly notices: readonly NoticeCode[];
}

export function asideView(state: Resident, facts: Facts): Pick<KioskView, 'statement' | 'mydata' | 'case'> {
  const { aside, screen } = state;
  if (aside === null) return {};
  if (screen === 'statement') return { statement: statementView(state, aside, facts) };
  if (screen === 'mydata') return { mydata: myDataView(state, aside, facts) };
  return screen === 'case' ? { case: caseView(aside, facts) } : {};
}

function printable(aside: Aside, { notices }: Facts) {
  const paper = paperSaid(aside, notices);
  return { canPrint: canPrint(aside, notices), ...(paper === null ? {} : { paper }) };
}

function statementView({ person, screen }: Resident, aside: Aside, facts: Facts): StatementView {
  return {
    ...{ elsewherePts: person.elsewherePts, page: aside.page, pages: pagesOf(screen, aside) },
    redemptions: pageOf(aside, STATEMENT_ROWS).map((sale) => past(sale, facts)),
    ...printable(aside, facts),
  };
}

function myDataView({ person, screen }: Resident, aside: Aside, facts: Facts): MyDataView {
  const { about, page } = aside;
  const { initials, hasPin, visitor, language, claims, used } = about;
  const items = page === 0 ? [] : (used?.items.slice((page - 1) * USED_ROWS, page * USED_ROWS) ?? []);
  return {
    ...{ initials, hasPin, visitor, remembered: language, elsewherePts: person.elsewherePts },
    ...{ redemptions: about.redemptions.length, cases: about.cases.length, claims },
    used: used && { day: used.day, pts: used.pts, items: items.map(({ sku, qty }) => ({ ...named(sku, facts), qty })) },
    ...{ page, pages: pagesOf(screen, aside), ...printable(aside, facts) },
  };
}

function caseView(aside: Aside, facts: Facts): CaseView {
  const { report } = aside;
  switch (report.step) {
    case 'what':
      return report;
    case 'which': {
      const redemptions = pageOf(aside, CASE_ROWS).map((sale) => past(sale, facts));
      return { ...report, redemptions, page: aside.page, pages: pagesOf('case', aside) };
    }
    case 'sure': {
      const { step, code, sale } = report;
      return { step, code, redemption: sale && past(sale, facts) };
    }
    case 'filed':
      return { ...report, ...printable(aside, facts) };
  }
}

function past({ number, at, pts, undone, lines }: PastSale, facts: Facts): PastRedemption {
  const [first] = lines;
  const { name, image } = named(first?.sku ?? '', facts);
  return {
    ...{ number, day: businessDay(at, facts.timeZone), time: timeOfDay(at, facts.timeZone), pts, undone },
    ...{ first: { name, image, qty: first?.qty ?? 0 }, more: Math.max(0, lines.length - 1) },
  };
}

/** What is on no shelf any more has no name here but its own. */
function named(sku: string, { catalogue }: Facts) {
  const name = catalogue?.items.find((item) => item.sku === sku)?.name;
  return name === undefined ? { name: { zh: sku, en: sku }, image: null } : { name, image: `goods/${sku}.svg` };
}
