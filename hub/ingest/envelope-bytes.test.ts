import { expect, it } from 'vitest';
import type { SignedRecord } from '../../protocol/records/record.ts';
import type { SyncAsk } from '../../protocol/sync/messages.ts';
import type { EnvelopeRead } from './envelope.ts';
import { arrivedOfBytes, bytesOfRead } from './envelope-bytes.ts';

/** What crosses from the reading threads is what they read, junk between records and all. */

const record = (seq: number, jws: string): SignedRecord => ({
  ...{ jws, hash: `h${seq}`, tid: 'a', ep: 1, seq, prev: `h${seq - 1}`, type: 'newer', v: 2 },
  payload: null,
});
const request = { v: 1, tid: 'a', id: 'x' } as unknown as SyncAsk;
const read: EnvelopeRead = {
  ...{ ok: true, request },
  records: [
    { jws: 'one', hash: 'h1', record: record(1, 'one') },
    { jws: 'junk', hash: 'hj', record: null },
    { jws: 'two', hash: 'h2', record: record(2, 'two') },
  ],
};

it('comes out as it went in, as often as it is asked for', () => {
  const arrived = arrivedOfBytes(bytesOfRead(read));
  if (!arrived.ok) throw new Error(arrived.code);
  expect(arrived.request).toEqual(request);
  expect(arrived.records()).toEqual(read.records);
  expect(arrived.records()).toEqual(read.records);
});

it('holds any number of records in any script', () => {
  const texts = ['plain', '县村商店', '😀 \u0000 "\\', 'é'.repeat(500)];
  const records = Array.from({ length: 203 }, (_, n) => {
    const type = texts[n % texts.length] ?? '';
    return { jws: `j${n}`, hash: `h${n}`, record: { ...record(n, `j${n}`), hash: `h${n}`, type } };
  });
  const arrived = arrivedOfBytes(structuredClone(bytesOfRead({ ok: true, request, records })));
  expect(arrived.ok && arrived.records()).toEqual(records);
});

it('says each record’s bytes once', () => {
  const { head, records } = bytesOfRead(read);
  expect(`${head}${Buffer.from(records).toString()}`.split('"one"')).toHaveLength(2);
});

it('tells a refusal', () => {
  expect(arrivedOfBytes(bytesOfRead({ ok: false, code: 'bad-request' }))).toEqual({ ok: false, code: 'bad-request' });
});
