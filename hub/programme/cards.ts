import { fromHex } from '../../protocol/primitives/bytes.ts';
import type { Books, Reading } from '../ledger/books.ts';
import type { BlockRow, CardRow } from '../ledger/tables.ts';
import { type ActOutcome, cannot } from '../operators/acts.ts';
import type { Seal } from './seal.ts';

/**
 * A household's cards. A lost one is blocked at once and stays in the books as history; what takes its place opens the
 * same account, so its points are usable as soon as a kiosk has synced.
 */

export interface Doing {
  readonly by: string;
  readonly at: number;
}
export interface NewCard {
  readonly kind: string;
  /** Hex. */
  readonly uid: string;
  readonly last4: string;
}

/** By one person: a card in wrong hands cannot wait for a second. Nothing in the books of points changes. */
export async function blockCard(books: Books, card: number, reason: string, doing: Doing): Promise<ActOutcome> {
  const row = await books.get('cards', { card });
  if (row === undefined) return NO_CARD;
  if (row.state === 'blocked') return cannot('blocked-already', 'This card is blocked already.', 'Reload the page.');
  await writeBlocked(books, row, reason, null, doing);
  await books.audit({ at: doing.at, user: doing.by, act: 'block-card', subject: String(card), detail: { reason } });
  return { ok: true, says: 'Blocked. Each kiosk learns it at its next sync.' };
}
const NO_CARD = cannot('no-card', 'There is no such card.', 'Search for its account again.');

/** The new card opens the old one's account. A card that is still good is blocked by it. */
export async function replaceCard(
  books: Books,
  card: number,
  fresh: NewCard,
  reason: string,
  doing: Doing,
  seal: Seal,
): Promise<ActOutcome> {
  const row = await books.get('cards', { card });
  if (row === undefined) return NO_CARD;
  const block = await books.get('blocks', { card });
  if (block !== undefined && block.replacedBy !== null) {
    return cannot('replaced-already', 'This card has been replaced already.', 'Block and replace the newer one.');
  }
  const added = await addCard(books, row, fresh, doing.at, seal);
  if (typeof added !== 'number') return added;
  const replaced = { replacedBy: added, replacedAt: doing.at };
  if (row.state === 'good') await writeBlocked(books, row, reason, added, doing);
  else if (block !== undefined) await books.put('blocks', [{ ...block, ...replaced }]);
  else await books.add('blocks', [{ ...blockOf(row, reason, doing), ...replaced }]);
  await bumpOwner(books, row);
  const detail = { reason, replacedBy: added };
  await books.audit({ at: doing.at, user: doing.by, act: 'replace-card', subject: String(card), detail });
  return { ok: true, says: 'The new card opens the same account.' };
}

/** Another card of a household. */
export async function issueCard(
  books: Books,
  acct: string,
  fresh: NewCard,
  doing: Doing,
  seal: Seal,
): Promise<ActOutcome> {
  const resident = await books.get('residents', { acct });
  if (resident === undefined || resident.leftAt !== null) {
    return cannot('no-account', 'There is no such account, or it has left.', 'Check the account.');
  }
  const owned = await books.list('cards', 'ofAccount', { acct });
  if (owned.filter((each) => each.state === 'good').length >= MOST_GOOD_CARDS) {
    return cannot('too-many-cards', `A household has at most ${MOST_GOOD_CARDS} cards.`, 'Block one first.');
  }
  const added = await addCard(books, { acct, clerk: null }, fresh, doing.at, seal);
  if (typeof added !== 'number') return added;
  await bumpOwner(books, { acct, clerk: null });
  await books.audit({ at: doing.at, user: doing.by, act: 'issue-card', subject: acct, detail: { card: added } });
  return { ok: true, says: 'The card opens this account.' };
}
/** Good ones of one household; a roster entry has room for twenty with the blocked ones. */
const MOST_GOOD_CARDS = 8;

async function addCard(
  books: Books,
  { acct, clerk }: Pick<CardRow, 'acct' | 'clerk'>,
  { kind, uid, last4 }: NewCard,
  at: number,
  seal: Seal,
): Promise<number | ActOutcome> {
  const bytes = fromHex(uid);
  if (bytes === null) throw new Error('a UID that is not hex');
  const uidIndex = seal.index(bytes);
  if ((await books.list('cards', 'byUid', { uidIndex }, { limit: 1 })).length > 0) {
    return cannot('card-known', 'This card is registered already.', 'Take another card, or look for its account.');
  }
  const card = await freeNumber(books, at);
  const pin = { pinSalt: null, pinSealed: null, unlockedAt: null };
  await books.add('cards', [
    { card, kind, uidIndex, uidSealed: seal.seal(bytes, 'uid'), last4, acct, clerk, state: 'good', ...pin },
  ]);
  return card;
}

/** Cards are numbered by when they were registered, so that lists by number are in that order. */
async function freeNumber(books: Reading, at: number): Promise<number> {
  let card = at;
  while ((await books.get('cards', { card })) !== undefined) card += 1;
  return card;
}

function blockOf(row: CardRow, reason: string, { at, by }: Doing): BlockRow {
  const { card, acct } = row;
  return { card, acct, at, blockedBy: by, reason, replacedBy: null, replacedAt: null };
}

async function writeBlocked(books: Books, row: CardRow, reason: string, replacedBy: number | null, doing: Doing) {
  await books.put('cards', [{ ...row, state: 'blocked' }]);
  const replaced = { replacedBy, replacedAt: replacedBy === null ? null : doing.at };
  await books.put('blocks', [{ ...blockOf(row, reason, doing), ...replaced }]);
  const county = await books.get('counties', {});
  if (county === undefined) throw new Error('this store holds no county');
  await books.put('counties', [{ ...county, hotlistVersion: county.hotlistVersion + 1 }]);
  await bumpOwner(books, row);
}

/** The owner's village hears of it with its roster. */
export async function bumpOwner(books: Books, { acct, clerk }: Pick<CardRow, 'acct' | 'clerk'>): Promise<void> {
  const resident = acct === null ? undefined : await books.get('residents', { acct });
  if (resident !== undefined) {
    await books.put('residents', [{ ...resident, rosterVersion: await books.nextVersion() }]);
  }
  const row = clerk === null ? undefined : await books.get('clerks', { clerk });
  if (row !== undefined) await books.put('clerks', [{ ...row, rosterVersion: await books.nextVersion() }]);
}
