import type { Hashing, Verifying } from '../../protocol/crypto.ts';
import { decodeRecord } from '../../protocol/records/record.ts';
import type { Arrival, RecordStore, StoredBatch } from './port.ts';

/**
 * Custody: whatever arrived is kept as the bytes it came in, before anything is judged, and whether or not anything in
 * the same batch is good. A record gets its ID only from a valid signature; all else is junk under its hash.
 */
export async function receive(
  store: RecordStore,
  from: { readonly tid: string; readonly ep: number },
  jwsList: readonly string[],
  keys: ReadonlyMap<number, Uint8Array>,
  crypto: Hashing & Verifying,
  at: number,
): Promise<StoredBatch> {
  const keyOf = (tid: string, ep: number) => (tid === from.tid ? (keys.get(ep) ?? null) : null);
  const arrivals = jwsList.map((jws): Arrival => {
    const decoded = decodeRecord(jws, keyOf, crypto);
    if (!decoded.ok) return { jws, hash: decoded.hash, tid: from.tid, ep: from.ep, seq: null };
    const { tid, ep, seq, hash } = decoded.record;
    return { jws, hash, tid, ep, seq };
  });
  return store.storeBatch({ ...from, arrivals, at });
}
