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

/** One line with `left` and `right` at its ends, or more where they do not fit: nothing of either is cut. */
export function justified(left: string, right: string, width: number): string[] {
  const lines = wrapped(left, width);
  const last = lines.at(-1) ?? '';
  const gap = width - columnsOf(last) - columnsOf(right);
  if (gap >= 1) return [...lines.slice(0, -1), last + ' '.repeat(gap) + right];
  return [...lines, ' '.repeat(Math.max(0, width - columnsOf(right))) + right];
}

/** Lines of at most `width` columns: broken between words, and between any two Chinese characters. An indent stays. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of piecesOf(text, width)) {
    if (line !== '' && columnsOf(line) + columnsOf(piece) > width) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else line += piece;
  }
  return [...lines, line];
}

/** What may not be broken: a Chinese character with the mark after it, a word, a run of blanks. A word wider than the line may. */
function piecesOf(text: string, width: number): string[] {
  const pieces = text.match(/ +|[!-~]+|[^ -~][，。、；：！？）》]*/gu) ?? [];
  return pieces.flatMap((piece) => (columnsOf(piece) > width ? [...piece] : [piece]));
}
