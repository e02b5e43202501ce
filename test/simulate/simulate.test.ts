import { describe, expect, it } from 'vitest';
import { BUGS } from './bugs.ts';
import { runSeed } from './run-seed.ts';

/** The simulator's silence means something only because it finds what is put in. */

const MAX_SEEDS = 1_000;

describe('a month of three kiosks and a hub', () => {
  it('with everything going wrong breaks no invariant; `npm run simulate` plays more', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const result = await runSeed({ seed, bug: null, crypto: seed === 30 ? 'real' : 'keyed' });
      expect(result.violation, `seed ${seed}`).toBeNull();
      expect(result.events).toBeGreaterThanOrEqual(300);
      expect(result.days).toBeGreaterThanOrEqual(20);
      expect(result.faults).toBeGreaterThan(20);
    }
  }, 60_000);

  it('knows that a restore ended, also where the hub died in the moment it ended', async () => {
    expect((await runSeed({ seed: 3_592, bug: null, crypto: 'keyed' })).violation).toBeNull();
  });

  it('is the same month for the same seed', async () => {
    const [one, two] = [
      await runSeed({ seed: 7, bug: null, crypto: 'keyed' }),
      await runSeed({ seed: 7, bug: null, crypto: 'keyed' }),
    ];
    expect(one).toEqual(two);
  });
});

describe('a fault of the protocol is found within a thousand seeds', () => {
  it('of at least twelve kinds', () => {
    expect(new Set(BUGS.map((bug) => bug.name)).size).toBeGreaterThanOrEqual(12);
  });

  it.each(BUGS)(
    '$name: $says',
    async (bug) => {
      for (let seed = 1; seed <= MAX_SEEDS; seed++) {
        if ((await runSeed({ seed, bug, crypto: 'keyed' })).violation !== null) return;
      }
      expect.fail(`${bug.name} was not found in ${MAX_SEEDS} seeds`);
    },
    120_000,
  );
});
