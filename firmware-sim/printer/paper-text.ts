import type { Slip } from './paper.ts';
import { type Align, COLUMN_DOTS, type Piece, type Row } from './row.ts';

/** What stands in the text where the knife went through. */
export const CUT_LINE = '- - - 8< - - -';
const LINE_DOTS = 30;

/**
 * The paper as UTF-8 text, one column per 12 dots (48 on 80 mm), Chinese two columns. Enlarged characters stay together, so that the
 * text can be searched; the columns they fill beyond their own are blanks where the alignment puts them.
 */
export function paperText(slips: readonly Slip[]): string {
  const lines = slips.flatMap((slip) => [...slip.rows.flatMap(rowLines), ...(slip.cut ? [CUT_LINE] : [])]);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function rowLines(row: Row): string[] {
  if (row.kind === 'feed') return Array.from({ length: Math.round(row.heightDots / LINE_DOTS) }, () => '');
  if (row.kind === 'notice') return [`[ ${row.text} ]`];
  return [lineText(row.pieces, row.align)];
}

interface Span {
  readonly text: string;
  /** Columns the text itself takes, at two for each character of the Chinese font, whatever a terminal makes of it. */
  readonly ownColumns: number;
  readonly startColumn: number;
  readonly endColumn: number;
  readonly align: Align;
}

function lineText(pieces: readonly Piece[], align: Align): string {
  let text = '';
  let columns = 0;
  for (const span of spansOf(pieces, align)) {
    const spare = Math.max(0, span.endColumn - span.startColumn - span.ownColumns);
    const before = { left: 0, centre: Math.floor(spare / 2), right: spare }[span.align];
    const blanks = Math.max(0, span.startColumn + before - columns);
    text += ' '.repeat(blanks) + span.text;
    columns += blanks + span.ownColumns;
  }
  return text.trimEnd();
}

/** Characters that touch and are enlarged alike belong together; a picture stands alone, its label in the middle of its width. */
function spansOf(pieces: readonly Piece[], align: Align): Span[] {
  const groups: Piece[][] = [];
  for (const piece of [...pieces].sort((a, b) => a.xDots - b.xDots)) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && belongs(last, piece)) group.push(piece);
    else groups.push([piece]);
  }
  return groups.map((group) => spanOf(group, align));
}

function belongs(last: Piece, next: Piece): boolean {
  if (last.kind === 'picture' || next.kind === 'picture') return false;
  const gapDots = next.xDots - last.xDots - last.widthDots;
  return last.scaleX === next.scaleX && gapDots < COLUMN_DOTS && (last.font === 'B') === (next.font === 'B');
}

function spanOf(group: readonly Piece[], align: Align): Span {
  const first = group[0];
  const last = group.at(-1);
  const startColumn = Math.round((first?.xDots ?? 0) / COLUMN_DOTS);
  const endColumn = Math.round(((last?.xDots ?? 0) + (last?.widthDots ?? 0)) / COLUMN_DOTS);
  const text = group.map((piece) => (piece.kind === 'glyph' ? piece.text : piece.label)).join('');
  const ownColumns = group.reduce((sum, piece) => sum + ownColumnsOf(piece), 0);
  return { text, ownColumns, startColumn, endColumn, align: first?.kind === 'picture' ? 'centre' : align };
}

function ownColumnsOf(piece: Piece): number {
  if (piece.kind === 'glyph') return piece.font === 'chinese' ? 2 : 1;
  return Array.from(piece.label).length;
}
