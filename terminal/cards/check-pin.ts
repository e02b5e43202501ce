import { timingSafeEqual } from 'node:crypto';
import { PIN_PATTERN, pinVerifier } from '../../protocol/cards/pin.ts';
import type { Hashing } from '../../protocol/crypto.ts';
import type { Book } from '../journal/book.ts';
import { PIN_TRIES } from '../redemption/steps.ts';
import { scryptPin } from './scrypt-pin.ts';

/** Checks a PIN against the roster's verifier. The try is counted durably before it is checked. */
export async function checkPin(
  token: string,
  pin: string,
  book: Book,
  terminalPepper: Uint8Array,
  hashing: Hashing,
): Promise<{ readonly ok: boolean; readonly triesLeft: number }> {
  const card = book.card(token);
  const salt = card?.pinSalt ?? null;
  const verifier = card?.pinVerifier ?? null;
  if (salt === null || verifier === null || !PIN_PATTERN.test(pin)) return { ok: false, triesLeft: 0 };
  if (book.pinTries(token) >= PIN_TRIES) return { ok: false, triesLeft: 0 };
  const tries = book.countPinTry(token);
  const derived = await scryptPin(pin, Buffer.from(salt, 'base64url'));
  const ok = timingSafeEqual(Buffer.from(pinVerifier(terminalPepper, derived, hashing)), Buffer.from(verifier));
  if (ok) book.clearPinTries(token);
  return { ok, triesLeft: ok ? PIN_TRIES : Math.max(0, PIN_TRIES - tries) };
}
