import type { SyncAsk } from '../../protocol/sync/messages.ts';

type Health = NonNullable<SyncAsk['health']>;

/**
 * What is kept of what a kiosk said of itself. Its clock is compared here, with the moment it was heard at: later nobody knows
 * that moment any more. A bundle's was written days ago, which is its age and no error of any clock.
 */
export function keptHealth({ health, via }: Pick<SyncAsk, 'health' | 'via'>, at: number): Health | null {
  if (health === undefined) return null;
  const { clock, ...rest } = health;
  if (typeof clock !== 'number') return health;
  return via === 'net' ? { ...rest, clockOffMs: clock - at } : { ...rest, onStickMs: Math.max(0, at - clock) };
}
