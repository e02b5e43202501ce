/** Full jitter over a floor: a plug is put back by a hand, within seconds, and nothing must spin meanwhile. */
const FLOOR_MS = 100;
const BASE_MS = 200;
const MOST_MS = 5_000;

/** Milliseconds until a device is opened again. `random` in [0, 1); `failures` counts from 0. */
export function backoffMs(failures: number, random: number): number {
  return FLOOR_MS + Math.floor(random * Math.min(MOST_MS, BASE_MS * 2 ** Math.min(failures, 10)));
}
