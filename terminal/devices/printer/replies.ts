/**
 * What a printer says, taken apart. Four sources share one stream: the answer to `DLE EOT` (one byte), automatic status
 * (four), the answer to `GS r` (one), the process id that follows printing (seven). Their fixed bits tell them apart:
 *
 *     DLE EOT     (b & 0x93) == 0x12
 *     GS a, 1st   (b & 0x93) == 0x10    2nd to 4th   (b & 0x90) == 0x00
 *     GS r        (b & 0x90) == 0x00    outside a frame only: 2nd to 4th of GS a look the same
 *     GS ( H      37 22, four of the id, 00
 *
 * A byte that cannot go on a frame ends it: the half frame is noise, the byte is looked at anew. Pure:
 * `(state, byte) -> { state, replies }`, so bytes may arrive split anywhere.
 * Source: Epson ESC/POS reference, DLE EOT, GS a, GS r, GS ( H function 48.
 */

export type Reply =
  | { readonly kind: 'realtime'; readonly byte: number }
  | { readonly kind: 'automatic'; readonly bytes: readonly number[] }
  | { readonly kind: 'ordered'; readonly byte: number }
  | { readonly kind: 'process-id'; readonly id: string }
  | { readonly kind: 'noise'; readonly bytes: readonly number[] };

/** The bytes of a frame begun: automatic status, or a process id. */
export type ReplyState = readonly number[];
export const NO_REPLY: ReplyState = [];

const ID_LENGTH = 4;
const ID_HEADER = [0x37, 0x22] as const;
/** `@` to `O`: bit 4 is clear in all sixteen. */
const ID_LETTERS = 0x40;
const AUTOMATIC_LENGTH = 4;

const isRealtime = (byte: number) => (byte & 0x93) === 0x12;
const isAutomaticFirst = (byte: number) => (byte & 0x93) === 0x10;
/** The answer to `GS r`, and what follows the first byte of automatic status. */
const isPlain = (byte: number) => (byte & 0x90) === 0;
const isIdLetter = (byte: number) => (byte & 0xf0) === ID_LETTERS;

export function takeByte(state: ReplyState, byte: number): { state: ReplyState; replies: Reply[] } {
  if (state.length === 0) return begin(byte);
  if (!goesOn(state, byte)) {
    const anew = begin(byte);
    return { state: anew.state, replies: [{ kind: 'noise', bytes: state }, ...anew.replies] };
  }
  const frame = [...state, byte];
  if (frame[0] === ID_HEADER[0]) {
    if (frame.length < ID_HEADER.length + ID_LENGTH + 1) return { state: frame, replies: [] };
    const id = String.fromCharCode(...frame.slice(ID_HEADER.length, -1));
    return { state: NO_REPLY, replies: [{ kind: 'process-id', id }] };
  }
  if (frame.length < AUTOMATIC_LENGTH) return { state: frame, replies: [] };
  return { state: NO_REPLY, replies: [{ kind: 'automatic', bytes: frame }] };
}

function begin(byte: number): { state: ReplyState; replies: Reply[] } {
  if (byte === ID_HEADER[0] || isAutomaticFirst(byte)) return { state: [byte], replies: [] };
  if (isRealtime(byte)) return { state: NO_REPLY, replies: [{ kind: 'realtime', byte }] };
  if (isPlain(byte)) return { state: NO_REPLY, replies: [{ kind: 'ordered', byte }] };
  return { state: NO_REPLY, replies: [{ kind: 'noise', bytes: [byte] }] };
}

function goesOn(state: ReplyState, byte: number): boolean {
  if (state[0] !== ID_HEADER[0]) return isPlain(byte);
  if (state.length === 1) return byte === ID_HEADER[1];
  return state.length < ID_HEADER.length + ID_LENGTH ? isIdLetter(byte) : byte === 0;
}

/** None of its letters looks like a status but that of `GS r`, even where a frame lost its head. */
export function processId(n: number): string {
  const letters = Array.from({ length: ID_LENGTH }, (_, i) => String.fromCharCode(ID_LETTERS + ((n >> (4 * i)) & 15)));
  return letters.join('');
}

/** `GS ( H` function 48: answered after everything before it was printed. */
export function askProcessId(id: string): Uint8Array {
  return Uint8Array.of(0x1d, 0x28, 0x48, 6, 0, 48, 48, ...[...id].map((c) => c.charCodeAt(0)));
}

/** `GS r 1`: paper, answered when its turn comes among what is printed. */
export const ASK_ORDERED = Uint8Array.of(0x1d, 0x72, 1);
/** `GS a`: on- and offline (2), errors (4) and paper (8) are told of by themselves. `ESC @` may switch it off. */
export const WATCH_STATUS = Uint8Array.of(0x1d, 0x61, 0x0e);

/** The questions of a poll, in order: printer, cause of offline, cause of error, paper. */
export const QUESTIONS = [1, 2, 3, 4] as const;
export type Question = (typeof QUESTIONS)[number];
export const askRealtime = (n: Question): Uint8Array => Uint8Array.of(0x10, 0x04, n);

export interface Sensors {
  readonly paper: 'ok' | 'near-end' | 'out' | 'unknown';
  readonly cover: 'closed' | 'open' | 'unknown';
  readonly error: 'none' | 'cutter' | 'other';
}
export const UNSEEN: Sensors = { paper: 'unknown', cover: 'unknown', error: 'none' };

/** What the answer to `DLE EOT n` adds to what is known. */
export function realtimeSensors(known: Sensors, n: Question, byte: number): Sensors {
  switch (n) {
    case 1:
      return known;
    case 2: {
      const cover = (byte & 0x04) !== 0 ? 'open' : 'closed';
      const failed = (byte & 0x40) !== 0;
      // Which error it is says the next answer; until then what it was stays.
      return { ...known, cover, error: !failed ? 'none' : known.error === 'none' ? 'other' : known.error };
    }
    case 3:
      return { ...known, error: errorOf(byte, known.error) };
    case 4:
      return { ...known, paper: (byte & 0x60) !== 0 ? 'out' : (byte & 0x0c) !== 0 ? 'near-end' : 'ok' };
  }
}

/** Bit 3 the cutter, 5 what only a repair ends, 6 what ends by itself: alike in `DLE EOT 3` and in automatic status. */
function errorOf(byte: number, known: Sensors['error']): Sensors['error'] {
  if ((byte & 0x08) !== 0) return 'cutter';
  if ((byte & 0x60) !== 0) return 'other';
  return known === 'cutter' ? 'none' : known;
}

export function automaticSensors([printer = 0, error = 0, paper = 0]: readonly number[]): Sensors {
  return {
    cover: (printer & 0x20) !== 0 ? 'open' : 'closed',
    error: errorOf(error, 'none'),
    paper: paperOf(paper),
  };
}

/** The answer to `GS r 1` knows paper only. */
export const orderedSensors = (known: Sensors, byte: number): Sensors => ({ ...known, paper: paperOf(byte) });

const paperOf = (byte: number): Sensors['paper'] =>
  (byte & 0x0c) !== 0 ? 'out' : (byte & 0x03) !== 0 ? 'near-end' : 'ok';
