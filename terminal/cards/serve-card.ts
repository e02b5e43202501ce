import type { UnlockReason } from '../../protocol/api/kiosk.ts';
import { pinRefusal, pinVerifier } from '../../protocol/cards/pin.ts';
import type { Hashing } from '../../protocol/crypto.ts';
import { toBase64url } from '../../protocol/primitives/base64url.ts';
import type { Book } from '../journal/book.ts';
import { noteDeed } from '../journal/clerk-trail.ts';
import type { BookCard, JournalStore } from '../journal/port.ts';
import { scryptPin } from './scrypt-pin.ts';

/** What a clerk does for a resident's card: a PIN set or replaced in the clerk's presence, a locked card unlocked. */

export interface Serving {
  readonly store: JournalStore;
  readonly book: Book;
  readonly terminalPepper: Uint8Array;
  readonly hashing: Hashing;
  readonly nowAt: () => number;
  readonly randomBytes: (n: number) => Uint8Array;
}
export type Served =
  | { readonly ok: true; readonly code: 'pin-set' | 'pin-unlocked' }
  | { readonly ok: false; readonly code: 'pin-weak' | 'own-card' | 'card-blocked' | 'unknown-card' };

const SALT_BYTES = 16;
const ID_BYTES = 9;

/**
 * Usable at once here, and in the same commit kept for the hub until it has it: after a crash the PIN is both, or neither.
 * Of the PIN itself nothing is kept.
 */
export async function setCardPin(token: string, pin: string, clerk: string, serving: Serving): Promise<Served> {
  const { store, book, hashing, nowAt, randomBytes } = serving;
  if (pinRefusal(pin) !== null) return { ok: false, code: 'pin-weak' };
  const refused = refusalOf(book.card(token), clerk, book);
  if (refused !== null) return refused;
  const salt = randomBytes(SALT_BYTES);
  const derived = await scryptPin(pin, salt);
  return store.transact(() => {
    // Looked at again: a sync may have blocked the card while it was computed.
    const card = book.card(token);
    const late = refusalOf(card, clerk, book);
    if (card === null || late !== null) return late ?? { ok: false, code: 'unknown-card' };
    const at = nowAt();
    const pinSalt = toBase64url(salt);
    store.putCard({ ...card, pinSalt, pinVerifier: pinVerifier(serving.terminalPepper, derived, hashing) });
    const id = toBase64url(randomBytes(ID_BYTES));
    store.addPin({ id, token, salt: pinSalt, scrypt: toBase64url(derived), clerk, at });
    store.setPinTries(token, 0);
    noteDeed(store, { at, deed: 'set-pin', clerk, token });
    return { ok: true, code: 'pin-set' };
  });
}

/** The tries are free again here; at other kiosks the hub unlocks. */
export function unlockCard(token: string, reason: UnlockReason, clerk: string, serving: Serving): Served {
  const { store, book, nowAt } = serving;
  const refused = refusalOf(book.card(token), clerk, book);
  if (refused !== null) return refused;
  store.transact(() => {
    store.setPinTries(token, 0);
    noteDeed(store, { at: nowAt(), deed: 'unlock-card', clerk, token, reason });
  });
  return { ok: true, code: 'pin-unlocked' };
}

function refusalOf(card: BookCard | null, clerk: string, book: Book): Extract<Served, { ok: false }> | null {
  if (card === null) return { ok: false, code: 'unknown-card' };
  if (card.state !== 'good' || book.hotlisted(card.token)) return { ok: false, code: 'card-blocked' };
  const own = card.clerk === clerk || (card.acct !== null && card.acct === book.clerkAcct(clerk));
  return own ? { ok: false, code: 'own-card' } : null;
}
