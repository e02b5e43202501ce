import { expect, it } from 'vitest';
import { NEEDS_TWO, TRANSFER_KINDS, type TransferKind } from './transfers.ts';

/** Every way in which points may leave a resident's account, by name, and why it is no penalty. A new kind must explain itself here. */
const LOWERS_AN_ACCOUNT: Partial<Record<TransferKind, string>> = {
  grant: 'lent to a kiosk, where the resident spends it; what is not spent comes back',
  reverse: 'our own error, named, whole, once, by two people; the programme bears what is not there',
  expire: 'the lots’ own term, known when they were given, warned of ahead',
  move: 'to an account of the same household or heirs, by two people',
  repay: 'what the reserve paid to the account before, when its cause comes back',
  'repay-loan': 'what was lent to the account after a hub restore, when it comes back',
};

it('no kind of transfer can be a penalty', () => {
  const lowering = Object.entries(TRANSFER_KINDS).flatMap(([kind, ways]) =>
    ways.some(([from]) => from === 'account') ? [kind] : [],
  );
  expect(lowering.sort()).toEqual(Object.keys(LOWERS_AN_ACCOUNT).sort());
});

it('what leaves an account goes nowhere that somebody profits from', () => {
  const goals = Object.values(TRANSFER_KINDS).flatMap((ways) =>
    ways.flatMap(([from, to]): string[] => (from === 'account' ? [to] : [])),
  );
  expect(new Set(goals)).toEqual(new Set(['allowance', 'programme', 'expired', 'account', 'reserve', 'loss']));
  expect(NEEDS_TWO.has('reverse') && NEEDS_TWO.has('move')).toBe(true);
});

it('points that wait out the objections go to the account, or back to the programme', () => {
  const ways = Object.entries(TRANSFER_KINDS).flatMap(([kind, all]) =>
    all.flatMap(([from, to]): string[] => (from === 'pending' ? [`${kind} ${to}`] : [])),
  );
  expect(ways).toEqual(['post account', 'withdraw programme']);
});
