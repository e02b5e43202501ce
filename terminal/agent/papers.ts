import { businessDay } from '../../protocol/primitives/calendar.ts';
import { recordNumber } from '../../protocol/records/number.ts';
import { pointsOf } from '../cards/identify-holder.ts';
import type { Book } from '../journal/book.ts';
import type { Journal } from '../journal/journal.ts';
import type { BookAccount, BookCard, JournalRecord } from '../journal/port.ts';
import { caseSlipOf } from '../receipts/case-slip.ts';
import type { Element } from '../receipts/elements.ts';
import { heldOf } from '../receipts/held.ts';
import { STATEMENT_REDEMPTIONS_MAX, statementOf } from '../receipts/statement.ts';
import type { About } from '../redemption/about.ts';
import type { PaperOutcome } from './print-runner.ts';

/** What a resident asks about themselves: their statement, what this kiosk holds of them, a correction's slip. On the screen, and on paper. */

export interface PapersDeps {
  readonly book: Book;
  readonly journal: Journal;
  readonly tid: string;
  readonly nowAt: () => number;
  readonly print: (elements: readonly Element[]) => Promise<PaperOutcome>;
}
/** `unknown-card`: no account of this kiosk's roster has that card, or not that correction. */
type Asked = PaperOutcome | 'unknown-card';

export function createPapers({ book, journal, tid, nowAt, print }: PapersDeps) {
  function factsOf(token: string) {
    const card = book.card(token);
    const account = card?.acct == null ? null : book.account(card.acct);
    const policy = book.policy();
    if (card === null || account === null || policy === null) return null;
    const records = journal.ofAccount(account.acct, 0);
    const { place, timeZone } = policy;
    const points = pointsOf(account.acct, account.elsewhere, journal);
    const common = { name: account.name, last4: card.last4, at: nowAt(), place, timeZone, ...points };
    return { card, account, records, common };
  }

  /** Newest first; what a clerk has undone stays, and says so. */
  function salesOf(records: readonly JournalRecord[]): About['redemptions'] {
    const undone = new Set(
      records.flatMap(({ ep, payload }) => (payload.type === 'void' ? `${ep}.${payload.ref}` : [])),
    );
    const sales = records.flatMap(({ ep, seq, payload }) => {
      if (payload.type !== 'redeem') return [];
      const { at, pts, lines } = payload;
      return { number: recordNumber({ tid, ep, seq }), at, pts, lines, undone: undone.has(`${ep}.${seq}`) };
    });
    return sales.reverse();
  }

  function casesOf(records: readonly JournalRecord[]): About['cases'] {
    return records.flatMap(({ ep, seq, payload }) => {
      if (payload.type !== 'case') return [];
      const { code, day, ref = null } = payload;
      return { number: recordNumber({ tid, ep, seq }), code, day, ref };
    });
  }

  const countOf = (records: readonly JournalRecord[], type: 'redeem' | 'case' | 'claim'): number =>
    records.filter(({ payload }) => payload.type === type).length;

  function usedOf({ used }: BookAccount) {
    if (!used) return null;
    const names = new Map(book.catalogue()?.items.map((item) => [item.sku, item.name.zh]));
    const items = Object.entries(used.items).map(([sku, qty]) => ({ name: names.get(sku) ?? sku, qty }));
    return { day: used.day, pts: used.pts, items };
  }

  const hasPin = ({ pinVerifier }: BookCard) => pinVerifier !== null;

  return {
    async statement(token: string): Promise<Asked> {
      const facts = factsOf(token);
      if (facts === null) return 'unknown-card';
      const newest = salesOf(facts.records);
      const redemptions = newest.slice(0, STATEMENT_REDEMPTIONS_MAX);
      return print(statementOf({ ...facts.common, redemptions, more: newest.length - redemptions.length }));
    },
    async held(token: string): Promise<Asked> {
      const facts = factsOf(token);
      if (facts === null) return 'unknown-card';
      const { account, card, records, common } = facts;
      const { initials, language, visitor } = account;
      const what = { initials, language, visitor, hasPin: hasPin(card), used: usedOf(account) };
      const counts = {
        redemptions: countOf(records, 'redeem'),
        cases: countOf(records, 'case'),
        claims: countOf(records, 'claim'),
      };
      return print(heldOf({ ...common, ...what, ...counts }));
    },
    /** The slip of a correction that stands in the journal; nothing of it is secret, and it proves nothing by itself. */
    async caseSlip(token: string, number: string): Promise<Asked> {
      const facts = factsOf(token);
      const filed = facts === null ? undefined : casesOf(facts.records).find((each) => each.number === number);
      if (facts === null || filed === undefined) return 'unknown-card';
      return print(caseSlipOf({ ...facts.common, ...filed }));
    },
    /** What the screen shows of the same; null for a card that no account of the roster has. */
    about(token: string): About | null {
      const facts = factsOf(token);
      if (facts === null) return null;
      const { account, card, records, common } = facts;
      const { initials, language, visitor, used } = account;
      return {
        ...{
          initials,
          language,
          visitor,
          hasPin: hasPin(card),
          redemptions: salesOf(records),
          cases: casesOf(records),
        },
        used: used ? { ...used, items: Object.entries(used.items).map(([sku, qty]) => ({ sku, qty })) } : null,
        ...{ claims: countOf(records, 'claim'), day: businessDay(common.at, common.timeZone) },
      };
    },
  };
}
export type Papers = ReturnType<typeof createPapers>;
