import { fullJitterMs } from '../../protocol/primitives/full-jitter.ts';

/** Between failures at the hub, so that a county's kiosks never come back as one. */
const BASE_MS = 2_000;
export const MAX_BACKOFF_MS = 15 * 60_000;

/** `mostMs` may be shorter where a quick drain matters more than a calm hub. */
export function backoffMs(failures: number, random: number, mostMs = MAX_BACKOFF_MS): number {
  return fullJitterMs(failures, random, BASE_MS, mostMs);
}
