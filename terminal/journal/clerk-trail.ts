import type { JournalStore } from './port.ts';

/**
 * Who did what no record is made of: a PIN set, a card unlocked, a date confirmed, a resident's session begun for them, a
 * copy printed. Kept here for the county to look at; of a PIN the hub writes its own trail. No PIN, no name and no UID
 * stand in it.
 */
export interface ClerkDeed {
  readonly at: number;
  readonly deed: 'set-pin' | 'unlock-card' | 'confirm-date' | 'help' | 'print-copy';
  readonly clerk: string;
  readonly token?: string;
  readonly reason?: string;
  /** The record a copy was printed of. */
  readonly seq?: number;
}

const TRAIL = 'clerk-trail';
/** The latest of them; a shop where many are helped has some dozens a day. */
export const TRAIL_MAX = 2_000;

export function clerkTrail(store: JournalStore): readonly ClerkDeed[] {
  return JSON.parse(store.fact(TRAIL) ?? '[]') as ClerkDeed[];
}

/** In the transaction of the deed itself. */
export function noteDeed(store: JournalStore, deed: ClerkDeed): void {
  store.setFact(TRAIL, JSON.stringify([...clerkTrail(store), deed].slice(-TRAIL_MAX)));
}
