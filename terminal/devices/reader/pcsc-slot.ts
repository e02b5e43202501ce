import type { NfcReader } from 'nfc-pcsc';
import type { Field } from './field.ts';
import { type ApduAnswer, identify } from './identify.ts';

/** A storage card's UID takes milliseconds; a contactless APDU never needs this long. */
const APDU_MS = 1_000;
/** A mute card holds a native thread. If its APDU has not come back by then, only a new process frees the reader. */
const HUNG_MS = 15_000;
/** A short response APDU: 256 bytes and the status word. */
const MOST_ANSWER_BYTES = 258;
/** SCARD_E_SHARING_VIOLATION as pcsclite prints it. */
const HELD_BY_ANOTHER = /0x8010000b/i;
/** SCARD_E_NO_SMARTCARD, SCARD_W_REMOVED_CARD. */
const CARD_GONE = /0x8010000c|0x80100069/i;

export interface SlotDeps {
  readonly field: Field;
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

/** Turns the events of one nfc-pcsc reader into stays in the field. */
export function watchSlot(reader: NfcReader, { field, now, become, die }: SlotDeps): void {
  reader.autoProcessing = false;
  const readCard = async (atr: Uint8Array): Promise<void> => {
    const found = field.arrive(reader, now());
    if (found === null) return;
    become('busy', null);
    const who = await identify(atr, (apdu) => transmit(reader, apdu, die));
    become('ready', null);
    found(who);
  };
  const failed = (error: Error): void => {
    // Only a failed connect is about a card that we have not met; a failed disconnect is the end of one we have.
    if (error.name !== 'ConnectError') return;
    const why = causeOf(error);
    const found = field.arrive(reader, now());
    if (HELD_BY_ANOTHER.test(why)) become('fault', 'reader-held');
    found?.({ ok: false, reason: CARD_GONE.test(why) || reader.card === null ? 'torn' : 'mute' });
    // nfc-pcsc told the removal before it told the failure: no other will come.
    if (reader.card === null) field.leave(reader);
  };
  catchNamelessErrors(reader, failed);
  reader.on('card', ({ atr }) => void readCard(atr ?? new Uint8Array(0)));
  reader.on('card.off', () => {
    field.leave(reader);
    become('ready', null);
  });
  reader.on('end', () => field.leave(reader));
  reader.on('error', () => die('reader-error'));
}

/** nfc-pcsc 0.8.1 does `emit(error)`: the error is the event's name, so no listener can ever hear it. */
function catchNamelessErrors(reader: NfcReader, failed: (error: Error) => void): void {
  const emit = reader.emit.bind(reader);
  reader.emit = (event, ...rest) => {
    if (!(event instanceof Error)) return emit(event, ...rest);
    failed(event);
    return true;
  };
}

function causeOf(error: Error): string {
  return 'previous' in error && error.previous instanceof Error ? error.previous.message : error.message;
}

async function transmit(reader: NfcReader, apdu: Uint8Array, die: (reason: string) => void): Promise<ApduAnswer> {
  let deadline: NodeJS.Timeout | undefined;
  let hung: NodeJS.Timeout | undefined;
  const late = new Promise<'mute'>((resolve) => {
    deadline = setTimeout(() => resolve('mute'), APDU_MS);
    hung = setTimeout(() => die('stuck-apdu'), HUNG_MS);
  });
  const answered = exchange(reader, apdu).finally(() => {
    clearTimeout(deadline);
    clearTimeout(hung);
  });
  return Promise.race([answered, late]);
}

async function exchange(reader: NfcReader, apdu: Uint8Array): Promise<ApduAnswer> {
  try {
    return await reader.transmit(Buffer.from(apdu), MOST_ANSWER_BYTES);
  } catch {
    // Whatever PC/SC calls it, a command that failed below the status word means that the card is not there any more.
    return 'torn';
  }
}
