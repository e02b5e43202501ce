import type { InterpreterState, Step } from './interpreter-state.ts';
import { areaOf, pictureRow } from './line.ts';
import { type QrStore, qrPicture } from './picture.ts';
import type { Picture } from './row.ts';

const LEVELS = ['L', 'M', 'Q', 'H'] as const;
const QR = 49;

/** GS ( k cn=49: fn 165 model, 167 module size, 169 error level, 180 store. Undefined for any other symbol or function. */
export function changedQr(store: QrStore, body: Uint8Array): QrStore | undefined {
  const [symbol, fn, n = 0] = body;
  if (symbol !== QR) return undefined;
  switch (fn) {
    case 0x41:
      return store;
    case 0x43:
      return n >= 1 && n <= 16 ? { ...store, moduleDots: n } : store;
    case 0x45:
      return { ...store, level: LEVELS[n - 48] ?? store.level };
    case 0x50:
      return { ...store, data: Uint8Array.from(body.subarray(3)) };
    default:
      return undefined;
  }
}

/** GS ( k fn 181. */
export function isQrPrint(body: Uint8Array): boolean {
  return body[0] === QR && body[1] === 0x51;
}

export function printedQr(state: InterpreterState, atLineStart: boolean): Step {
  const picture = qrPicture(state.qr);
  if (!picture) return noted(state, 'QR not printed: no data stored, or more than fits at this level');
  if (picture.widthDots > areaOf(state.modes, state.printableDots).widthDots)
    return noted(state, `QR not printed: ${picture.widthDots} dots are wider than the print area`);
  return printedPicture(state, picture, 'GS ( k', atLineStart);
}

/** Rasters and QR symbols need an empty line (Epson: "effective only when there is no data in the print buffer"). */
export function printedPicture(
  state: InterpreterState,
  picture: Picture | undefined,
  name: string,
  atLineStart: boolean,
): Step {
  if (!picture) return { state, effects: [] };
  if (!atLineStart) return noted(state, `${name} ignored: the line before it has no line feed`);
  const row = pictureRow(picture, state.modes, areaOf(state.modes, state.printableDots));
  return { state, effects: [{ kind: 'row', row }] };
}

function noted(state: InterpreterState, text: string): Step {
  return { state, effects: [{ kind: 'note', text }] };
}
