import type { Hashing, Signer, Verifying } from '../crypto.ts';
import { parseCompact, signCompact, verifyCompact } from '../jws/compact.ts';
import { toBase64url } from '../primitives/base64url.ts';
import { fromUtf8, utf8 } from '../primitives/bytes.ts';
import { parseStrictJson } from '../primitives/strict-json.ts';
import { Compile } from '../schema.ts';
import { IdentityFields, PAYLOADS, type Payload, type RecordType } from './payload.ts';

/** A record: one signed entry of a terminal's journal, a compact JWS. Its ID is (tid, ep, seq), its HASH that of the JWS. */

export interface SignedRecord {
  readonly jws: string;
  /** SHA-256 of the whole compact JWS, base64url. */
  readonly hash: string;
  readonly tid: string;
  readonly ep: number;
  readonly seq: number;
  readonly prev: string;
  /** Null where version or type is newer than ours, or its fields are not what the type asks: custody yes, judging waits. */
  readonly payload: Payload | null;
  readonly type: string;
  readonly v: number;
}

/** Junk has no ID, is neither duplicate nor fork, and advances nothing. It is kept under its hash. */
export type Decoded =
  | { readonly ok: true; readonly record: SignedRecord }
  | { readonly ok: false; readonly hash: string; readonly reason: JunkReason };
export type JunkReason =
  | 'not-compact'
  | 'unknown-key'
  | 'bad-signature'
  | 'not-strict-json'
  | 'no-identity'
  | 'key-of-another';

/** The raw public key enrolled for a terminal epoch, or null where none is. */
export type KeyOf = (tid: string, ep: number) => Uint8Array | null;

export const MAX_RECORD_CHARS = 16_384;

const CHECKS = Object.fromEntries(
  Object.entries(PAYLOADS).map(([type, schema]) => [type, Compile(schema)]),
) as unknown as Record<RecordType, { Check(value: unknown): boolean }>;
const identityCheck = Compile(IdentityFields);

export function hashOf(jws: string, hashing: Hashing): string {
  return toBase64url(hashing.sha256(utf8(jws)));
}

/** Signs a payload. A payload that our own schema refuses is a bug here, so it throws. */
export function encodeRecord(payload: Payload, signer: Signer, hashing: Hashing): SignedRecord {
  if (signer.kid !== `${payload.tid}.${payload.ep}`)
    throw new Error(`key ${signer.kid} may not sign for ${payload.tid}`);
  if (!CHECKS[payload.type].Check(payload)) throw new Error(`a ${payload.type} record that our schema refuses`);
  const jws = signCompact('tally-record', utf8(JSON.stringify(payload)), signer);
  const { tid, ep, seq, prev, type, v } = payload;
  return { jws, hash: hashOf(jws, hashing), tid, ep, seq, prev, payload, type, v };
}

export function decodeRecord(jws: string, keyOf: KeyOf, crypto: Hashing & Verifying): Decoded {
  const hash = hashOf(jws, crypto);
  const junk = (reason: JunkReason): Decoded => ({ ok: false, hash, reason });
  const parsed = jws.length <= MAX_RECORD_CHARS ? parseCompact('tally-record', jws) : null;
  if (parsed === null) return junk('not-compact');
  const [tid = '', ep = ''] = parsed.kid.split('.');
  const key = keyOf(tid, Number(ep));
  if (key === null) return junk('unknown-key');
  if (!verifyCompact(parsed, key, crypto)) return junk('bad-signature');
  const value = payloadValue(parsed.payload);
  if (value === null) return junk('not-strict-json');
  if (!identityCheck.Check(value)) return junk('no-identity');
  if (value.tid !== tid || value.ep !== Number(ep)) return junk('key-of-another');
  return { ok: true, record: { jws, hash, ...identityOf(value), payload: knownPayload(value) } };
}

/** Reads a record whose signature was checked when it was stored: for judging and showing, never at a boundary. */
export function readTrusted(jws: string, hash: string): SignedRecord {
  const parsed = parseCompact('tally-record', jws);
  const value = parsed === null ? null : payloadValue(parsed.payload);
  if (!identityCheck.Check(value)) throw new Error('a stored record can no longer be read');
  return { jws, hash, ...identityOf(value), payload: knownPayload(value) };
}

function payloadValue(payload: Uint8Array): unknown {
  const text = fromUtf8(payload);
  return text === null ? null : parseStrictJson(text);
}

function identityOf(value: { tid: string; ep: number; seq: number; prev: string; type: string; v: number }) {
  const { tid, ep, seq, prev, type, v } = value;
  return { tid, ep, seq, prev, type, v };
}

function knownPayload(value: { v: number; type: string }): Payload | null {
  if (!Object.hasOwn(CHECKS, value.type)) return null;
  return CHECKS[value.type as RecordType].Check(value) ? (value as unknown as Payload) : null;
}
