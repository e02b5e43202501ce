import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { HOLLOW_BOX } from './character.ts';
import { fontFamilies } from './fonts.ts';
import type { Glyph, Picture, Row } from './row.ts';

const INK = '#2f2d2b';
const BARE_PAPER = '#fbf7ee';

/** Type size in dots for the cells 12x24, 9x17 and 24x24, and where in the cell the baseline lies. */
const TYPE = {
  A: { cellDots: 12, sizeDots: 21, baselineDots: 19 },
  B: { cellDots: 9, sizeDots: 15, baselineDots: 13.5 },
  chinese: { cellDots: 24, sizeDots: 23.5, baselineDots: 20.5 },
} as const;

/** Draws a row with its upper left corner of the print area at (left, top). */
export function drawRow(context: SKRSContext2D, row: Row, left: number, top: number, printableDots: number): void {
  if (row.kind === 'feed') return;
  if (row.kind === 'notice') {
    drawNotice(context, row.text, left, top, printableDots, row.heightDots);
    return;
  }
  // Characters of different height stand on one line, at the foot of the tallest.
  const tallestDots = Math.max(0, ...row.pieces.map((piece) => piece.heightDots));
  for (const piece of row.pieces) {
    const y = top + tallestDots - piece.heightDots;
    if (piece.kind === 'glyph') drawGlyph(context, piece, left + piece.xDots, y);
    else drawPicture(context, piece, left + piece.xDots, y, printableDots - piece.xDots);
  }
}

function drawGlyph(context: SKRSContext2D, glyph: Glyph, x: number, y: number): void {
  const type = TYPE[glyph.font];
  const cellHeightDots = { A: 24, B: 17, chinese: 24 }[glyph.font];
  context.save();
  context.translate(x, y);
  context.scale(glyph.scaleX, glyph.heightDots / cellHeightDots);
  if (glyph.inverse) {
    context.fillStyle = INK;
    context.fillRect(0, 0, type.cellDots, cellHeightDots);
  }
  context.fillStyle = glyph.inverse ? BARE_PAPER : INK;
  for (let dot = 0; dot < glyph.underlineDots; dot++) context.fillRect(0, cellHeightDots - 1 - dot, type.cellDots, 1);
  if (glyph.italic) context.transform(1, 0, -0.18, 1, 3, 0);
  drawCharacter(context, glyph.text, glyph.bold, type);
  context.restore();
}

/** In the middle of its cell; a letter wider than the cell is narrowed, as in a printer's fixed-width font. */
function drawCharacter(
  context: SKRSContext2D,
  text: string,
  bold: boolean,
  type: { cellDots: number; sizeDots: number; baselineDots: number },
): void {
  // Drawn by hand: without system fonts there is no such character, and what came out would be crossed.
  if (text === HOLLOW_BOX) {
    context.strokeStyle = context.fillStyle;
    context.lineWidth = 1.5;
    context.strokeRect(2.5, 3.5, type.cellDots - 5, type.sizeDots - 5);
    return;
  }
  const { regular, bold: heavy } = fontFamilies();
  context.font = `${type.sizeDots}px ${bold ? heavy : regular}`;
  context.textBaseline = 'alphabetic';
  const width = context.measureText(text).width;
  const squeeze = Math.min(1, (type.cellDots - (type.cellDots < 24 ? 0.6 : 0)) / Math.max(width, 1));
  context.translate((type.cellDots - width * squeeze) / 2, type.baselineDots);
  context.scale(squeeze, 1);
  context.fillText(text, 0, 0);
  // Narrowing thins the uprights of m and w; a hair of outline gives them the weight of their neighbours.
  if (squeeze > 0.7) return;
  context.strokeStyle = context.fillStyle;
  context.lineWidth = 0.7;
  context.strokeText(text, 0, 0);
}

function drawPicture(context: SKRSContext2D, picture: Picture, x: number, y: number, roomDots: number): void {
  const { widthDots, heightDots, bits } = picture.bitmap;
  const canvas = createCanvas(widthDots, heightDots);
  const inner = canvas.getContext('2d');
  const image = inner.createImageData(widthDots, heightDots);
  const rowBytes = Math.ceil(widthDots / 8);
  for (let row = 0; row < heightDots; row++) {
    for (let column = 0; column < widthDots; column++) {
      const black = ((bits[row * rowBytes + (column >> 3)] ?? 0) >> (7 - (column & 7))) & 1;
      if (black) image.data.set([0x2f, 0x2d, 0x2b, 0xff], (row * widthDots + column) * 4);
    }
  }
  inner.putImageData(image, 0, 0);
  context.save();
  context.beginPath();
  context.rect(x, y, Math.max(0, roomDots), picture.heightDots);
  context.clip();
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, x, y, picture.widthDots, picture.heightDots);
  context.restore();
}

function drawNotice(
  context: SKRSContext2D,
  text: string,
  left: number,
  top: number,
  widthDots: number,
  heightDots: number,
): void {
  context.save();
  context.strokeStyle = INK;
  context.lineWidth = 2;
  context.strokeRect(left + 1, top + 4, widthDots - 2, heightDots - 8);
  context.fillStyle = INK;
  context.font = `20px ${fontFamilies().bold}`;
  context.textBaseline = 'middle';
  context.fillText(text, left + 14, top + heightDots / 2, widthDots - 28);
  context.restore();
}
