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
