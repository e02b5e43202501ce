import type { NfcReader } from 'nfc-pcsc';
import type { Identified } from './apdu.ts';
import { cardLink, type Joined } from './card-link.ts';
import type { CardKeys } from './desfire/keys.ts';
import type { Field } from './field.ts';
import { identify } from './identify.ts';

/** Another program lets go at any moment, and nobody is going to lay the card anew for that. */
const HELD_RETRY_MS = 500;
/** pcscd looks every 400 ms: a card that could not be powered has been seen to leave by then, or lies there. */
const LEAVES_WITHIN_MS = 600;
/** SCARD_STATE_EMPTY and SCARD_STATE_PRESENT; the high half counts arrivals and departures (pcsclite, winscard_clnt.c). */
const EMPTY = 0x10;
const PRESENT = 0x20;
const COUNT_SHIFT = 16;
const COUNT_MASK = 0xffff;

export interface SlotDeps {
  readonly field: Field;
  /** Null where this kiosk has none: then cards that authenticate are no cards of ours. */
  readonly keys: CardKeys | null;
  /** A stay goes on that a lost process began: whatever lies there is left alone until it has left. */
  readonly leaveAlone: boolean;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** The reader's state changed by itself. */
  readonly become: (state: 'ready' | 'busy' | 'fault', reason: string | null) => void;
  /** This process is of no more use: it has to be started again. */
  readonly die: (reason: string) => void;
}

/** The SAM slot of an ACR1252 is a second reader with a card always in it. */
export function isSamSlot(readerName: string): boolean {
  return /\bSAM\b/i.test(readerName);
}

/** Turns what one nfc-pcsc reader sees into stays in the field. */
export function watchSlot(reader: NfcReader, { field, keys, leaveAlone, now, become, die }: SlotDeps): void {
  reader.autoProcessing = false;
  const link = cardLink(reader, die);
  /** Grows with every arrival and departure, so that a slow answer knows whether its card still lies there. */
  let presence = 0;
  let leftAlone = leaveAlone;

  const whoIs = async (joined: Joined, mine: number): Promise<Identified> => {
    // A card that pcscd could not power at first is known without an ATR: it is leaving, or connecting it has powered it.
    const unpowered = joined === 'failed' || (joined === 'joined' && atrNow().length === 0);
    if (unpowered) await new Promise((resolve) => setTimeout(resolve, LEAVES_WITHIN_MS));
    if (presence !== mine || joined === 'torn') return { ok: false, reason: 'torn' };
    const atr = atrNow();
    if (joined !== 'joined' || atr.length === 0) return { ok: false, reason: 'mute' };
    // Whoever is still asking this card when it has left must not ask the next one.
    return identify(atr, async (apdu) => (presence === mine ? link.transmit(apdu) : 'torn'), keys);
  };
  const read = async (joined: Joined, mine: number, found: (who: Identified) => void): Promise<void> => {
    const who = await whoIs(joined, mine);
    // A card that left while it was being connected: nfc-pcsc did not know that there was anything to let go.
    if (presence !== mine) await link.part();
    become('ready', null);
    found(who);
  };
  const untilFree = async (mine: number): Promise<void> => {
    // It ends with the card's stay, or when the other program lets go.
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, HELD_RETRY_MS));
      if (presence !== mine) return;
      const joined = await link.join();
      if (joined !== 'held') return read(joined, mine, field.arrive(reader, now()));
    }
  };
  const meet = async (): Promise<void> => {
    presence += 1;
    const mine = presence;
    const found = field.arrive(reader, now());
    become('busy', null);
    const joined = await link.join();
    if (joined !== 'held') return read(joined, mine, found);
    become('fault', 'reader-held');
    found({ ok: false, reason: 'mute' });
    return untilFree(mine);
  };
  const empty = (): void => {
    presence += 1;
    leftAlone = false;
    field.leave(reader);
  };
  const gone = (): void => {
    empty();
    become('ready', null);
  };

  // nfc-pcsc calls it when a card comes. Its own way would swallow what goes wrong: it emits the error as an event's name.
  reader.connect = async () => {
    if (!leftAlone) void meet();
  };
  // Until its first word a slot may hold the card whose stay goes on.
  if (leftAlone) field.arrive(reader, now());
  reader.on('card.off', gone);
  reader.on('end', empty);
  reader.on('error', () => die('reader-error'));
  const atrNow = watchStates(reader, { onFirstEmpty: empty, onUnseenSwap: () => die('swapped-unseen') });
}

/**
 * nfc-pcsc looks at a state's lowest bits alone. Two changes that come as one, when this process or pcscd was slow, leave
 * them as they were: the second card would be served as the first. Answers how to ask for the ATR as pcscd told it last.
 */
function watchStates(reader: NfcReader, told: { onFirstEmpty(): void; onUnseenSwap(): void }): () => Uint8Array {
  let last: number | null = null;
  let latest: Uint8Array = new Uint8Array(0);
  reader.reader.on('status', ({ state, atr }) => {
    latest = atr ?? new Uint8Array(0);
    if (last === null && (state & EMPTY) !== 0) told.onFirstEmpty();
    const changes = last === null ? 0 : ((state >>> COUNT_SHIFT) - (last >>> COUNT_SHIFT)) & COUNT_MASK;
    if (changes > 1 && last !== null && (last & state & PRESENT) !== 0) told.onUnseenSwap();
    last = state;
  });
  return () => latest;
}
