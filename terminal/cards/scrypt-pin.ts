import { scrypt } from 'node:crypto';
import { PIN_SCRYPT } from '../../protocol/cards/pin.ts';

/** The value the hub keeps sealed, and this terminal's verifier is an HMAC of; off the main thread, about 50 ms. */
export function scryptPin(pin: string, salt: Uint8Array): Promise<Uint8Array> {
  const { N, r, p, bytes } = PIN_SCRYPT;
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, bytes, { N, r, p }, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
