import { pinRefusal } from '../../protocol/cards/pin.ts';
import type { Books, Reading } from '../ledger/books.ts';
import type { CardRow, PinRow } from '../ledger/tables.ts';
import { type ActOutcome, cannot } from '../operators/acts.ts';
import { bumpOwner, type Doing } from './cards.ts';
import type { Seal } from './seal.ts';

/** A card's PIN at the hub: only its scrypt value is kept, sealed. Set by an operator here, or taken from a kiosk. */

export interface HashedPin {
  readonly salt: string;
  readonly scrypt: Uint8Array | null;
}

/** Never over a newer PIN: the later one holds, however they arrive; of two at one time the one with the higher id. */
export async function isNewest(
  books: Reading,
  card: number,
  { at, pin }: Pick<PinRow, 'at' | 'pin'>,
): Promise<boolean> {
  const set = (await books.list('pins', 'ofCard', { card }, { from: at })).filter((row) => row.outcome === 'set');
  return set.every((row) => row.at === at && row.pin < pin);
}

/** The new salt also unlocks the card wherever another PIN had locked it. */
export async function putPin(books: Books, card: CardRow, { salt, scrypt }: HashedPin, seal: Seal): Promise<void> {
  if (scrypt === null) throw new Error('a PIN without its scrypt value');
  await books.put('cards', [{ ...card, pinSalt: salt, pinSealed: seal.seal(scrypt, 'pin') }]);
  await bumpOwner(books, card);
}

const SENTENCES = {
  'pin-form': ['A PIN is four digits.', 'Let the resident choose four digits.'],
  'pin-weak': ['This PIN is one that anybody tries first.', 'Let the resident choose another one.'],
} as const;

/** Before any hashing; null where the PIN may be set. */
export function refusedPin(pin: string): ActOutcome | null {
  const code = pinRefusal(pin);
  if (code === null) return null;
  const [says, whatToDo] = SENTENCES[code];
  return cannot(code, says, whatToDo);
}

/** The resident typed it at the hub, before an operator. */
export async function setPin(
  books: Books,
  card: number,
  hashed: HashedPin,
  id: string,
  { by, at }: Doing,
  seal: Seal,
): Promise<ActOutcome> {
  const row = await books.get('cards', { card });
  if (row === undefined) return NO_CARD;
  if (row.state !== 'good') return cannot('card-blocked', 'This card is blocked.', 'Set the PIN of the newer card.');
  // A kiosk's clock may have been a little ahead: what is set here and now is the latest all the same.
  const [last] = (await books.list('pins', 'ofCard', { card })).slice(-1);
  const now = Math.max(at, (last?.at ?? 0) + 1);
  await books.add('pins', [{ tid: '', pin: id, card, at: now, setBy: by, takenAt: at, outcome: 'set' }]);
  await putPin(books, row, hashed, seal);
  await books.audit({ at, user: by, act: 'set-pin', subject: String(card), detail: {} });
  return { ok: true, says: 'Set. Each kiosk learns it at its next sync.' };
}
const NO_CARD = cannot('no-card', 'There is no such card.', 'Search for its account again.');

/** The tries are free again at every kiosk that hears of it; the PIN stays. */
export async function unlockPin(books: Books, card: number, reason: string, { by, at }: Doing): Promise<ActOutcome> {
  const row = await books.get('cards', { card });
  if (row === undefined) return NO_CARD;
  if (row.pinSalt === null) return cannot('pin-missing', 'This card has no PIN.', 'Set one.');
  await books.put('cards', [{ ...row, unlockedAt: Math.max(at, (row.unlockedAt ?? 0) + 1) }]);
  await bumpOwner(books, row);
  await books.audit({ at, user: by, act: 'unlock-pin', subject: String(card), detail: { reason } });
  return { ok: true, says: 'Unlocked. Each kiosk learns it at its next sync.' };
}
