/** What a CD5220 display makes of its bytes, one at a time. An unknown command is an error that can be looked at. */

const COLUMNS = 20;
const MAX_ERRORS = 20;
const ESC = 0x1b;
const CLR = 0x0c;
const CR = 0x0d;
const GB18030 = new TextDecoder('gb18030');

export interface Glass {
  readonly upper: string;
  readonly lower: string;
  readonly errors: readonly string[];
  /** A command begun: `ESC`, `ESC Q`, or the bytes of a line so far. */
  readonly held: readonly number[];
}
export const BLANK_GLASS: Glass = { upper: '', lower: '', errors: [], held: [] };

export function takeByte(glass: Glass, byte: number): Glass {
  const { held } = glass;
  if (held.length >= 3) return byte === CR ? wrote(glass) : { ...glass, held: [...held, byte] };
  if (held.length === 0) {
    if (byte === ESC) return { ...glass, held: [byte] };
    if (byte === CLR) return { ...glass, upper: '', lower: '' };
    if (byte === CR) return glass; // moves the cursor only
    return wrong(glass, `byte ${byte.toString(16)} outside a command`);
  }
  if (held.length === 1 && byte === 0x40) return { ...glass, held: [], upper: '', lower: '' };
  if (held.length === 1 && byte === 0x51) return { ...glass, held: [...held, byte] };
  if (held.length === 2 && (byte === 0x41 || byte === 0x42)) return { ...glass, held: [...held, byte] };
  return wrong(glass, `ESC … ${byte.toString(16)}`);
}

function wrote(glass: Glass): Glass {
  const [, , which, ...bytes] = glass.held;
  if (bytes.length > COLUMNS) return wrong(glass, `a line of ${bytes.length} columns`);
  const text = GB18030.decode(Uint8Array.from(bytes));
  if (text.includes('\ufffd')) return wrong(glass, 'half a character');
  return { ...glass, held: [], ...(which === 0x41 ? { upper: text } : { lower: text }) };
}

function wrong(glass: Glass, says: string): Glass {
  return { ...glass, held: [], errors: [...glass.errors, says].slice(-MAX_ERRORS) };
}
