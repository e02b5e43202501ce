import { gunzipSync } from 'node:zlib';
import type { Hashing, Verifying } from '../../protocol/crypto.ts';
import { parseDetached, verifyCompact } from '../../protocol/jws/compact.ts';
import { fromUtf8 } from '../../protocol/primitives/bytes.ts';
import { parseStrictJson } from '../../protocol/primitives/strict-json.ts';
import { decodeRecord, type SignedRecord } from '../../protocol/records/record.ts';
import { SYNC_LIMITS, type SyncAsk, type SyncRequest, syncRequestCheck } from '../../protocol/sync/messages.ts';

/**
 * One envelope, read: unpacked, its signature checked once, its form, and each record's own signature. All of it is
 * arithmetic on what was handed in, so a hub that listens does it on worker threads.
 */

export interface Envelope {
  readonly tid: string;
  readonly body: Uint8Array;
  readonly packed: boolean;
  /** Detached JWS over the unpacked body. */
  readonly signature: string;
  /** Keys of this terminal's epochs. */
  readonly keys: readonly (readonly [ep: number, key: Uint8Array])[];
}
export type EnvelopeRefusal = 'unknown-terminal' | 'bad-signature' | 'bad-request' | 'body-too-large';
/** What one of `records` is: a record, or null for junk; beside it its bytes and their HASH. */
export interface ReadRecord {
  readonly jws: string;
  readonly hash: string;
  readonly record: SignedRecord | null;
}
export type EnvelopeRead =
  | { readonly ok: true; readonly request: SyncAsk; readonly records: readonly ReadRecord[] }
  | { readonly ok: false; readonly code: EnvelopeRefusal };
/** `records`: asked for when their turn comes; each call may make them anew. */
export type Arrived =
  | { readonly ok: true; readonly request: SyncAsk; readonly records: () => readonly ReadRecord[] }
  | { readonly ok: false; readonly code: EnvelopeRefusal };
export type ReadEnvelope = (envelope: Envelope) => Promise<Arrived>;

export function arrivedOf(read: EnvelopeRead): Arrived {
  return read.ok ? { ...read, records: () => read.records } : read;
}

export function readEnvelope(envelope: Envelope, crypto: Hashing & Verifying): EnvelopeRead {
  const { tid } = envelope;
  const keys = new Map(envelope.keys);
  const body = envelope.packed ? unpacked(envelope.body) : envelope.body;
  if (body === null) return { ok: false, code: 'body-too-large' };
  const parsed = parseDetached('tally-sync', envelope.signature, body);
  const [name, number] = (parsed?.kid ?? '').split('.');
  if (parsed === null || name !== tid) return { ok: false, code: 'bad-signature' };
  const ep = Number(number);
  const key = keys.get(ep);
  if (key === undefined) return { ok: false, code: 'unknown-terminal' };
  if (!verifyCompact(parsed, key, crypto)) return { ok: false, code: 'bad-signature' };
  const request = requestOf(body);
  if (request === null || request.tid !== tid || request.ep !== ep) return { ok: false, code: 'bad-request' };
  const { records, ...ask } = request;
  return { ok: true, request: ask, records: readRecords(records, tid, keys, crypto) };
}

/** A record gets its ID only from a valid signature by a key of this very terminal; all else is junk under its hash. */
export function readRecords(
  jwsList: readonly string[],
  tid: string,
  keys: ReadonlyMap<number, Uint8Array>,
  crypto: Hashing & Verifying,
): ReadRecord[] {
  const keyOf = (name: string, ep: number) => (name === tid ? (keys.get(ep) ?? null) : null);
  return jwsList.map((jws) => {
    const decoded = decodeRecord(jws, keyOf, crypto);
    return decoded.ok
      ? { jws, hash: decoded.record.hash, record: decoded.record }
      : { jws, hash: decoded.hash, record: null };
  });
}

/** Null for what is not gzip, or more than it may become: one refusal for both. */
function unpacked(body: Uint8Array): Uint8Array | null {
  try {
    return gunzipSync(body, { maxOutputLength: SYNC_LIMITS.unpackedBytes });
  } catch {
    return null;
  }
}

function requestOf(body: Uint8Array): SyncRequest | null {
  const text = fromUtf8(body);
  const value = text === null ? null : parseStrictJson(text);
  return syncRequestCheck.Check(value) ? value : null;
}
