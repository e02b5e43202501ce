import { describe, expect, it } from 'vitest';
import { CI } from '../../bench/support/demo.ts';
import { builtPreload } from '../power/preload.ts';
import { type PowerRun, powerRounds } from '../power/rounds.ts';

/** Power cuts of the agent, the hub and both: a seeded slice here, 500 rounds with `npm run test:long -- power`. */

const ROUNDS = Number(process.env.TALLY_POWER_ROUNDS ?? 6);
const SEED = Number(process.env.TALLY_POWER_SEED ?? 20261128);
/** In one round of the control a cut may fall where nothing was acknowledged; in so many it does not. */
const CONTROL_ROUNDS = 8;
const LONG_MS = 120_000 + ROUNDS * 15_000;

const built = builtPreload();
const SKIP = 'missing' in built && !CI;
if ('missing' in built) process.stderr.write(`power: skipped. ${built.missing} ${built.install}\n`);

function play(run: Pick<PowerRun, 'rounds' | 'synchronous' | 'stopAtLoss'>) {
  if ('missing' in built) throw new Error(`${built.missing} ${built.install}`);
  const says: string[] = [];
  const onRound = (round: number) => {
    if (round % 10 === 0) process.stderr.write(`power: ${round} of ${run.rounds} rounds\n`);
  };
  const onFinding = (each: string) => void says.push(each);
  return powerRounds({ ...run, seed: SEED, preload: built.path, onRound, onFinding }).then((outcome) => {
    process.stderr.write(`power: ${JSON.stringify(outcome)}\n`);
    return { ...outcome, says };
  });
}

describe.skipIf(SKIP)('a power cut', () => {
  it(
    'of agent, hub or both loses and doubles nothing acknowledged, and the kiosk sells again',
    async () => {
      const outcome = await play({ rounds: ROUNDS, synchronous: 'full' });
      expect(outcome.says).toEqual([]);
      expect(outcome).toMatchObject({ rounds: ROUNDS, lost: 0, doubled: 0, faults: 0 });
      // Otherwise nothing was at stake, and this proved nothing.
      expect(outcome.acknowledged).toBeGreaterThan(ROUNDS);
      expect(outcome.unsyncedLost).toBeGreaterThan(0);
    },
    LONG_MS,
  );

  it('is found to lose what was acknowledged where commits are not synced', async () => {
    const outcome = await play({ rounds: CONTROL_ROUNDS, synchronous: 'normal', stopAtLoss: true });
    expect(outcome.lost).toBeGreaterThan(0);
  });
});
