import iconv from 'iconv-lite';
import type { DisplayLines } from './port.ts';

/**
 * The CD5220 command set of customer displays, 2 lines of 20 columns. Source: the DSP-800 / CD5220 command tables of
 * display makers: `ESC @` starts afresh, `ESC Q A … CR` and `ESC Q B … CR` write the upper and the lower line whole.
 * Chinese models take GB18030's two-byte part, two columns a character.
 */
export const COLUMNS = 20;
const CR = 0x0d;
/** The CR ends a line that was cut in half when its writer gave up; elsewhere it moves a cursor that nobody sees. */
export const START_AFRESH = Uint8Array.of(CR, 0x1b, 0x40);

const ESC_Q = [0x1b, 0x51] as const;
const UPPER = 0x41;
const LOWER = 0x42;
const BLANK = 0x20;
/** Stands for what the display has no character for: emoji, rare characters (four bytes), what would be a command. */
const UNKNOWN = 0x3f;

export function encodeLines({ upper, lower }: DisplayLines): Uint8Array {
  return Uint8Array.of(...ESC_Q, UPPER, ...columns(upper), CR, ...ESC_Q, LOWER, ...columns(lower), CR);
}

/** Exactly 20 columns: some displays leave standing what a shorter line does not cover. No character is cut in half. */
function columns(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const encoded = encodeCharacter(character);
    if (bytes.length + encoded.length > COLUMNS) break;
    bytes.push(...encoded);
  }
  while (bytes.length < COLUMNS) bytes.push(BLANK);
  return bytes;
}

/** One byte a column, so the number of bytes is the number of columns. */
function encodeCharacter(character: string): readonly number[] {
  if (/^[\x20-\x7e]$/.test(character)) return [character.charCodeAt(0)];
  const encoded = [...iconv.encode(character, 'gb18030')];
  return encoded.length === 2 ? encoded : [UNKNOWN];
}
