import { expect, it } from 'vitest';
import type { SignedRecord } from '../../protocol/records/record.ts';
import type { SyncRequest } from '../../protocol/sync/messages.ts';
import type { EnvelopeRead } from './envelope.ts';
import { readOfText, textOfRead } from './envelope-text.ts';

/** What crosses from the reading threads is what they read, junk between records and all. */

const record = (seq: number, jws: string): SignedRecord => ({
  ...{ jws, hash: `h${seq}`, tid: 'a', ep: 1, seq, prev: `h${seq - 1}`, type: 'newer', v: 2 },
  payload: null,
});
const request = { v: 1, tid: 'a', records: ['one', 'junk', 'two'] } as unknown as SyncRequest;

it('comes out as it went in', () => {
  const read: EnvelopeRead = {
    ...{ ok: true, request },
    records: [
      { hash: 'h1', record: record(1, 'one') },
      { hash: 'hj', record: null },
      { hash: 'h2', record: record(2, 'two') },
    ],
  };
  expect(readOfText(textOfRead(read))).toEqual(read);
});

it('says each record’s bytes once', () => {
  const read: EnvelopeRead = { ok: true, request, records: [{ hash: 'h1', record: record(1, 'one') }] };
  expect(textOfRead(read).split('"one"')).toHaveLength(2);
});

it('tells a refusal', () => {
  expect(readOfText(textOfRead({ ok: false, code: 'bad-request' }))).toEqual({ ok: false, code: 'bad-request' });
});
