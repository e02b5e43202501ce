import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { bareMachine } from './test-rig.ts';

/** As much of `npm escpos` 2.5.2 as is driven here; the package brings no types. */
interface EscposPrinter {
  align(side: 'LT' | 'CT' | 'RT'): EscposPrinter;
  size(width: number, height: number): EscposPrinter;
  style(kind: string): EscposPrinter;
  font(family: 'A' | 'B' | 'C'): EscposPrinter;
  text(content: string): EscposPrinter;
  table(cells: string[]): EscposPrinter;
  drawLine(): EscposPrinter;
  lineSpace(dots?: number): EscposPrinter;
  spacing(dots?: number): EscposPrinter;
  feed(lines?: number): EscposPrinter;
  control(kind: string): EscposPrinter;
  hardware(kind: string): EscposPrinter;
  marginLeft(size: number): EscposPrinter;
  marginRight(size: number): EscposPrinter;
  marginBottom(size: number): EscposPrinter;
  color(index: 0 | 1): EscposPrinter;
  setReverseColors(on: boolean): EscposPrinter;
  beep(times: number, length: number): EscposPrinter;
  cashdraw(pin?: number): EscposPrinter;
  raster(image: object, mode?: string): EscposPrinter;
  image(image: object, density?: string): Promise<EscposPrinter>;
  qrcode(code: string): EscposPrinter;
  cut(partial?: boolean, feed?: number): EscposPrinter;
  flush(done: () => void): EscposPrinter;
}
interface Escpos {
  Printer: new (adapter: object, options: { encoding: string }) => EscposPrinter;
  Image: new (pixels: { data: Uint8Array; shape: [number, number, number] }) => object;
}
const escpos = createRequire(import.meta.url)('escpos') as Escpos;

/** Runs a job through the real package into a machine. */
async function printed(fill: (printer: EscposPrinter) => unknown) {
  const parts = bareMachine();
  const adapter = {
    open: (done: () => void) => done(),
    write: (data: Buffer, done?: () => void) => {
      parts.machine.receive(data);
      done?.();
    },
    close: (done?: () => void) => done?.(),
  };
  const printer = new escpos.Printer(adapter, { encoding: 'GB18030' });
  await fill(printer);
  await new Promise<void>((resolve) => printer.flush(resolve));
  return { text: parts.text(), errors: parts.machine.errors.sentences(), machine: parts.machine };
}

const black = (width: number, height: number): object =>
  new escpos.Image({
    data: new Uint8Array(width * height * 4).fill(255).map((v, i) => (i % 4 === 3 ? v : 0)),
    shape: [width, height, 4],
  });

describe('jobs of the escpos package', () => {
  it('a receipt comes out as it was laid out', async () => {
    const { text, errors } = await printed((printer) =>
      printer
        .hardware('INIT')
        .align('CT')
        .size(2, 2)
        .style('B')
        .text('积分兑换')
        .size(1, 1)
        .style('NORMAL')
        .text('石门村服务点')
        .align('LT')
        .drawLine()
        .table(['Rice 5kg', '120'])
        .text('合计：225 积分 ￥0')
        .size(3, 3)
        .text('补打')
        .cut(),
    );
    const rule = '-'.repeat(48);
    const head = `${' '.repeat(20)}积分兑换\n${' '.repeat(18)}石门村服务点\n${rule}\n`;
    const body = `Rice 5kg${' '.repeat(16)}120\n合计：225 积分 ￥0\n补打\n`;
    expect(text).toBe(`${head}${body}\n\n\n- - - 8< - - -\n`);
    expect(errors).toEqual([]);
  });

  it.each<[string, (printer: EscposPrinter) => unknown, string]>([
    ...['B', 'I', 'U', 'U2', 'BI', 'BIU', 'BIU2', 'BU', 'BU2', 'IU', 'IU2', 'NORMAL'].map(
      (kind): [string, (printer: EscposPrinter) => unknown, string] => [
        `style ${kind}`,
        (p) => p.style(kind).text('a'),
        'a\n',
      ],
    ),
    ['fonts', (p) => p.font('B').font('C').font('A').text('a'), 'a\n'],
    ['line spacing', (p) => p.lineSpace(50).lineSpace().spacing(0).spacing().text('a').feed(2), 'a\n\n\n'],
    [
      'controls',
      (p) => p.control('LF').control('CR').control('FF').control('VT').control('HT').text('a'),
      `\n        a\n`,
    ],
    ['control GLF lacks its ESC: a J is printed', (p) => p.control('GLF').text('a'), 'Ja\n'],
    ['hardware', (p) => p.hardware('INIT').hardware('SELECT').hardware('RESET').text('a'), 'a\n'],
    ['margins of another printer language', (p) => p.marginLeft(65).marginRight(66).marginBottom(67).text('a'), 'a\n'],
    ['colours', (p) => p.color(1).color(0).setReverseColors(true).setReverseColors(false).text('a'), 'a\n'],
    ['beep', (p) => p.beep(2, 3).text('a'), 'a\n'],
    ['cashdraw omits its pulse times and eats two bytes', (p) => p.cashdraw().text('abc'), 'c\n'],
    ['partial cut', (p) => p.text('a').cut(true, 1), 'a\n\n- - - 8< - - -\n'],
    ['raster', (p) => p.raster(black(10, 3)).raster(black(8, 2), 'dhdw'), '[image 16x3]\n[image 8x2]\n'],
    ['bit image', (p) => p.image(black(30, 24), 'd24'), '[image 30x24]\n'],
    ['bit image of 8 dots', (p) => p.image(black(30, 16), 's8'), '[image 30x8]\n[image 30x8]\n'],
    ['U+00A5 is no yuan sign on paper', (p) => p.text('¥6'), '□6\n'],
  ])('%s', async (_name, fill, paper) => {
    const { text, errors } = await printed(fill);
    expect(text).toBe(paper);
    expect(errors).toEqual([]);
  });

  it('qrcode() is a vendor command: it shows as unknown, and the next job prints', async () => {
    const { text, errors, machine } = await printed((printer) => printer.qrcode('abc'));
    expect(text).toContain('?? 1D 5A');
    expect(text).toContain('?? 1B 5A');
    expect(errors.length).toBeGreaterThanOrEqual(2);
    machine.receive(Buffer.from('\x1b@ok\n'));
    expect(machine.paper.slips()[0]?.rows.at(-1)).toMatchObject({ kind: 'line' });
  });
});
