import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { drawRow } from './draw-row.ts';
import { PICTURE_HEIGHT_DOTS_MAX } from './limits.ts';
import type { Slip } from './paper.ts';
import type { Row } from './row.ts';

/** Unprinted paper left and right of the print area: 4 mm, as on 80 mm paper with 72 mm print width. */
const SIDE_DOTS = 32;
/** Paper between the knife and the print head: it is blank at the head of every slip. */
const HEAD_DOTS = 44;
const TAIL_DOTS = 44;
const DESK_DOTS = 28;
const TOOTH_DOTS = 8;

const DESK = '#e4e1da';
const PAPER_TOP = '#fdfaf3';
const PAPER_BOTTOM = '#f8f3e8';

/** The slips, one under the other on a desk, at one pixel a dot (203 dpi). Of a very long roll only the end is drawn. */
export async function paperPng(slips: readonly Slip[], printableDots: number): Promise<Buffer> {
  const shown = lastSlips(slips);
  const width = printableDots + 2 * (SIDE_DOTS + DESK_DOTS);
  const height = DESK_DOTS + shown.reduce((sum, slip) => sum + slipHeight(slip) + DESK_DOTS, 0);
  const canvas = createCanvas(width, Math.max(height, 2 * DESK_DOTS + HEAD_DOTS));
  const context = canvas.getContext('2d');
  context.fillStyle = DESK;
  context.fillRect(0, 0, canvas.width, canvas.height);
  let y = DESK_DOTS;
  for (const slip of shown) {
    drawSlip(context, slip, y, printableDots);
    y += slipHeight(slip) + DESK_DOTS;
  }
  return canvas.encode('png');
}

function slipHeight(slip: Slip): number {
  return HEAD_DOTS + slip.rows.reduce((sum, row) => sum + row.heightDots, 0) + TAIL_DOTS;
}

/** As many whole slips from the end as the picture has room for; of a single endless one, its last rows. */
function lastSlips(slips: readonly Slip[]): Slip[] {
  const shown: Slip[] = [];
  let room = PICTURE_HEIGHT_DOTS_MAX;
  for (const slip of [...slips].reverse()) {
    const height = slipHeight(slip) + DESK_DOTS;
    if (height > room) {
      if (shown.length === 0) shown.push({ ...slip, rows: lastRows(slip.rows, room - HEAD_DOTS - TAIL_DOTS) });
      break;
    }
    room -= height;
    shown.unshift(slip);
  }
  return shown;
}

function lastRows(rows: readonly Row[], roomDots: number): Row[] {
  let left = roomDots;
  const first = rows.findLastIndex((row) => {
    left -= row.heightDots;
    return left < 0;
  });
  return rows.slice(first + 1);
}

function drawSlip(context: SKRSContext2D, slip: Slip, top: number, printableDots: number): void {
  const width = printableDots + 2 * SIDE_DOTS;
  const height = slipHeight(slip);
  context.save();
  paperOutline(context, DESK_DOTS, top, width, height, slip.cut);
  context.shadowColor = 'rgba(70, 60, 40, 0.28)';
  context.shadowBlur = 16;
  context.shadowOffsetY = 5;
  const shade = context.createLinearGradient(0, top, 0, top + height);
  shade.addColorStop(0, PAPER_TOP);
  shade.addColorStop(1, PAPER_BOTTOM);
  context.fillStyle = shade;
  context.fill();
  context.shadowColor = 'transparent';
  // Ink never leaves the paper, whatever a job asks for.
  context.clip();
  let y = top + HEAD_DOTS;
  for (const row of slip.rows) {
    drawRow(context, row, DESK_DOTS + SIDE_DOTS, y, printableDots);
    y += row.heightDots;
  }
  context.restore();
}

/** Torn at the top, and at the bottom too once cut; paper still in the printer ends straight. */
function paperOutline(
  context: SKRSContext2D,
  left: number,
  top: number,
  width: number,
  height: number,
  cut: boolean,
): void {
  const teeth = Math.round(width / TOOTH_DOTS);
  const step = width / teeth;
  const depth = (tooth: number): number => (tooth % 2 === 0 ? 0 : 3.5 + ((tooth * 7) % 5) * 0.5);
  context.beginPath();
  context.moveTo(left, top);
  for (let tooth = 1; tooth <= teeth; tooth++) context.lineTo(left + tooth * step, top + depth(tooth));
  context.lineTo(left + width, top + height);
  for (let tooth = teeth - 1; tooth >= 0; tooth--)
    context.lineTo(left + tooth * step, top + height - (cut ? depth(tooth) : 0));
  context.closePath();
}
