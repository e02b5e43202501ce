import { LINE_PIECES_MAX } from './limits.ts';
import type { Modes } from './modes.ts';
import { COLUMN_DOTS, type Glyph, type Picture, type Piece, type Row } from './row.ts';

/** The print buffer: what will stand in the line being filled. Positions count from the left margin until the line is printed. */
export interface Line {
  readonly pieces: readonly Piece[];
  readonly cursorDots: number;
}

export const EMPTY_LINE: Line = { pieces: [], cursorDots: 0 };

export interface Area {
  readonly leftDots: number;
  readonly widthDots: number;
}

/** What the margins leave of the printable width; at least one Chinese character wide, as printers correct absurd margins. */
export function areaOf(modes: Modes, printableDots: number): Area {
  const leftDots = Math.min(modes.leftMarginDots, printableDots - 24);
  const room = printableDots - leftDots;
  return { leftDots, widthDots: Math.max(24, Math.min(modes.areaWidthDots ?? room, room)) };
}

const CELL_DOTS = { A: [12, 24], B: [9, 17], chinese: [24, 24] } as const;

/** The character as it would stand at `xDots`, and where the next one would begin. */
export function glyphAt(
  modes: Modes,
  text: string,
  chinese: boolean,
  xDots: number,
): { glyph: Glyph; endDots: number } {
  const font = chinese ? 'chinese' : modes.font;
  const [width, height] = CELL_DOTS[font];
  const scale = chinese ? modes.chineseScale : modes.scale;
  const before = chinese ? modes.chineseSpacingDots.left * scale.x : 0;
  const after = (chinese ? modes.chineseSpacingDots.right : modes.spacingDots) * scale.x;
  const glyph: Glyph = {
    kind: 'glyph',
    text,
    xDots: xDots + before,
    widthDots: width * scale.x,
    heightDots: height * scale.y,
    scaleX: scale.x,
    font,
    bold: modes.bold || modes.doubleStrike,
    italic: modes.italic,
    inverse: modes.inverse,
    underlineDots: chinese ? modes.chineseUnderlineDots : modes.underlineDots,
  };
  return { glyph, endDots: glyph.xDots + glyph.widthDots + after };
}

/** Puts a character into the line; one that would pass the right edge prints the line first and begins the next. */
export function putCharacter(
  line: Line,
  modes: Modes,
  area: Area,
  text: string,
  chinese: boolean,
): { line: Line; printed: Row[] } {
  const here = glyphAt(modes, text, chinese, line.cursorDots);
  const fits = here.glyph.xDots + here.glyph.widthDots <= area.widthDots && line.pieces.length < LINE_PIECES_MAX;
  if (fits || line.cursorDots === 0)
    return { line: { pieces: [...line.pieces, here.glyph], cursorDots: here.endDots }, printed: [] };
  const next = glyphAt(modes, text, chinese, 0);
  return { line: { pieces: [next.glyph], cursorDots: next.endDots }, printed: [printedLine(line, modes, area)] };
}

/** Adds a picture at the cursor (ESC *); what passes the right edge is lost, as in the printer. */
export function putPicture(line: Line, area: Area, picture: Picture): Line {
  if (line.pieces.length >= LINE_PIECES_MAX || line.cursorDots >= area.widthDots) return line;
  const placed = { ...picture, xDots: line.cursorDots };
  return { pieces: [...line.pieces, placed], cursorDots: line.cursorDots + picture.widthDots };
}

/** The line as it comes out: moved by the alignment, as high as its spacing or its tallest piece. */
export function printedLine(line: Line, modes: Modes, area: Area): Row {
  const usedDots = Math.max(0, ...line.pieces.map((piece) => piece.xDots + piece.widthDots));
  const shiftDots = area.leftDots + alignShift(modes, area.widthDots, usedDots);
  const tallestDots = Math.max(0, ...line.pieces.map((piece) => piece.heightDots));
  return {
    kind: 'line',
    pieces: line.pieces.map((piece) => ({ ...piece, xDots: piece.xDots + shiftDots })),
    heightDots: Math.max(modes.lineSpacingDots, tallestDots),
    align: modes.align,
  };
}

/** A row of its own for a raster or a QR symbol: no line spacing, so that rasters join without a seam. */
export function pictureRow(picture: Picture, modes: Modes, area: Area): Row {
  const xDots = area.leftDots + alignShift(modes, area.widthDots, picture.widthDots);
  return { kind: 'line', pieces: [{ ...picture, xDots }], heightDots: picture.heightDots, align: modes.align };
}

function alignShift(modes: Modes, areaDots: number, usedDots: number): number {
  const spareDots = Math.max(0, areaDots - usedDots);
  if (modes.align === 'left') return 0;
  return modes.align === 'right' ? spareDots : Math.floor(spareDots / 2);
}

/** HT: to the next tab stop, counted in columns of font A; without one left it is ignored. */
export function tabbed(line: Line, modes: Modes, area: Area): Line {
  const columnDots = COLUMN_DOTS + modes.spacingDots;
  const stopDots = modes.tabStops.map((column) => column * columnDots).find((dots) => dots > line.cursorDots);
  return stopDots === undefined || stopDots >= area.widthDots ? line : { ...line, cursorDots: stopDots };
}

/** ESC $ and ESC \: a position outside the area is ignored. */
export function moved(line: Line, area: Area, cursorDots: number): Line {
  return cursorDots < 0 || cursorDots >= area.widthDots ? line : { ...line, cursorDots };
}
