import type { Scanned } from './port.ts';
import { MAX_CODE_CHARS, scanText } from './scan-text.ts';

/** A scanner in COM mode: each scan is a line that ends with CR, LF or both. Pure: bytes may arrive split anywhere. */

export interface LineState {
  readonly held: readonly number[];
  /** The line is longer than any code: the rest of it is skipped. */
  readonly tooLong: boolean;
}
export const NO_LINE: LineState = { held: [], tooLong: false };

const CR = 0x0d;
const LF = 0x0a;

export function takeLineBytes(state: LineState, bytes: Uint8Array): { state: LineState; scans: Scanned[] } {
  let { held, tooLong } = state;
  const scans: Scanned[] = [];
  for (const byte of bytes) {
    if (byte === CR || byte === LF) {
      const scan = tooLong ? { ok: false as const, reason: 'too-long' as const } : scanText(Uint8Array.from(held));
      if (scan !== null) scans.push(scan);
      held = [];
      tooLong = false;
    } else if (held.length === MAX_CODE_CHARS) tooLong = true;
    else held = [...held, byte];
  }
  return { state: { held, tooLong }, scans };
}
