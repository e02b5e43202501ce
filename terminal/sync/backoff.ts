/** Full jitter: random(0, min(15 min, 2 s x 2^n)) between failures, so that a county's kiosks never come back as one. */
const BASE_MS = 2_000;
const MOST_MS = 15 * 60_000;

/** `random` in [0, 1). `failures` counts from 0. */
export function backoffMs(failures: number, random: number): number {
  return Math.floor(random * Math.min(MOST_MS, BASE_MS * 2 ** Math.min(failures, 20)));
}
