/** Full jitter: random(0, min(15 s, 100 ms x 2^n)). The first retries are quick: a tap is waiting, and it is our own machine. */
const BASE_MS = 100;
const MOST_MS = 15_000;

/** Milliseconds to wait before the card process is started again. `random` in [0, 1); `failures` counts from 0. */
export function restartDelayMs(failures: number, random: number): number {
  return Math.floor(random * Math.min(MOST_MS, BASE_MS * 2 ** Math.min(failures, 20)));
}
