import type { JournalStore } from '../journal/port.ts';
import type { Kept } from '../redemption/comfort.ts';
import type { Holder } from '../redemption/state.ts';

/**
 * What a card is remembered by at this kiosk: language, large text, speech. Durable in the journal's file, by card token.
 * The hub does not know it: another kiosk is told anew, and a new epoch forgets.
 */
export interface Preferences {
  readonly keptOf: (token: string) => Kept | null;
  readonly keep: (token: string, kept: Kept) => void;
  /** The holder, in the language chosen here last; that is newer than the roster's. */
  readonly known: (holder: Holder) => Holder;
}

export function createPreferences(store: Pick<JournalStore, 'fact' | 'setFact'>): Preferences {
  const name = (token: string) => `preferences:${token}`;
  const keptOf = (token: string): Kept | null => {
    const text = store.fact(name(token));
    return text === null ? null : (JSON.parse(text) as Kept);
  };
  return {
    keptOf,
    keep: (token, kept) => store.setFact(name(token), JSON.stringify(kept)),
    known(holder) {
      if (holder.kind !== 'resident') return holder;
      const kept = keptOf(holder.person.token);
      return kept === null ? holder : { ...holder, language: kept.language };
    },
  };
}
