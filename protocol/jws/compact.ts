import type { Signer, Verifying } from '../crypto.ts';
import { base64urlBehind, fromBase64url, toBase64url } from '../primitives/base64url.ts';
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
  | 'tally-nudges'
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
  const first = jws.indexOf('.');
  const second = jws.indexOf('.', first + 1);
  if (first < 0 || second < 0 || jws.indexOf('.', second + 1) >= 0) return null;
  const ends = parseEnds(typ, jws.slice(0, first), jws.slice(second + 1));
  const payload = ends === null ? null : fromBase64url(jws.slice(first + 1, second));
  if (ends === null || payload === null) return null;
  return { ...ends, payload, signed: utf8(jws.slice(0, second)) };
}

function parseEnds(typ: Typ, head: string, tail: string): { kid: string; signature: Uint8Array } | null {
  const kid = kidIn(typ, head);
  const signature = kid === null ? null : fromBase64url(tail);
  return kid === null || signature === null || signature.length !== 64 ? null : { kid, signature };
}

export function verifyCompact(parsed: CompactJws, publicKey: Uint8Array, verifying: Verifying): boolean {
  return verifying.verify(publicKey, parsed.signed, parsed.signature);
}

/** A JWS whose payload travels beside it (RFC 7515, appendix F): `<header>..<signature>`. */
export function signDetached(typ: Typ, body: Uint8Array, signer: Signer): string {
  const head = toBase64url(utf8(headerOf(typ, signer.kid)));
  return `${head}..${toBase64url(signer.sign(base64urlBehind(`${head}.`, body)))}`;
}

export function parseDetached(typ: Typ, detached: string, body: Uint8Array): CompactJws | null {
  const [head, empty, tail, ...more] = detached.split('.');
  if (head === undefined || empty !== '' || tail === undefined || more.length > 0) return null;
  const ends = parseEnds(typ, head, tail);
  return ends === null ? null : { ...ends, payload: body, signed: base64urlBehind(`${head}.`, body) };
}

/** Headers that were found right: a county's few hundred come again and again. */
const RIGHT_HEADERS: Map<string, string> = new Map();
const RIGHT_HEADERS_MAX = 4_096;

/** The kid of a header segment; null unless it is, to the character, the one we would have written ourselves. */
function kidIn(typ: Typ, head: string): string | null {
  const name = `${typ} ${head}`;
  const known = RIGHT_HEADERS.get(name);
  if (known !== undefined) return known;
  const header = head.length <= 400 ? fromBase64url(head) : null;
  const match = header === null ? null : /"kid":"([^"\\]{1,64})"/.exec(String.fromCharCode(...header));
  const kid = match?.[1];
  if (kid === undefined || !KID.test(kid) || toBase64url(utf8(headerOf(typ, kid))) !== head) return null;
  if (RIGHT_HEADERS.size >= RIGHT_HEADERS_MAX) RIGHT_HEADERS.clear();
  RIGHT_HEADERS.set(name, kid);
  return kid;
}
