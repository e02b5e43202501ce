import { gzipSync } from 'node:zlib';
import type { Signer, Verifying } from '../../protocol/crypto.ts';
import { parseDetached, signDetached, verifyCompact } from '../../protocol/jws/compact.ts';
import { fromUtf8, utf8 } from '../../protocol/primitives/bytes.ts';
import { parseStrictJson } from '../../protocol/primitives/strict-json.ts';
import { type SyncRequest, type SyncResponse, syncResponseCheck } from '../../protocol/sync/messages.ts';

/** One request to the hub and its answer: signed both ways, believed only when it answers this very question. */

export interface Hub {
  readonly url: string;
  readonly kid: string;
  readonly key: Uint8Array;
}
export type Exchanged =
  | { readonly ok: true; readonly response: SyncResponse }
  | { readonly ok: false; readonly code: 'unreachable' | 'refused' | 'not-our-hub'; readonly says: string };

const TIMEOUT_MS = 20_000;
const GZIP_FROM_BYTES = 8_192;

export async function exchange(
  request: SyncRequest,
  signer: Signer,
  hub: Hub,
  verifying: Verifying,
): Promise<Exchanged> {
  const body = utf8(JSON.stringify(request));
  const packed = body.length >= GZIP_FROM_BYTES;
  let answer: Response;
  let bytes: Uint8Array;
  try {
    answer = await fetch(`${hub.url}/v1/terminals/${request.tid}/sync`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'tally-signature': signDetached('tally-sync', body, signer),
        ...(packed ? { 'content-encoding': 'gzip' } : {}),
      },
      body: packed ? gzipSync(body) : body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    bytes = new Uint8Array(await answer.arrayBuffer());
  } catch (error) {
    return { ok: false, code: 'unreachable', says: reasonOf(error) };
  }
  if (answer.status !== 200)
    return { ok: false, code: 'refused', says: `${answer.status} ${fromUtf8(bytes)?.slice(0, 200)}` };
  const signed = parseDetached('tally-sync', answer.headers.get('tally-signature') ?? '', bytes);
  if (signed === null || signed.kid !== hub.kid || !verifyCompact(signed, hub.key, verifying)) {
    return { ok: false, code: 'not-our-hub', says: 'the answer is not signed by the hub this kiosk was enrolled at' };
  }
  const response = parseStrictJson(fromUtf8(bytes) ?? '');
  if (
    !syncResponseCheck.Check(response) ||
    response.id !== request.id ||
    response.tid !== request.tid ||
    response.ep !== request.ep
  ) {
    return { ok: false, code: 'not-our-hub', says: 'the answer belongs to another question' };
  }
  return { ok: true, response };
}

function reasonOf(error: unknown): string {
  const cause = (error as { cause?: { code?: string } }).cause;
  return cause?.code ?? (error as Error).name;
}
