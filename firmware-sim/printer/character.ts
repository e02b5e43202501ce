import iconv from 'iconv-lite';

/** What the font prints for a code it has no character for. */
export const HOLLOW_BOX = '□';

/** ESC t n to the character table of that name (Epson TM character code tables); others fall back to PC437. */
const CODE_PAGES: Record<number, string> = {
  0: 'cp437',
  2: 'cp850',
  3: 'cp860',
  4: 'cp863',
  5: 'cp865',
  16: 'windows1252',
  17: 'cp866',
  18: 'cp852',
  19: 'cp858',
};

/** ESC R n: where the national set differs, what a code prints instead. Set 15 is China, whose dollar sign is a yuan sign. */
const NATIONAL_SETS: Record<number, Record<string, string>> = {
  3: { '#': '£' },
  8: { '\\': '¥' },
  13: { '\\': '₩' },
  15: { $: '¥' },
};

export interface CharacterSetting {
  /** ESC t n. */
  readonly codePage: number;
  /** ESC R n. */
  readonly nationalSet: number;
  readonly fourByteFont: boolean;
}

/** One code as the font prints it: a character, or a hollow box for what the font lacks. */
export function characterOf(bytes: Uint8Array, chinese: boolean, setting: CharacterSetting): string {
  if (!chinese) return singleByte(bytes[0] ?? 0, setting);
  if (bytes.length === 1 || (bytes.length === 4 && !setting.fourByteFont)) return HOLLOW_BOX;
  const text = iconv.decode(Buffer.from(bytes), 'gb18030');
  const point = text.codePointAt(0) ?? 0;
  const privateUse = point >= 0xe000 && point <= 0xf8ff;
  return privateUse || point === 0xfffd || point < 0x80 ? HOLLOW_BOX : text;
}

function singleByte(byte: number, setting: CharacterSetting): string {
  if (byte < 0x80) {
    const ascii = String.fromCharCode(byte);
    return NATIONAL_SETS[setting.nationalSet]?.[ascii] ?? ascii;
  }
  const text = iconv.decode(Buffer.from([byte]), CODE_PAGES[setting.codePage] ?? 'cp437');
  return text === '\ufffd' ? HOLLOW_BOX : text;
}
