/** Full jitter: random(0, min(15 min, 2 s x 2^n)) between failures, so that a county's kiosks never come back as one. */
const BASE_MS = 2_000;
export const MAX_BACKOFF_MS = 15 * 60_000;

/** `random` in [0, 1). `failures` counts from 0. `mostMs` may be shorter where a quick drain matters more than a calm hub. */
export function backoffMs(failures: number, random: number, mostMs = MAX_BACKOFF_MS): number {
  return Math.floor(random * Math.min(mostMs, BASE_MS * 2 ** Math.min(failures, 20)));
}
