import type { Identified } from './identify.ts';
import type { CardRefusal, ReaderEvent } from './port.ts';

export type CardEvent = Exclude<ReaderEvent, { readonly type: 'status' }>;

/** What lies within the reader's reach, whatever the driver: turns arrivals and departures into stays, as the port promises. */
export interface Field {
  /**
   * A card came, `spot` being its place or its wire. Answers where to tell who it is, or null when it is not to be read
   * because another lies there (`two-cards` has then been told).
   */
  arrive(spot: object, atMs: number): ((found: Identified) => void) | null;
  leave(spot: object): void;
  /** Ends the stay, if there is one; what is still being read is not told any more. */
  clear(): void;
}

export function field(newPresenceId: () => string, tell: (event: CardEvent) => void): Field {
  const lying = new Set<object>();
  /** The stay that has begun and not ended. */
  let presenceId: string | null = null;
  /** Two cards met: nothing is read until the reader is empty. */
  let spoiled = false;
  /** Grows when what is being read must not be told any more. */
  let reading = 0;

  const end = (): void => {
    if (presenceId === null) return;
    const ended = presenceId;
    presenceId = null;
    tell({ type: 'removed', presenceId: ended });
  };
  const refuse = (reason: CardRefusal): void => {
    presenceId = newPresenceId();
    tell({ type: 'card-refused', presenceId, reason });
  };
  const collide = (): null => {
    reading += 1;
    if (!spoiled) {
      end();
      refuse('two-cards');
    }
    spoiled = true;
    return null;
  };

  return {
    arrive(spot, atMs) {
      const alone = lying.size === 0;
      lying.add(spot);
      if (!alone) return collide();
      reading += 1;
      const mine = reading;
      return (found) => {
        if (mine !== reading) return;
        reading += 1;
        if (found.ok) {
          presenceId = newPresenceId();
          tell({ type: 'card', presenceId, card: found.card, atMs });
        } else refuse(found.reason);
        // The card may have left while it was read: its stay is told all the same, and ends at once.
        if (!lying.has(spot)) end();
      };
    },
    leave(spot) {
      if (!lying.delete(spot) || lying.size > 0) return;
      spoiled = false;
      end();
    },
    clear() {
      reading += 1;
      lying.clear();
      spoiled = false;
      end();
    },
  };
}
