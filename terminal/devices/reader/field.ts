import type { Identified } from './apdu.ts';
import type { CardRefusal, CardSigner, ReaderEvent, Signature } from './port.ts';

export type CardEvent = Exclude<ReaderEvent, { readonly type: 'status' }>;

/** What lies within the reader's reach, whatever the driver: turns arrivals and departures into stays, as the port promises. */
export interface Field {
  /**
   * A card came, `spot` being its place or its wire; one whose leaving nobody told has left by this. Every card is read,
   * also one beside another: only so are two cards told from one card and its copy. Answers where to tell who it is.
   */
  arrive(spot: object, atMs: number): (found: Identified) => void;
  /** Nothing lies at that spot (any more). */
  leave(spot: object): void;
  /** As the port's: of the card of that stay. */
  sign(presenceId: string, digest: Uint8Array): Promise<Signature>;
  /** Ends the stay, if there is one; what is still being read is not told any more. */
  clear(): void;
}

/** One card's time at one spot. */
interface Laid {
  /** Null until it is read, and where it is no identity. */
  uid: string | null;
  read: boolean;
}

/** Cards that met: nothing more is read for the kiosk until the reader is empty. */
interface Meeting {
  readonly met: Laid[];
  told: boolean;
}

/**
 * `heldId` is a stay that a lost process began and could not end: it goes on, and nothing is told of what lies there,
 * until the reader is empty.
 */
export function field(newPresenceId: () => string, tell: (event: CardEvent) => void, heldId?: string): Field {
  const lying = new Map<object, Laid>();
  /** The stay that has begun and not ended. */
  let presenceId = heldId ?? null;
  /** Of the card whose stay that is, where it can sign. */
  let signer: CardSigner | null = null;
  let meeting: Meeting | null = heldId === undefined ? null : { met: [], told: true };
  /** The card that lies, or lay, alone, and is still being read. */
  let awaited: Laid | null = null;

  const end = (): void => {
    if (presenceId === null) return;
    const ended = presenceId;
    presenceId = null;
    signer = null;
    tell({ type: 'removed', presenceId: ended });
  };
  const refuse = (reason: CardRefusal): void => {
    presenceId = newPresenceId();
    tell({ type: 'card-refused', presenceId, reason });
  };
  /** Once every card that lies there has been read: are they two, or one card and its copy? */
  const judge = (): void => {
    if (meeting === null || meeting.told || [...lying.values()].some((laid) => !laid.read)) return;
    meeting.told = true;
    const uids = meeting.met.flatMap(({ uid }) => uid ?? []);
    refuse(new Set(uids).size < uids.length ? 'doubled-uid' : 'two-cards');
  };
  const leave = (spot: object): void => {
    lying.delete(spot);
    judge();
    if (lying.size > 0) return;
    meeting = null;
    end();
  };
  const alone = (laid: Laid, found: Identified, atMs: number): void => {
    awaited = null;
    if (found.ok) {
      presenceId = newPresenceId();
      signer = found.sign ?? null;
      tell({ type: 'card', presenceId, card: found.card, atMs });
    } else refuse(found.reason);
    // The card may have left while it was read: its stay is told all the same, and ends at once.
    if (![...lying.values()].includes(laid)) end();
  };

  return {
    arrive(spot, atMs) {
      if (meeting === null) leave(spot);
      const laid: Laid = { uid: null, read: false };
      if (meeting === null && lying.size > 0) {
        end();
        meeting = { met: [...lying.values()], told: false };
      }
      lying.set(spot, laid);
      meeting?.met.push(laid);
      // Whoever was still being read and is not here any more is not told: this card has the reader now.
      awaited = meeting === null ? laid : null;
      return (found) => {
        if (laid.read) return;
        laid.read = true;
        laid.uid = found.ok ? found.card.uid : null;
        if (laid === awaited) alone(laid, found, atMs);
        else judge();
      };
    },
    leave,
    async sign(asked, digest) {
      if (asked !== presenceId) return { outcome: 'gone' };
      return signer === null ? { outcome: 'refused' } : signer(digest);
    },
    clear() {
      awaited = null;
      lying.clear();
      meeting = null;
      end();
    },
  };
}
