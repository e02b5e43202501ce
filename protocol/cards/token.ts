import type { Hashing } from '../crypto.ts';
import { toBase64url } from '../primitives/base64url.ts';
import { concat, fromHex, utf8 } from '../primitives/bytes.ts';

/**
 * The pseudonym of a card in records: `<version>.<16 bytes of HMAC-SHA256(village pepper, kind ‖ UID)>`. A UID never
 * stands in a record, and without the village's pepper nobody can try all UIDs against one.
 */
export interface Pepper {
  readonly version: number;
  /** 32 random bytes. */
  readonly key: Uint8Array;
}

/** `uidHex`: the card's UID (or chip serial), hex, any case. */
export function cardToken(pepper: Pepper, kind: string, uidHex: string, hashing: Hashing): string {
  const uid = fromHex(uidHex);
  if (uid === null) throw new Error('a UID that is not hex');
  const mac = hashing.hmacSha256(pepper.key, concat(utf8(kind), uid));
  return `${pepper.version}.${toBase64url(mac.subarray(0, 16))}`;
}
