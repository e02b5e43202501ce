import type { SyncAsk } from '../../protocol/sync/messages.ts';

/** More is no stick's way to the county, but a dead clock. */
const LONGEST_ON_STICK_MS = 400 * 86_400_000;

type Health = NonNullable<SyncAsk['health']>;

/**
 * What is kept of what a kiosk said of itself. Its clock is compared here, with the moment it was heard at: later nobody knows
 * that moment any more. A bundle's was written days ago, which is its age and no error of any clock: unless that kiosk's clock is
 * so wrong that the age is none.
 */
export function keptHealth({ health, via }: Pick<SyncAsk, 'health' | 'via'>, at: number): Health | null {
  if (health === undefined) return null;
  const { clock, ...rest } = health;
  if (typeof clock !== 'number') return health;
  if (via === 'net') return { ...rest, clockOffMs: clock - at };
  const onStickMs = at - clock;
  return onStickMs >= 0 && onStickMs <= LONGEST_ON_STICK_MS ? { ...rest, onStickMs } : rest;
}
