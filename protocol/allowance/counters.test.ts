import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterRedeem,
  afterReturn,
  afterVoid,
  isSound,
  mergeGrant,
  NO_COUNTERS,
  sameCounters,
  spendable,
} from './counters.ts';

describe('allowance', () => {
  it.each([
    [{ G: 0, S: 0, V: 0, R: 0 }, true, 0],
    [{ G: 10, S: 10, V: 0, R: 0 }, true, 0],
    [{ G: 10, S: 11, V: 0, R: 0 }, false, -1],
    [{ G: 10, S: 15, V: 5, R: 0 }, true, 0],
    [{ G: 10, S: 4, V: 1, R: 7 }, true, 0],
    [{ G: 10, S: 4, V: 1, R: 8 }, false, -1],
    [{ G: 10, S: 4, V: 5, R: 0 }, false, 11],
    [{ G: 10, S: 4, V: -1, R: 0 }, false, 5],
    [{ G: 10, S: 0, V: 0, R: -1 }, false, 11],
  ])('%j is sound: %s, spendable %i', (allowance, sound, points) => {
    expect(isSound(allowance)).toBe(sound);
    expect(spendable(allowance)).toBe(points);
  });

  it('each record moves its own counter by its points and no other', () => {
    const before = { S: 10, V: 3, R: 2 };
    expect(afterRedeem(before, 5)).toEqual({ S: 15, V: 3, R: 2 });
    expect(afterVoid(before, 5)).toEqual({ S: 10, V: 8, R: 2 });
    expect(afterReturn(before, 5)).toEqual({ S: 10, V: 3, R: 7 });
    expect(NO_COUNTERS).toEqual({ S: 0, V: 0, R: 0 });
  });

  it.each(['S', 'V', 'R'] as const)('counters that differ in %s differ', (name) => {
    const counters = { S: 1, V: 1, R: 1 };
    expect(sameCounters(counters, { ...counters })).toBe(true);
    expect(sameCounters(counters, { ...counters, [name]: 2 })).toBe(false);
  });

  it('grants doubled and in any order end at the largest', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), (grants) => {
        expect([...grants, ...grants.toReversed()].reduce(mergeGrant, 0)).toBe(Math.max(...grants));
      }),
    );
  });
});
