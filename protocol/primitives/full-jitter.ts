/** Where 2^n has passed every bound. */
const DOUBLINGS_MAX = 20;

/**
 * Full jitter: random(0, min(most, base x 2^failures)) milliseconds until the next try, so that those who failed together do
 * not come back as one. `failures` counts from 0; `random` in [0, 1).
 */
export function fullJitterMs(failures: number, random: number, baseMs: number, mostMs: number): number {
  return Math.floor(random * Math.min(mostMs, baseMs * 2 ** Math.min(failures, DOUBLINGS_MAX)));
}
