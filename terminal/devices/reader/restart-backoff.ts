import { fullJitterMs } from '../../../protocol/primitives/full-jitter.ts';

/** The first retries are quick: a tap is waiting, and it is our own machine. */
const BASE_MS = 100;
const MOST_MS = 15_000;

/** Milliseconds to wait before the card process is started again. */
export function restartDelayMs(failures: number, random: number): number {
  return fullJitterMs(failures, random, BASE_MS, MOST_MS);
}
