import type { Signer, Verifying } from '../../protocol/crypto.ts';
import { parseDetached, signDetached, verifyCompact } from '../../protocol/jws/compact.ts';
import { fromUtf8, utf8 } from '../../protocol/primitives/bytes.ts';
import { parseStrictJson } from '../../protocol/primitives/strict-json.ts';
import type { Carried } from '../../protocol/sync/courier.ts';
import { type SyncRequest, type SyncResponse, syncResponseCheck } from '../../protocol/sync/messages.ts';

/** A request and its answer as bytes with a signature beside them: the same by net, on a stick, and in the simulator. */

export type Exchanged =
  | { readonly ok: true; readonly response: SyncResponse }
  | {
      readonly ok: false;
      readonly code: 'unreachable' | 'refused' | 'not-our-hub';
      readonly says: string;
      /** The hub is busy and said when to come back. */
      readonly retryAfterMs?: number;
    };

export function packRequest(request: SyncRequest, signer: Signer): Carried {
  const body = utf8(JSON.stringify(request));
  return { body, signature: signDetached('tally-sync', body, signer) };
}

/** Believed only where one of our hub's keys signed it and it answers this very question. */
export function openAnswer(
  request: Pick<SyncRequest, 'id' | 'tid' | 'ep'>,
  bytes: Uint8Array,
  signature: string,
  hubKeys: ReadonlyMap<string, Uint8Array>,
  verifying: Verifying,
): Exchanged {
  const response = openSigned(bytes, signature, hubKeys, verifying);
  if (response === null) {
    return { ok: false, code: 'not-our-hub', says: 'the answer is not signed by the hub this kiosk was enrolled at' };
  }
  if (response.id !== request.id || response.tid !== request.tid || response.ep !== request.ep) {
    return { ok: false, code: 'not-our-hub', says: 'the answer belongs to another question' };
  }
  return { ok: true, response };
}

/** Null unless one of our hub's keys signed just these bytes, and they are an answer. */
export function openSigned(
  bytes: Uint8Array,
  signature: string,
  hubKeys: ReadonlyMap<string, Uint8Array>,
  verifying: Verifying,
): SyncResponse | null {
  const signed = parseDetached('tally-sync', signature, bytes);
  const key = signed === null ? undefined : hubKeys.get(signed.kid);
  if (signed === null || key === undefined || !verifyCompact(signed, key, verifying)) return null;
  const response = parseStrictJson(fromUtf8(bytes) ?? '');
  return syncResponseCheck.Check(response) ? response : null;
}
