import { fromBase64url } from '../primitives/base64url.ts';

/** keys.json: a JWK set (RFC 7517) of Ed25519 keys (RFC 8037): the hub's `hub.<n>`, terminals' `<tid>.<ep>`. */
export interface Keys {
  readonly hub: readonly { readonly kid: string; readonly publicKey: Uint8Array }[];
  /** By kid. */
  readonly terminals: ReadonlyMap<string, Uint8Array>;
}

export interface Jwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly alg: 'Ed25519';
  readonly use: 'sig';
  readonly kid: string;
  readonly x: string;
}

/** Null where it is not such a set. */
export function readKeys(value: unknown): Keys | null {
  const list = (value as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(list)) return null;
  const hub: { kid: string; publicKey: Uint8Array }[] = [];
  const terminals: Map<string, Uint8Array> = new Map();
  for (const jwk of list as (Partial<Jwk> | null)[]) {
    const publicKey = typeof jwk?.x === 'string' ? fromBase64url(jwk.x) : null;
    if (jwk?.kty !== 'OKP' || jwk.crv !== 'Ed25519' || typeof jwk.kid !== 'string' || publicKey?.length !== 32)
      return null;
    if (jwk.kid.startsWith('hub.')) hub.push({ kid: jwk.kid, publicKey });
    else terminals.set(jwk.kid, publicKey);
  }
  return { hub, terminals };
}
