import { spendable } from '../../protocol/allowance/counters.ts';
import { cardToken, type Pepper } from '../../protocol/cards/token.ts';
import type { Hashing } from '../../protocol/crypto.ts';
import type { Book } from '../journal/book.ts';
import type { Journal } from '../journal/journal.ts';
import type { BookCard } from '../journal/port.ts';
import type { Holder, Person } from '../redemption/state.ts';
import { PIN_TRIES } from '../redemption/steps.ts';

/** From a UID to a person: token by the village's pepper, then the roster. The UID goes no further than this. */
export function identifyHolder(uid: string, kind: string, book: Book, journal: Journal, hashing: Hashing): Holder {
  const tokens = (book.peppers() as readonly Pepper[]).map((pepper) => cardToken(pepper, kind, uid, hashing));
  // A visitor's card is in no roster, but where it was blocked the hotlist names it.
  if (tokens.some((token) => book.hotlisted(token))) return { kind: 'blocked' };
  const unknown: Holder = { kind: 'unknown', token: tokens[0] ?? '' };
  for (const token of tokens) {
    const card = book.card(token);
    if (card !== null) return holderOf(card, book, journal) ?? unknown;
  }
  return unknown;
}

/** Whose card it is; null where the roster has no such person any more. */
export function holderOf(card: BookCard, book: Book, journal: Journal): Holder | null {
  if (card.state !== 'good' || book.hotlisted(card.token)) return { kind: 'blocked' };
  const pinTriesLeft = Math.max(0, PIN_TRIES - book.pinTries(card.token));
  if (card.clerk !== null) {
    const clerk = {
      id: card.clerk,
      name: book.clerkName(card.clerk) ?? '',
      token: card.token,
      acct: book.clerkAcct(card.clerk),
    };
    return { kind: 'clerk', clerk, pinTriesLeft, hasPin: card.pinVerifier !== null };
  }
  const account = card.acct === null ? null : book.account(card.acct);
  if (account === null) return null;
  const points = pointsOf(account.acct, account.elsewhere, journal);
  const person: Person = {
    ...{ acct: account.acct, token: card.token, name: account.name, last4: card.last4 },
    ...points,
    hasPin: card.pinVerifier !== null,
  };
  return { kind: 'resident', person, language: account.language, pinTriesLeft, visitor: account.visitor };
}

export function pointsOf(
  acct: string,
  elsewhere: number,
  journal: Journal,
): Pick<Person, 'spendablePts' | 'elsewherePts'> {
  return { spendablePts: spendable(journal.allowance(acct)), elsewherePts: elsewhere };
}
