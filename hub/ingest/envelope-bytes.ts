import type { SignedRecord } from '../../protocol/records/record.ts';
import type { SyncAsk } from '../../protocol/sync/messages.ts';
import type { Arrived, EnvelopeRead, EnvelopeRefusal, ReadRecord } from './envelope.ts';

/**
 * A read envelope as bytes between threads. What it brings stays bytes until its turn comes: sixty batches that wait as
 * objects would be copied about by the collector again and again. They are handed over, not copied, and in pieces, as a
 * string of a whole batch lies outside of where short-lived objects live, and costs more than all the rest of reading it.
 */
export interface ReadBytes {
  /** What is asked, or why it is refused: JSON. */
  readonly head: string;
  /** Pieces of JSON, one behind the other. */
  readonly records: Uint8Array<ArrayBuffer>;
  /** Where each piece ends. */
  readonly ends: readonly number[];
}
type Head = { readonly ok: true; readonly request: SyncAsk } | { readonly ok: false; readonly code: EnvelopeRefusal };
/** A record without what stands beside it; null for junk. */
type Told = Omit<SignedRecord, 'jws' | 'hash'> | null;
type Row = readonly [jws: string, hash: string, told: Told];

/** Rows of one piece: some ten kilobytes. */
const PIECE_ROWS = 24;
/** UTF-8 of one UTF-16 unit at most. */
const UNIT_BYTES = 3;

export function bytesOfRead(read: EnvelopeRead): ReadBytes {
  if (!read.ok) return { head: JSON.stringify(read satisfies Head), records: new Uint8Array(), ends: [] };
  const pieces: string[] = [];
  for (let at = 0; at < read.records.length; at += PIECE_ROWS)
    pieces.push(JSON.stringify(read.records.slice(at, at + PIECE_ROWS).map(rowOf)));
  const room = pieces.reduce((sum, piece) => sum + piece.length, 0);
  let records = Buffer.allocUnsafeSlow(room);
  const ends: number[] = [];
  let end = 0;
  for (const piece of pieces) {
    // Nearly all of it is ASCII; only what is not needs more room than it has characters.
    if (Buffer.byteLength(piece) > records.length - end)
      records = grown(records, end, piece.length * UNIT_BYTES + room);
    end += records.write(piece, end, 'utf8');
    ends.push(end);
  }
  const head: Head = { ok: true, request: read.request };
  return { head: JSON.stringify(head), records: records.subarray(0, end), ends };
}

function grown(bytes: Buffer<ArrayBuffer>, used: number, by: number): Buffer<ArrayBuffer> {
  const more = Buffer.allocUnsafeSlow(used + by);
  bytes.copy(more, 0, 0, used);
  return more;
}

function rowOf({ jws, hash, record }: ReadRecord): Row {
  if (record === null) return [jws, hash, null];
  const { tid, ep, seq, prev, payload, type, v } = record;
  return [jws, hash, { tid, ep, seq, prev, payload, type, v }];
}

export function arrivedOfBytes({ head, records, ends }: ReadBytes): Arrived {
  const read = JSON.parse(head) as Head;
  if (!read.ok) return read;
  return { ...read, records: () => recordsOf(records, ends) };
}

function recordsOf(bytes: Uint8Array, ends: readonly number[]): ReadRecord[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const records: ReadRecord[] = [];
  let from = 0;
  for (const end of ends) {
    for (const [jws, hash, told] of JSON.parse(text.toString('utf8', from, end)) as Row[]) {
      if (told === null) records.push({ jws, hash, record: null });
      else {
        const { tid, ep, seq, prev, payload, type, v } = told;
        records.push({ jws, hash, record: { jws, hash, tid, ep, seq, prev, payload, type, v } });
      }
    }
    from = end;
  }
  return records;
}
