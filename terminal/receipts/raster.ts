import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { columnsOf } from './columns.ts';

/**
 * A line the printer's font cannot print (rare names: 㙓, 䶮, 𠮷) as a raster image. Drawn with @napi-rs/canvas in Noto
 * Sans SC, and where that has no such character in Debian's full Noto Sans CJK SC (package fonts-noto-cjk).
 */

const FAMILY = '"Tallystick Sans", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';
const LINE_DOTS = 30;
/** Where the printer's own 24-dot characters stand in their line. */
const BASELINE_DOTS = 21;
/** The widest paper, and the largest letters: the longest command that any slip has. */
const WIDEST_DOTS = 576;
const SCALE_MAX = 2;
const HEAD_BYTES = 8;
export const RASTER_BYTES_MAX = HEAD_BYTES + (WIDEST_DOTS / 8) * LINE_DOTS * SCALE_MAX;
/** Darker than this (of 255) is a dot: thin strokes must not break on paper. */
const DOT_BELOW = 175;

type Canvas = typeof import('@napi-rs/canvas');
type CanvasRenderingContext = import('@napi-rs/canvas').SKRSContext2D;
const require = createRequire(import.meta.url);
let loaded: Canvas | null = null;

/** Loaded at the first rare name, not at the kiosk's start: it costs 0.1 s. */
function canvasLibrary(): Canvas {
  if (loaded !== null) return loaded;
  const library = require('@napi-rs/canvas') as Canvas;
  const folder = dirname(require.resolve('@fontsource/noto-sans-sc/package.json'));
  library.GlobalFonts.registerFromPath(
    join(folder, 'files', 'noto-sans-sc-chinese-simplified-400-normal.woff2'),
    'Tallystick Sans',
  );
  loaded = library;
  return library;
}

/** `GS v 0` of one text line. `widthDots`: 576 or 384, a multiple of 8. */
export function rasterLine(
  text: string,
  how: { readonly widthDots: number; readonly scale: number; readonly center: boolean; readonly bold: boolean },
): Buffer {
  const library = canvasLibrary();
  const height = LINE_DOTS * how.scale;
  const canvas = library.createCanvas(how.widthDots, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, how.widthDots, height);
  context.fillStyle = '#000';
  context.font = `${how.bold ? 'bold ' : ''}${24 * how.scale}px ${FAMILY}`;
  context.textBaseline = 'alphabetic';
  drawInColumns(context, text, how, BASELINE_DOTS * how.scale);
  const { data } = context.getImageData(0, 0, how.widthDots, height);
  const bytesAcross = how.widthDots / 8;
  const bits = Buffer.alloc(bytesAcross * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < how.widthDots; x++) {
      if ((data[4 * (y * how.widthDots + x)] ?? 255) < DOT_BELOW) {
        const at = y * bytesAcross + (x >> 3);
        bits[at] = (bits[at] ?? 0) | (0x80 >> (x & 7));
      }
    }
  }
  const head = Buffer.from([0x1d, 0x76, 0x30, 0, bytesAcross & 255, bytesAcross >> 8, height & 255, height >> 8]);
  return Buffer.concat([head, bits]);
}

/**
 * Character by character on the printer's own grid, so that a raster line stands in column with its neighbours: each in
 * the middle of its columns, and no wider than they are.
 */
function drawInColumns(
  context: Pick<CanvasRenderingContext, 'fillText' | 'measureText'>,
  text: string,
  how: { readonly widthDots: number; readonly scale: number; readonly center: boolean },
  baseline: number,
): void {
  const column = 12 * how.scale;
  let x = how.center ? Math.max(0, (how.widthDots - columnsOf(text) * column) / 2) : 0;
  for (const character of text) {
    const widthDots = columnsOf(character) * column;
    const spare = Math.max(0, widthDots - context.measureText(character).width);
    context.fillText(character, x + Math.round(spare / 2), baseline, widthDots);
    x += widthDots;
  }
}
