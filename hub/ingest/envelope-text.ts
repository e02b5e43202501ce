import type { SignedRecord } from '../../protocol/records/record.ts';
import type { EnvelopeRead, ReadRecord } from './envelope.ts';

/**
 * A read envelope as text between threads: half the work of a structured clone for the thread that keeps the books. The
 * records' own bytes stand in the request already, and are not said twice.
 */

type Told = Omit<SignedRecord, 'jws' | 'hash'>;

export function textOfRead(read: EnvelopeRead): string {
  if (!read.ok) return JSON.stringify(read);
  const records = read.records.map(({ hash, record }) => {
    if (record === null) return { hash, record };
    const { tid, ep, seq, prev, payload, type, v } = record;
    return { hash, record: { tid, ep, seq, prev, payload, type, v } satisfies Told };
  });
  return JSON.stringify({ ok: true, request: read.request, records });
}

export function readOfText(text: string): EnvelopeRead {
  const read = JSON.parse(text) as EnvelopeRead;
  if (!read.ok) return read;
  const records = read.records.map(({ hash, record }, n): ReadRecord => {
    if (record === null) return { hash, record };
    const { tid, ep, seq, prev, payload, type, v }: Told = record;
    return { hash, record: { jws: read.request.records[n] ?? '', hash, tid, ep, seq, prev, payload, type, v } };
  });
  return { ok: true, request: read.request, records };
}
