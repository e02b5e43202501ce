import { recordNumber } from '../../protocol/records/number.ts';
import { pointsOf } from '../cards/identify-holder.ts';
import type { Book } from '../journal/book.ts';
import type { Journal } from '../journal/journal.ts';
import type { BookAccount, BookCard } from '../journal/port.ts';
import type { Element } from '../receipts/elements.ts';
import { heldOf } from '../receipts/held.ts';
import { STATEMENT_REDEMPTIONS_MAX, statementOf } from '../receipts/statement.ts';
import type { PaperOutcome } from './print-runner.ts';

/** Papers a resident asks for about themselves: their statement, and what this kiosk holds of them. No redemption, no copy. */

export interface PapersDeps {
  readonly book: Book;
  readonly journal: Journal;
  readonly tid: string;
  readonly nowAt: () => number;
  readonly print: (elements: readonly Element[]) => Promise<PaperOutcome>;
}
/** `unknown-card`: no account of this kiosk's roster has that card. */
type Asked = PaperOutcome | 'unknown-card';

export function createPapers({ book, journal, tid, nowAt, print }: PapersDeps) {
  function factsOf(token: string) {
    const card = book.card(token);
    const account = card?.acct == null ? null : book.account(card.acct);
    const policy = book.policy();
    if (card === null || account === null || policy === null) return null;
    const redeemed = journal.ofAccount(account.acct, 0).filter(({ payload }) => payload.type === 'redeem');
    const { place, timeZone } = policy;
    const points = pointsOf(account.acct, account.elsewhere, journal);
    const common = { name: account.name, last4: card.last4, at: nowAt(), place, timeZone, ...points };
    return { card, account, redeemed, common };
  }

  function redemption({ ep, seq, payload }: ReturnType<Journal['ofAccount']>[number]) {
    const pts = payload.type === 'redeem' ? payload.pts : 0;
    return { number: recordNumber({ tid, ep, seq }), at: payload.at, pts };
  }

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
      const newest = facts.redeemed.map(redemption).reverse();
      const redemptions = newest.slice(0, STATEMENT_REDEMPTIONS_MAX);
      return print(statementOf({ ...facts.common, redemptions, more: newest.length - redemptions.length }));
    },
    async held(token: string): Promise<Asked> {
      const facts = factsOf(token);
      if (facts === null) return 'unknown-card';
      const { account, card, redeemed, common } = facts;
      const { initials, language, visitor } = account;
      const what = { initials, language, visitor, hasPin: hasPin(card), used: usedOf(account) };
      return print(heldOf({ ...common, ...what, redemptions: redeemed.length }));
    },
  };
}
