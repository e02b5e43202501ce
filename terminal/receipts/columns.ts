/** Columns on paper: a Chinese character takes two, all else one. */

export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
  return columns;
}

/** Wide in a GB18030 printer: CJK, kana, full-width forms and general punctuation used in Chinese. */
function isWide(code: number): boolean {
  return (
    (code >= 0x2e80 && code <= 0x9fff) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe4f) ||
    (code >= 0xff01 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    code >= 0x20000 ||
    code === 0xd7 ||
    (code >= 0x2010 && code <= 0x2030)
  );
}

/** One line with `left` and `right` at its ends, or two where they do not fit: what is on the right is never cut. */
export function justified(left: string, right: string, width: number): string[] {
  const gap = width - columnsOf(left) - columnsOf(right);
  if (gap >= 1) return [left + ' '.repeat(gap) + right];
  return [left, ' '.repeat(Math.max(0, width - columnsOf(right))) + right];
}
