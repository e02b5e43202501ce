import { gzipSync } from 'node:zlib';
import type { Signer, Verifying } from '../../protocol/crypto.ts';
import { fromUtf8 } from '../../protocol/primitives/bytes.ts';
import type { SyncRequest } from '../../protocol/sync/messages.ts';
import { type Exchanged, openAnswer, packRequest } from './envelope.ts';

/** One request to the hub and its answer: signed both ways, believed only when it answers this very question. */

export interface Hub {
  readonly url: string;
  /** By kid: the key pinned at enrolment, and the next one that it announced. */
  readonly keys: () => ReadonlyMap<string, Uint8Array>;
}
const TIMEOUT_MS = 20_000;
const GZIP_FROM_BYTES = 8_192;

export async function exchange(
  request: SyncRequest,
  signer: Signer,
  hub: Hub,
  verifying: Verifying,
): Promise<Exchanged> {
  const { body, signature } = packRequest(request, signer);
  const packed = body.length >= GZIP_FROM_BYTES;
  let answer: Response;
  let bytes: Uint8Array;
  try {
    answer = await fetch(`${hub.url}/v1/terminals/${request.tid}/sync`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'tally-signature': signature,
        ...(packed ? { 'content-encoding': 'gzip' } : {}),
      },
      body: packed ? gzipSync(body) : body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    bytes = new Uint8Array(await answer.arrayBuffer());
  } catch (error) {
    return { ok: false, code: 'unreachable', says: reasonOf(error) };
  }
  if (answer.status !== 200) {
    const retryAfterMs = Number(answer.headers.get('retry-after') ?? 0) * 1_000;
    const says = `${answer.status} ${fromUtf8(bytes)?.slice(0, 200)}`;
    return { ok: false, code: 'refused', says, ...(retryAfterMs > 0 ? { retryAfterMs } : {}) };
  }
  return openAnswer(request, bytes, answer.headers.get('tally-signature') ?? '', hub.keys(), verifying);
}

function reasonOf(error: unknown): string {
  const cause = (error as { cause?: { code?: string } }).cause;
  return cause?.code ?? (error as Error).name;
}
