import { createRequire } from 'node:module';
import { justified, wrapped } from './columns.ts';
import type { Element } from './elements.ts';
import { rasterLine } from './raster.ts';

/** Elements to ESC/POS bytes, by `escpos`. Commands that library gets wrong are written out (docs/devices.md). */

/** The part of escpos 2.5.2 we use; it ships no types. */
interface EscposPrinter {
  align(where: 'LT' | 'CT'): this;
  style(style: 'B' | 'NORMAL'): this;
  hardware(what: 'INIT'): this;
  print(bytes: Uint8Array | string): this;
  text(content: string, encoding?: string): this;
  feed(lines: number): this;
  flush(done: () => void): this;
}
interface Escpos {
  Printer: new (
    adapter: { write(bytes: Buffer, done: () => void): void },
    options: { encoding: string },
  ) => EscposPrinter;
}
const require = createRequire(import.meta.url);

let escpos: Escpos | null = null;
/** Loaded at the first receipt or when the kiosk has started, whichever is first: it would cost the start 0.1 s. */
export function warmEncoder(): Escpos {
  escpos ??= require('escpos') as Escpos;
  return escpos;
}

export type PaperWidth = 48 | 32;
const GS = 0x1d;

/** `widthColumns`: 48 on 80 mm paper, 32 on 58 mm. */
export function encodeReceipt(elements: readonly Element[], widthColumns: PaperWidth): Uint8Array {
  return written((printer) => {
    printer.hardware('INIT');
    for (const element of elements) {
      if (element.standing) printer.print(standingBytes(element, widthColumns));
      else writeElement(printer, element, widthColumns);
    }
  });
}

const standing: Readonly<Record<PaperWidth, WeakMap<Element, Buffer>>> = { 48: new WeakMap(), 32: new WeakMap() };

/** No element's bytes depend on those before it: each sets align, style and size itself. */
function standingBytes(element: Element, width: PaperWidth): Buffer {
  const known = standing[width].get(element);
  if (known !== undefined) return known;
  const bytes = written((printer) => writeElement(printer, element, width));
  standing[width].set(element, bytes);
  return bytes;
}

function written(write: (printer: EscposPrinter) => void): Buffer {
  const chunks: Buffer[] = [];
  const adapter = {
    write(bytes: Buffer, done: () => void) {
      chunks.push(Buffer.from(bytes));
      done();
    },
  };
  const printer = new (warmEncoder().Printer)(adapter, { encoding: 'GB18030' });
  write(printer);
  printer.flush(() => undefined);
  return Buffer.concat(chunks);
}

function writeElement(printer: EscposPrinter, element: Element, width: PaperWidth): void {
  switch (element.kind) {
    case 'text':
      return writeText(printer, element, wrapped(inFont(element.text), width / (element.scale ?? 1)), width);
    case 'columns':
      return writeText(
        printer,
        element,
        justified(inFont(element.left), inFont(element.right), width / (element.scale ?? 1)),
        width,
      );
    case 'rule':
      printer.align('LT').text('-'.repeat(width));
      return;
    case 'qr':
      printer.align('CT').print(qrCommands(element.text)).feed(1);
      return;
    case 'feed':
      printer.feed(element.lines);
      return;
    case 'cut':
      printer.print(Buffer.from([GS, 0x56, 0x42, 0]));
      return;
  }
}

/** `¥` U+00A5 has no place among the two-byte codes of GB18030; `￥` U+FFE5 is the one every Chinese printer has. */
const inFont = (text: string): string => text.replaceAll('\u00a5', '\uffe5');

function writeText(
  printer: EscposPrinter,
  { align, scale, bold }: { align?: 'left' | 'center'; scale?: 1 | 2; bold?: true },
  lines: readonly string[],
  width: PaperWidth,
): void {
  const times = scale ?? 1;
  printer.align(align === 'center' ? 'CT' : 'LT').style(bold ? 'B' : 'NORMAL');
  // GS ! sizes Chinese and Latin characters alike; the library's size() uses ESC !, which many printers keep to Latin.
  printer.print(Buffer.from([GS, 0x21, ((times - 1) << 4) | (times - 1)]));
  for (const line of lines) {
    if (printable(line)) printer.text(line);
    else
      printer.print(
        rasterLine(line, { widthDots: width * 12, scale: times, center: align === 'center', bold: bold === true }),
      );
  }
  printer.print(Buffer.from([GS, 0x21, 0])).style('NORMAL');
}

/**
 * Whether the printer's own font has every character: the one- and two-byte part of GB18030, less the rows that begin
 * with FE, where the standard put rare characters (䶮 among them) long after most printers' fonts were made.
 */
export function printable(text: string): boolean {
  for (const character of text) {
    let known = inEveryFont.get(character);
    if (known === undefined) {
      const bytes = (require('iconv-lite') as typeof import('iconv-lite')).encode(character, 'GB18030');
      known = bytes.length <= 2 && bytes[0] !== 0xfe;
      inEveryFont.set(character, known);
    }
    if (!known) return false;
  }
  return true;
}
/** A village's receipts use a few hundred characters, over and over, between a confirm and its paper. */
const inEveryFont: Map<string, boolean> = new Map();

/** QR by `GS ( k` (functions 165, 167, 169, 180, 181); the library's qrcode() emits a vendor command instead. */
function qrCommands(text: string): Buffer {
  const data = Buffer.from(text, 'ascii');
  const call = (fn: number, ...rest: number[]) => {
    const length = rest.length + 2;
    return Buffer.from([GS, 0x28, 0x6b, length & 255, length >> 8, 49, fn, ...rest]);
  };
  return Buffer.concat([call(65, 50, 0), call(67, 6), call(69, 49), call(80, 48, ...data), call(81, 48)]);
}
