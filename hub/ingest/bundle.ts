import { parseDetached } from '../../protocol/jws/compact.ts';
import type { Carried } from '../../protocol/sync/courier.ts';
import { SYNC_LIMITS } from '../../protocol/sync/messages.ts';
import type { createSync, SyncOutcome } from './sync.ts';

/** A courier's bundle is a sync request like any other: the same core, the same answer. `by`: who brings it, signed in. */
export async function syncBundle(
  sync: ReturnType<typeof createSync>,
  { body, signature }: Carried,
  by: string,
): Promise<SyncOutcome> {
  if (body.length > SYNC_LIMITS.unpackedBytes) return { ok: false, code: 'body-too-large' };
  // Which terminal's keys to look at; whether one of them signed it is the core's question.
  const tid = parseDetached('tally-sync', signature, new Uint8Array())?.kid.split('.')[0];
  return tid === undefined ? { ok: false, code: 'bad-signature' } : sync(tid, body, signature, by);
}
