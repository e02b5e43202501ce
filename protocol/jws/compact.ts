import type { Signer, Verifying } from '../crypto.ts';
import { fromBase64url, toBase64url } from '../primitives/base64url.ts';
import { utf8 } from '../primitives/bytes.ts';

/**
 * Compact JWS (RFC 7515, section 7.1), as strict as this protocol needs it: three canonical segments, one exact header,
 * a 64-byte signature. The header chooses nothing: algorithm and key come from what was enrolled.
 */

export type Typ =
  | 'tally-record'
  | 'tally-grant'
  | 'tally-enrolment'
  | 'tally-catalogue'
  | 'tally-enrol'
  | 'tally-sync'
  | 'tally-manifest';

export interface CompactJws {
  readonly kid: string;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** The ASCII bytes that were signed: the first two segments with their dot. */
  readonly signed: Uint8Array;
}

/** `<name>.<number>`: `<tid>.<ep>` for a terminal's key, `hub.<n>` for the hub's. */
const KID = /^[a-z0-9][a-z0-9-]{0,31}\.(0|[1-9][0-9]{0,8})$/;

export function headerOf(typ: Typ, kid: string): string {
  return `{"alg":"Ed25519","kid":"${kid}","typ":"${typ}"}`;
}

export function signCompact(typ: Typ, payload: Uint8Array, signer: Signer): string {
  const signed = `${toBase64url(utf8(headerOf(typ, signer.kid)))}.${toBase64url(payload)}`;
  return `${signed}.${toBase64url(signer.sign(utf8(signed)))}`;
}

/** Takes the three segments apart; null where anything is not exactly as it must be. Checks no signature. */
export function parseCompact(typ: Typ, jws: string): CompactJws | null {
  const segments = jws.split('.');
  const [head, body, tail] = segments;
  if (segments.length !== 3 || head === undefined || body === undefined || tail === undefined) return null;
  const header = fromBase64url(head);
  const payload = fromBase64url(body);
  const signature = fromBase64url(tail);
  if (header === null || payload === null || signature === null || signature.length !== 64) return null;
  const kid = kidOf(header);
  if (kid === null || toBase64url(utf8(headerOf(typ, kid))) !== head) return null;
  return { kid, payload, signature, signed: utf8(`${head}.${body}`) };
}

export function verifyCompact(parsed: CompactJws, publicKey: Uint8Array, verifying: Verifying): boolean {
  return verifying.verify(publicKey, parsed.signed, parsed.signature);
}

/** A JWS whose payload travels beside it (RFC 7515, appendix F): `<header>..<signature>`. */
export function signDetached(typ: Typ, body: Uint8Array, signer: Signer): string {
  const [head, , tail] = signCompact(typ, body, signer).split('.');
  return `${head}..${tail}`;
}

export function parseDetached(typ: Typ, detached: string, body: Uint8Array): CompactJws | null {
  const segments = detached.split('.');
  if (segments.length !== 3 || segments[1] !== '') return null;
  return parseCompact(typ, `${segments[0]}.${toBase64url(body)}.${segments[2]}`);
}

function kidOf(header: Uint8Array): string | null {
  // Only finds the candidate; the caller compares the whole header with the one it would have written itself.
  const match = /"kid":"([^"\\]{1,64})"/.exec(String.fromCharCode(...header.subarray(0, 256)));
  const kid = match?.[1];
  return kid !== undefined && KID.test(kid) ? kid : null;
}
