import type { JournalStore } from './port.ts';

/**
 * Who did what no record is made of: a PIN set, a card unlocked, a date confirmed. Kept here for the county to look at; of
 * a PIN the hub writes its own trail. No PIN, no name and no UID stand in it.
 */
export interface ClerkDeed {
  readonly at: number;
  readonly deed: 'set-pin' | 'unlock-card' | 'confirm-date';
  readonly clerk: string;
  readonly token?: string;
  readonly reason?: string;
}

const TRAIL = 'clerk-trail';
/** The latest of them; a shop has a few a week. */
export const TRAIL_MAX = 500;

export function clerkTrail(store: JournalStore): readonly ClerkDeed[] {
  return JSON.parse(store.fact(TRAIL) ?? '[]') as ClerkDeed[];
}

/** In the transaction of the deed itself. */
export function noteDeed(store: JournalStore, deed: ClerkDeed): void {
  store.setFact(TRAIL, JSON.stringify([...clerkTrail(store), deed].slice(-TRAIL_MAX)));
}
