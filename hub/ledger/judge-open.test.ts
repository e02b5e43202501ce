import { describe, expect, it } from 'vitest';
import type { OpenPayload } from '../../protocol/records/payload.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import { judge } from './judge.ts';
import type { ChainState, LedgerView } from './judgement.ts';

/** An `open` moves no points, so it may not move the running total either. */

const chain: ChainState = { tid: 'k1', ep: 1, shop: 's1', seq: 4, head: 'h4', tot: 100 };
const view: LedgerView = {
  allowance: () => ({ G: 0, S: 0, V: 0, R: 0 }),
  allowanceBalance: () => 0,
  price: () => null,
};
function open(change: Partial<OpenPayload> = {}): SignedRecord {
  const payload: OpenPayload = {
    ...{ v: 1, type: 'open', tid: 'k1', ep: 1, seq: 5, prev: 'h4', at: 1, up: 1, boot: 'b', day: '2027-01-01' },
    ...{ tot: 100, reason: 'restore', sw: '0' },
    ...change,
  };
  const { tid, ep, seq, prev, type, v } = payload;
  return { jws: '', hash: 'h5', tid, ep, seq, prev, payload, type, v };
}

describe('judging an open', () => {
  it('matches what continues the chain; no points move', () => {
    expect(judge(open(), chain, view)).toEqual({
      kind: 'judged',
      judgement: {
        ...{ stage: 'matched', flags: [], transfers: [], freeze: false },
        chain: { ...chain, seq: 5, head: 'h5', tot: 100 },
      },
    });
  });

  it.each([
    ['a record before it that is another', { prev: 'x' }, 'wrong-prev'],
    ['a total that rises without a sale', { tot: 145 }, 'wrong-counters'],
    ['a total that falls without a void', { tot: 0 }, 'wrong-counters'],
    ['both wrong', { prev: 'x', tot: 0 }, 'wrong-prev'],
  ] as const)('quarantines %s, and freezes', (_what, change, code) => {
    expect(judge(open(change), chain, view)).toMatchObject({
      kind: 'judged',
      judgement: { stage: 'quarantined', code, transfers: [], freeze: true, chain: { seq: 5, head: 'h5' } },
    });
  });
});
