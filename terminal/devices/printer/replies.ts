/**
 * What a printer says, taken apart: real-time status (one byte), automatic status (four), the process id that follows
 * printing (seven). Pure: `(state, byte) -> { state, reply? }`, so bytes may arrive split anywhere.
 * Source: Epson ESC/POS reference, DLE EOT, GS ( H function 48.
 */

export type Reply =
  | { readonly kind: 'status'; readonly byte: number }
  | { readonly kind: 'process-id'; readonly id: string }
  | { readonly kind: 'noise'; readonly byte: number };

/** Bytes of a process-id answer begun: header 37 22, four of id, then 00. */
export type ReplyState = readonly number[];
export const NO_REPLY: ReplyState = [];
const ID_LENGTH = 4;

export function takeByte(state: ReplyState, byte: number): { state: ReplyState; reply: Reply | null } {
  if (state.length === 0) {
    if (byte === 0x37) return { state: [byte], reply: null };
    // Fixed bits of every real-time status byte: bit 1 and 4 set, bit 0 and 7 clear.
    return { state, reply: { kind: (byte & 0x93) === 0x12 ? 'status' : 'noise', byte } };
  }
  const taken = [...state, byte];
  if (state.length === 1 && byte !== 0x22) return { state: NO_REPLY, reply: { kind: 'noise', byte } };
  if (taken.length < 3 + ID_LENGTH) return { state: taken, reply: null };
  const id = String.fromCharCode(...taken.slice(2, 2 + ID_LENGTH));
  return { state: NO_REPLY, reply: byte === 0 ? { kind: 'process-id', id } : { kind: 'noise', byte } };
}

/** Ids are letters A to P: none of them looks like a status byte. */
export function processId(n: number): string {
  const letters = Array.from({ length: ID_LENGTH }, (_, i) => String.fromCharCode(0x41 + ((n >> (4 * i)) & 15)));
  return letters.join('');
}

/** `GS ( H` function 48: answered after everything before it was printed. */
export function askProcessId(id: string): Uint8Array {
  return Uint8Array.of(0x1d, 0x28, 0x48, 6, 0, 48, 48, ...[...id].map((c) => c.charCodeAt(0)));
}

/** The three questions a poll asks, in order: printer, cause of offline, paper. */
export const POLL = [1, 2, 4] as const;
export const POLL_BYTES = Uint8Array.from(POLL.flatMap((n) => [0x10, 0x04, n]));

export interface Sensors {
  readonly paper: 'ok' | 'near-end' | 'out';
  readonly cover: 'closed' | 'open';
  readonly error: boolean;
}

/** Bits of the answers to `DLE EOT 2` and `DLE EOT 4`. */
export function readSensors(offlineByte: number, paperByte: number): Sensors {
  const paper = (paperByte & 0x60) !== 0 ? 'out' : (paperByte & 0x0c) !== 0 ? 'near-end' : 'ok';
  return { paper, cover: (offlineByte & 0x04) !== 0 ? 'open' : 'closed', error: (offlineByte & 0x40) !== 0 };
}
