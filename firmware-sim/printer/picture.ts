import QRCode from 'qrcode';
import { QR_BYTES_MAX } from './limits.ts';
import type { Bitmap, Picture } from './row.ts';

const word = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;

function picture(label: string, bitmap: Bitmap, scaleX: number, scaleY: number): Picture {
  return {
    kind: 'picture',
    label,
    xDots: 0,
    widthDots: bitmap.widthDots * scaleX,
    heightDots: bitmap.heightDots * scaleY,
    bitmap,
  };
}

/** GS v 0 m xL xH yL yH d…: `parameters` begin with the '0'. Undefined when it has no dots at all. */
export function rasterPicture(parameters: Uint8Array): Picture | undefined {
  const mode = (parameters[1] ?? 0) & 3;
  const bitmap = { widthDots: word(parameters, 2) * 8, heightDots: word(parameters, 4), bits: parameters.subarray(6) };
  if (bitmap.widthDots === 0 || bitmap.heightDots === 0) return undefined;
  return picture(`[image ${bitmap.widthDots}x${bitmap.heightDots}]`, bitmap, mode & 1 ? 2 : 1, mode & 2 ? 2 : 1);
}

/** ESC * m nL nH d…: columns of 8 or 24 dots, topmost first, turned here into rows. */
export function bitImagePicture(parameters: Uint8Array): Picture | undefined {
  const mode = parameters[0] ?? 0;
  const columns = word(parameters, 1);
  if (columns === 0) return undefined;
  const heightDots = mode >= 32 ? 24 : 8;
  const columnBytes = heightDots / 8;
  const rowBytes = Math.ceil(columns / 8);
  const bits = new Uint8Array(rowBytes * heightDots);
  for (let x = 0; x < columns; x++) {
    for (let y = 0; y < heightDots; y++) {
      const black = ((parameters[3 + x * columnBytes + (y >> 3)] ?? 0) >> (7 - (y & 7))) & 1;
      const at = y * rowBytes + (x >> 3);
      bits[at] = (bits[at] ?? 0) | (black << (7 - (x & 7)));
    }
  }
  const bitmap = { widthDots: columns, heightDots, bits };
  return picture(`[image ${columns}x${heightDots}]`, bitmap, mode & 1 ? 1 : 2, heightDots === 8 ? 3 : 1);
}

/** The QR symbol being prepared by GS ( k; ESC @ forgets it. */
export interface QrStore {
  readonly moduleDots: number;
  readonly level: 'L' | 'M' | 'Q' | 'H';
  readonly data: Uint8Array;
}

export const EMPTY_QR: QrStore = { moduleDots: 3, level: 'L', data: new Uint8Array() };

/** GS ( k fn 181: the stored symbol, without a quiet zone (that is the sender's job); undefined when it cannot be made. */
export function qrPicture(store: QrStore): Picture | undefined {
  if (store.data.length === 0 || store.data.length > QR_BYTES_MAX) return undefined;
  const { modules } = symbolOf(store) ?? {};
  if (!modules) return undefined;
  const rowBytes = Math.ceil(modules.size / 8);
  const bits = new Uint8Array(rowBytes * modules.size);
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) {
      const at = y * rowBytes + (x >> 3);
      if (modules.data[y * modules.size + x]) bits[at] = (bits[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  const bitmap = { widthDots: modules.size, heightDots: modules.size, bits };
  return picture(`[QR ${printable(store.data)}]`, bitmap, store.moduleDots, store.moduleDots);
}

function symbolOf(store: QrStore): QRCode.QRCode | undefined {
  const ascii = store.data.every((byte) => byte < 0x80);
  const content = ascii ? Buffer.from(store.data).toString('latin1') : [{ data: store.data, mode: 'byte' as const }];
  try {
    return QRCode.create(content, { errorCorrectionLevel: store.level });
  } catch {
    // More than fits at this level: a real printer prints nothing either.
    return undefined;
  }
}

function printable(data: Uint8Array): string {
  return Buffer.from(data)
    .toString('utf8')
    .replace(/\p{Cc}/gu, '·');
}
