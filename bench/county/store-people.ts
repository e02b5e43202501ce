import { ledgerAccount } from '../../hub/ledger/accounts.ts';
import type { Books } from '../../hub/ledger/books.ts';
import type { CardRow, CreditRow, LotRow } from '../../hub/ledger/tables.ts';
import { transfer } from '../../hub/ledger/transfers.ts';
import type { Seal } from '../../hub/programme/seal.ts';
import { fromHex } from '../../protocol/primitives/bytes.ts';
import type { MadeCard, MadeResident } from './people.ts';
import { activityOf } from './places.ts';

/** The people of one village into the books, as an import leaves them: cards sealed, credits posted, lots begun. */

export interface PeopleDeps {
  readonly seal: Seal;
  /** One PIN for all who have one: hashing hundreds of thousands would take a day, and says nothing about the hub. */
  readonly pin: { readonly salt: string; readonly scrypt: Uint8Array };
  readonly nowMs: number;
  /** The highest card number so far. */
  readonly cardsBefore: number;
}

const DAY_MS = 86_400_000;
const LIFE_DAYS = 365;
/** Of so many residents one has a credit that nobody has approved yet. */
const ASKS_EVERY = 200;

/** Answers the highest card number now. */
export async function storePeople(
  books: Books,
  village: string,
  people: readonly MadeResident[],
  deps: PeopleDeps,
): Promise<number> {
  const first = (await books.nextVersion(people.length)) - people.length + 1;
  await books.add(
    'residents',
    people.map(({ acct, name, initials }, i) => {
      const rest = { rosterVersion: first + i, preferencesJson: null, leftAt: null };
      return { acct, village, name, initials, ...rest };
    }),
  );
  const cards: CardRow[] = [];
  for (const { acct, cards: theirs } of people)
    for (const card of theirs) cards.push(cardRow(card, acct, deps.cardsBefore + cards.length + 1, deps));
  await books.add('cards', cards);
  const blocked = cards.filter((card) => card.state === 'blocked');
  await books.add(
    'blocks',
    blocked.map(({ card, acct }) => {
      const how = {
        at: deps.nowMs - 35 * DAY_MS,
        blockedBy: 'ann',
        reason: 'lost',
        replacedBy: null,
        replacedAt: null,
      };
      return { card, acct, ...how };
    }),
  );
  await storeCredits(books, people, deps.nowMs);
  return deps.cardsBefore + cards.length;
}

function cardRow({ uid, last4, hasPin, blocked }: MadeCard, acct: string, card: number, deps: PeopleDeps): CardRow {
  const { seal, pin } = deps;
  const bytes = fromHex(uid);
  if (bytes === null) throw new Error('a made UID that is not hex');
  return {
    ...{ card, kind: 'uid', uidIndex: seal.index(bytes), uidSealed: seal.seal(bytes, 'uid'), last4, acct, clerk: null },
    state: blocked ? 'blocked' : 'good',
    pinSalt: hasPin ? pin.salt : null,
    pinSealed: hasPin ? seal.seal(pin.scrypt, 'pin') : null,
    unlockedAt: null,
  };
}

async function storeCredits(books: Books, people: readonly MadeResident[], nowMs: number): Promise<void> {
  const credits: CreditRow[] = [];
  const lots: LotRow[] = [];
  for (const [i, { acct, pts, creditedDaysAgo }] of people.entries()) {
    const at = nowMs - creditedDaysAgo * DAY_MS;
    const activity = activityOf(i);
    const nobody = { approvedBy: null, approvedAt: null, again: 0 };
    const posted = { at, madeBy: 'import', postsAt: at, state: 'posted', ...nobody } as const;
    credits.push({ credit: `o-${acct}`, acct, activity, reason: activity, pts, ...posted });
    lots.push({ lot: `o-${acct}`, acct, pts, expired: 0, expiresAt: at + LIFE_DAYS * DAY_MS });
    const made = { at: nowMs - 3_600_000 * (i % 100), madeBy: 'ann', postsAt: null, state: 'made', ...nobody } as const;
    if (i % ASKS_EVERY === 0) credits.push({ credit: `m-${acct}`, acct, activity, reason: activity, pts: 10, ...made });
  }
  await books.add('credits', credits);
  const { programme, pending, account } = ledgerAccount;
  const moves = people.flatMap(({ acct, pts }) => [
    transfer('earn', `earn:o-${acct}`, programme, pending(acct), pts, `o-${acct}`),
    transfer('post', `post:o-${acct}`, pending(acct), account(acct), pts, `o-${acct}`),
  ]);
  await books.post(moves, nowMs - 40 * DAY_MS);
  await books.put('lots', lots);
}
