import { concat } from '../../../protocol/primitives/bytes.ts';

/**
 * The frames of certified resident-ID readers. Source: the published protocol of the SAM_V module (UART), the same for all
 * makers: `AA AA AA 96 69`, length (2 bytes, big-endian, counting what follows), then to the unit `command parameter` and
 * from it `SW1 SW2 SW3 data…`, last the XOR of everything between preamble and itself.
 * Pure: bytes may arrive split anywhere and with noise between. What it is given and what it held before may be wiped.
 */
const PREAMBLE = Uint8Array.of(0xaa, 0xaa, 0xaa, 0x96, 0x69);
const LENGTH_BYTES = 2;
const STATUS_BYTES = 3;
const XOR_BYTES = 1;
/** Text 256, photo 1024, fingerprints 1024, their lengths and the status: no honest frame is longer. */
const MAX_CONTENT = 2_400;

export interface Answer {
  /** SW3, the unit's own status; SW1 and SW2 are the card's. */
  readonly status: number;
  readonly data: Uint8Array;
}
/** Bytes of a frame begun. */
export type FrameState = Uint8Array;
export const NO_FRAME: FrameState = new Uint8Array(0);

export function commandFrame(command: number, parameter: number): Uint8Array {
  const content = [0x00, 0x03, command, parameter];
  return Uint8Array.of(...PREAMBLE, ...content, xor(content));
}

export function takeBytes(state: FrameState, bytes: Uint8Array): { state: FrameState; answers: Answer[] } {
  const all = concat(state, bytes);
  const answers: Answer[] = [];
  let at = 0;
  for (;;) {
    at = nextPreamble(all, at);
    const frame = frameAt(all, at);
    if (frame === 'unfinished') break;
    // A preamble may stand in noise, or in the data of a frame whose beginning was lost: look again behind its first byte.
    if (frame === null) at += 1;
    else {
      answers.push(frame.answer);
      at = frame.end;
    }
  }
  const rest = all.slice(at);
  all.fill(0);
  return { state: rest, answers };
}

/** Where the next preamble begins, or could begin with what is still to come. */
function nextPreamble(all: Uint8Array, from: number): number {
  for (let at = from; at < all.length; at++) {
    if (PREAMBLE.every((byte, i) => at + i >= all.length || all[at + i] === byte)) return at;
  }
  return all.length;
}

function frameAt(all: Uint8Array, at: number): { answer: Answer; end: number } | 'unfinished' | null {
  const lengthAt = at + PREAMBLE.length;
  const contentAt = lengthAt + LENGTH_BYTES;
  if (all.length < contentAt) return 'unfinished';
  const length = (all[lengthAt] ?? 0) * 256 + (all[lengthAt + 1] ?? 0);
  if (length < STATUS_BYTES + XOR_BYTES || length > MAX_CONTENT) return null;
  const end = contentAt + length;
  if (all.length < end) return 'unfinished';
  if (xor(all.subarray(lengthAt, end)) !== 0) return null;
  const data = all.slice(contentAt + STATUS_BYTES, end - XOR_BYTES);
  return { answer: { status: all[contentAt + 2] ?? 0, data }, end };
}

function xor(bytes: Iterable<number>): number {
  let sum = 0;
  for (const byte of bytes) sum ^= byte;
  return sum;
}
