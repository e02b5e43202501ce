import { describe, expect, it } from 'vitest';
import type { RedeemPayload } from '../../protocol/records/payload.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import { beginning, nothing } from '../../test/support/judging.ts';
import { judge } from './judge.ts';
import { type ChainState, JUDGING_SENTENCES, type JudgeView, NO_ALLOWANCE } from './judgement.ts';
import { TRANSFER_KINDS, transfer } from './transfers.ts';

/** Every row of the judging table that this hub knows. */

const chain: ChainState = { ...beginning, seq: 4, head: 'h4', tot: 100 };
const payload: RedeemPayload = {
  ...{
    v: 1,
    type: 'redeem',
    tid: 'k1',
    ep: 1,
    seq: 5,
    prev: 'h4',
    at: 1,
    up: 1,
    boot: 'b',
    day: '2027-01-01',
    tot: 145,
  },
  ...{ acct: 'a1', card: '1.x', lines: [{ sku: 'rice', rev: 1, qty: 1, pts: 45 }], pts: 45, S: 145, V: 0, R: 0 },
  auth: { level: 'uid', pin: false, hotlist: 0 },
};
const rich = { ...NO_ALLOWANCE, G: 200, S: 100, balance: 100, atSeq: 3 };
const view: JudgeView = {
  ...nothing,
  allowance: () => rich,
  price: (sku, rev) => (sku === 'rice' && rev === 1 ? { pts: 45, supersededAt: null } : null),
};
const record = (change: Partial<RedeemPayload> = {}, outer: Partial<SignedRecord> = {}): SignedRecord => {
  const changed = { ...payload, ...change };
  return {
    jws: '',
    hash: 'h5',
    tid: 'k1',
    ep: 1,
    seq: 5,
    prev: changed.prev,
    payload: changed,
    type: 'redeem',
    v: 1,
    ...outer,
  };
};
const line = (pts: number, rev = 1) => ({ lines: [{ sku: 'rice', rev, qty: 1, pts }] });
const poor: JudgeView = { ...view, allowance: () => ({ ...rich, G: 120, balance: 20 }) };

describe('judging', () => {
  it('matches what agrees: allowance to shop, and the chain goes on', () => {
    const verdict = judge(record(), chain, view);
    expect(verdict).toMatchObject({
      kind: 'judged',
      judgement: {
        ...{ stage: 'matched', freeze: false, chain: { seq: 5, head: 'h5', tot: 145 } },
        allowances: [{ acct: 'a1', after: { S: 145, V: 0, R: 0, balance: 55, said: null, atSeq: 5 } }],
        transfers: [
          {
            id: 'redeem:k1.1.5',
            debit: 'allowance:a1:k1:1',
            credit: 'shop:s1',
            amount: 45,
            kind: 'redeem',
            ref: 'k1.1.5',
          },
        ],
      },
    });
  });

  it.each([
    ['a price that was never published', record(line(44)), view, 'wrong-price', false, [['allowance:a1:k1:1', 45]]],
    [
      'a sum that its lines do not make',
      record({ pts: 46, S: 146, tot: 146 }),
      view,
      'wrong-price',
      false,
      [['allowance:a1:k1:1', 46]],
    ],
    ['counters that jump', record({ S: 150 }), view, 'wrong-counters', true, [['allowance:a1:k1:1', 45]]],
    ['a void that nobody made', record({ V: 45 }), view, 'wrong-counters', true, [['allowance:a1:k1:1', 45]]],
    ['a total that does not add up', record({ tot: 144 }), view, 'wrong-counters', true, [['allowance:a1:k1:1', 45]]],
    [
      'more than was granted',
      record(),
      poor,
      'over-allowance',
      false,
      [
        ['allowance:a1:k1:1', 20],
        ['loss', 25],
      ],
    ],
    [
      'a record before it that is another',
      record({ prev: 'x' }),
      view,
      'wrong-prev',
      true,
      [['allowance:a1:k1:1', 45]],
    ],
  ] as const)('quarantines %s, and holds its points', (_name, bad, ledger, code, freeze, held) => {
    const verdict = judge(bad, chain, ledger);
    expect(verdict.kind).toBe('judged');
    if (verdict.kind !== 'judged') return;
    expect(verdict.judgement).toMatchObject({ stage: 'quarantined', code, freeze });
    expect(verdict.judgement.transfers.map((t) => [t.debit, t.amount])).toEqual(held);
    for (const t of verdict.judgement.transfers) expect(t).toMatchObject({ kind: 'hold', credit: 'suspense:k1:1:5' });
    expect(JUDGING_SENTENCES[code].length).toBeGreaterThan(20);
  });

  it.each([
    ['a newer version', record({}, { v: 2, payload: null }), 'unknown-version'],
    ['an unknown type', record({}, { type: 'barter', payload: null }), 'unknown-type'],
    ['a revision this hub never published', record(line(45, 9)), 'unknown-revision'],
  ] as const)('waits at %s: nothing moves', (_name, unknown, code) => {
    expect(judge(unknown, chain, view)).toEqual({ kind: 'waits', code });
  });
});

describe('transfer kinds', () => {
  it('know no penalty: nothing leaves a resident’s account but for the resident, by expiry, or to mend our error', () => {
    const leaving = Object.entries(TRANSFER_KINDS).filter(([, pairs]) => pairs.some(([from]) => from === 'account'));
    expect(leaving.map(([kind]) => kind).sort()).toEqual(['expire', 'grant', 'move', 'repay', 'repay-loan', 'reverse']);
  });

  it('join only the accounts they may', () => {
    expect(() => transfer('redeem', 'x', 'account:a', 'shop:s', 1, 'r')).toThrow(/may not run/);
    expect(() => transfer('redeem', 'x', 'allowance:a:k:1', 'shop:s', 0, 'r')).toThrow(/transfer of 0/);
  });
});
