import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { PIN_SCRYPT } from '../../protocol/cards/pin.ts';

/** scrypt of passwords (RFC 7914; N 2^15 as OWASP's password storage sheet asks with r 8) and of PINs. */
const PASSWORD_SCRYPT = { N: 32_768, r: 8, p: 3, maxmem: 128 * 1024 * 1024 };

function derive(secret: string, salt: Uint8Array, cost: { N: number; r: number; p: number; maxmem?: number }) {
  return new Promise<Uint8Array>((resolve, reject) => {
    scrypt(secret.normalize('NFKC'), salt, 32, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

export async function hashPassword(password: string): Promise<{ salt: string; hash: string }> {
  const salt = randomBytes(16);
  return {
    salt: salt.toString('base64url'),
    hash: Buffer.from(await derive(password, salt, PASSWORD_SCRYPT)).toString('base64url'),
  };
}

export async function passwordMatches(password: string, salt: string, hash: string): Promise<boolean> {
  const derived = await derive(password, Buffer.from(salt, 'base64url'), PASSWORD_SCRYPT);
  const expected = Buffer.from(hash, 'base64url');
  return expected.length === derived.length && timingSafeEqual(derived, expected);
}

/** The value the hub keeps sealed; a terminal's verifier is an HMAC of it. */
export async function hashPin(pin: string): Promise<{ salt: string; scrypt: Uint8Array }> {
  const salt = randomBytes(16);
  const { N, r, p } = PIN_SCRYPT;
  return { salt: salt.toString('base64url'), scrypt: await derive(pin, salt, { N, r, p }) };
}
