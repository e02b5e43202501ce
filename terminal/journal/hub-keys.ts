import { fromBase64url } from '../../protocol/primitives/base64url.ts';
import type { SyncResponse } from '../../protocol/sync/messages.ts';
import type { EpochRow, JournalStore } from './port.ts';

/** The keys this terminal believes: the one pinned at enrolment, and the next one announced under it. */

const FACT = 'hub-next-key';

export function hubKeysOf(store: JournalStore, epoch: EpochRow): ReadonlyMap<string, Uint8Array> {
  const keys = new Map([[epoch.hubKid, epoch.hubKey]]);
  const next = JSON.parse(store.fact(FACT) ?? 'null') as SyncResponse['nextKey'] | null;
  const key = next ? fromBase64url(next.key) : null;
  if (next && key !== null) keys.set(next.kid, key);
  return keys;
}

/** Called with an answer whose signature held: so the old key vouches for the new one. */
export function noteNextKey(store: JournalStore, response: SyncResponse): void {
  if (response.nextKey !== undefined) store.setFact(FACT, JSON.stringify(response.nextKey));
}
