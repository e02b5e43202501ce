import { fullJitterMs } from '../../../protocol/primitives/full-jitter.ts';

/** A plug is put back by a hand, within seconds, and nothing must spin meanwhile: hence the floor. */
const FLOOR_MS = 100;
const BASE_MS = 200;
const MOST_MS = 5_000;

/** Milliseconds until a device is opened again. */
export function backoffMs(failures: number, random: number): number {
  return FLOOR_MS + fullJitterMs(failures, random, BASE_MS, MOST_MS);
}
