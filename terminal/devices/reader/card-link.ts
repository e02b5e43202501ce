import type { NfcReader } from 'nfc-pcsc';
import type { ApduAnswer } from './apdu.ts';

/** A card is powered and selected within a fraction of this. */
const CONNECT_MS = 1_500;
/** A storage card's UID takes milliseconds; a contactless APDU never needs this long. */
const APDU_MS = 1_000;
/** A mute card holds a native thread. If it has not come back by then, only a new process frees the reader. */
const HUNG_MS = 3_000;
/** A short response APDU: 256 bytes and the status word. */
const MOST_ANSWER_BYTES = 258;
/** SCARD_E_SHARING_VIOLATION as pcsclite prints it. */
const HELD_BY_ANOTHER = /0x8010000b/i;
/** SCARD_E_NO_SMARTCARD, SCARD_W_REMOVED_CARD. */
const CARD_GONE = /0x8010000c|0x80100069/i;

/** `held`: by another program. `mute`: no word in time. `failed`: it left, or it cannot be powered; PC/SC does not say which. */
export type Joined = 'joined' | 'held' | 'torn' | 'mute' | 'failed';

/** One reader's calls to its card: nfc-pcsc has no deadline anywhere, each of these has one. */
export interface CardLink {
  join(): Promise<Joined>;
  transmit(apdu: Uint8Array): Promise<ApduAnswer>;
  /** Lets the card go, where one is connected. */
  part(): Promise<void>;
}

/** Takes nfc-pcsc's own `connect` and `disconnect` for itself. `die` ends this process, which is then of no more use. */
export function cardLink(reader: NfcReader, die: (reason: string) => void): CardLink {
  const connect = reader.connect.bind(reader);
  const disconnect = reader.disconnect.bind(reader);
  // Whoever cannot let a card go keeps its dead handle, and would take every later card for a torn one.
  reader.disconnect = () => disconnect().catch(() => die('reader-error'));
  const inTime = <T>(work: Promise<T>, lateMs: number): Promise<T | 'mute'> => {
    let late: NodeJS.Timeout | undefined;
    const hung = setTimeout(() => die('stuck-apdu'), HUNG_MS);
    const done = work.finally(() => {
      clearTimeout(late);
      clearTimeout(hung);
    });
    return Promise.race([
      done,
      new Promise<'mute'>((resolve) => {
        late = setTimeout(() => resolve('mute'), lateMs);
      }),
    ]);
  };
  return {
    join: () =>
      inTime<Joined>(
        connect().then(() => 'joined', whyNot),
        CONNECT_MS,
      ),
    transmit: (apdu) => inTime(exchange(reader, apdu), APDU_MS),
    async part() {
      if (reader.connection !== null) await reader.disconnect();
    },
  };
}

function whyNot(error: Error): Joined {
  const why = 'previous' in error && error.previous instanceof Error ? error.previous.message : error.message;
  if (HELD_BY_ANOTHER.test(why)) return 'held';
  return CARD_GONE.test(why) ? 'torn' : 'failed';
}

async function exchange(reader: NfcReader, apdu: Uint8Array): Promise<ApduAnswer> {
  try {
    return await reader.transmit(Buffer.from(apdu), MOST_ANSWER_BYTES);
  } catch {
    // Whatever PC/SC calls it, a command that failed below the status word means that the card is not there any more.
    return 'torn';
  }
}
