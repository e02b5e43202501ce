import { describe, expect, it } from 'vitest';
import type { OpenPayload } from '../../protocol/records/payload.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import { beginning, nothing } from '../../test/support/judging.ts';
import { judge } from './judge.ts';
import type { ChainState } from './judgement.ts';

/** An `open` moves no points, so it may not move the running total either. */

const chain: ChainState = { ...beginning, seq: 0, head: 'h4' };
function open(change: Partial<OpenPayload> = {}): SignedRecord {
  const payload: OpenPayload = {
    ...{ v: 1, type: 'open', tid: 'k1', ep: 1, seq: 1, prev: 'h4', at: 1, up: 1, boot: 'b', day: '2027-01-01' },
    ...{ tot: 0, reason: 'restore', sw: '0' },
    ...change,
  };
  const { tid, ep, seq, prev, type, v } = payload;
  return { jws: '', hash: 'h5', tid, ep, seq, prev, payload, type, v };
}

describe('judging an open', () => {
  it('matches what begins the chain; no points move', () => {
    expect(judge(open(), chain, nothing)).toEqual({
      kind: 'judged',
      judgement: {
        ...{ stage: 'matched', flags: [], transfers: [], allowances: [], holds: [], undoes: null, effects: [] },
        freeze: false,
        chain: { ...chain, seq: 1, head: 'h5', tot: 0, at: 1 },
      },
    });
  });

  it.each([
    ['an enrolment that is another', { prev: 'x' }, chain, 'wrong-prev'],
    ['a total that rises without a sale', { tot: 45 }, chain, 'wrong-counters'],
    ['both wrong', { prev: 'x', tot: 45 }, chain, 'wrong-prev'],
    ['one in the middle of a chain', { seq: 5 }, { ...chain, seq: 4 }, 'misplaced-open'],
  ] as const)('quarantines %s, and freezes', (_what, change, before, code) => {
    expect(judge(open(change), before, nothing)).toMatchObject({
      kind: 'judged',
      judgement: { stage: 'quarantined', code, transfers: [], freeze: true, chain: { head: 'h5' } },
    });
  });
});
