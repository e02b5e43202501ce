import type { Hashing } from '../crypto.ts';
import { toBase64url } from '../primitives/base64url.ts';

/** PINs are four to six digits. scrypt makes trying all of them slow; the terminal's pepper makes a stolen list useless. */
export const PIN_PATTERN = /^[0-9]{4,6}$/;
export const PIN_LENGTH = 4;

/** Cost of scrypt (RFC 7914), the same at both ends: about 50 ms. */
export const PIN_SCRYPT = { N: 16_384, r: 8, p: 1, bytes: 32 } as const;

/** `scrypt`: of the PIN with its salt. */
export function pinVerifier(terminalPepper: Uint8Array, scrypt: Uint8Array, hashing: Hashing): string {
  return toBase64url(hashing.hmacSha256(terminalPepper, scrypt));
}

export type PinRefusal = 'pin-form' | 'pin-weak';

/**
 * Why this PIN is not taken, at either end: what a stranger tries first is no PIN. Only what is set is looked at; a PIN
 * that was imported goes on being good.
 */
export function pinRefusal(pin: string): PinRefusal | null {
  if (!PIN_PATTERN.test(pin) || pin.length !== PIN_LENGTH) return 'pin-form';
  const digits = [...pin].map(Number);
  const steps = digits.slice(1).map((digit, n) => (digit - (digits[n] ?? 0) + 10) % 10);
  // 0000; 1234 and 7890; 4321 and 3210.
  if ([0, 1, 9].some((step) => steps.every((each) => each === step))) return 'pin-weak';
  // 1212 and 1122: two digits that a glance remembers.
  const [a, b, c, d] = digits;
  return (a === c && b === d) || (a === b && c === d) ? 'pin-weak' : null;
}
