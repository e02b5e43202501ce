import { existsSync, readFileSync } from 'node:fs';
import { readKeys } from '../../protocol/audit/keys.ts';
import { isAcceptablePublicKey } from '../../protocol/jws/small-order.ts';
import { fromBase64url } from '../../protocol/primitives/base64url.ts';

/** A hub's public keys as an auditor names them: raw in base64url, or a file with that or with a JWK set. Null: neither. */
export function readHubKeys(given: string): readonly Uint8Array[] | null {
  const text = (existsSync(given) ? readFileSync(given, 'utf8') : given).trim();
  const raw = fromBase64url(text);
  if (raw !== null && isAcceptablePublicKey(raw)) return [raw];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null; // neither a key nor JSON: the caller says what is asked for
  }
  const keys = readKeys(value)?.hub.map(({ publicKey }) => publicKey) ?? [];
  return keys.length > 0 ? keys : null;
}
