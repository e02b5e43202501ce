import { describe, expect, it } from 'vitest';
import { bareMachine, job, printedText } from './test-rig.ts';

const ESC = 0x1b;
const GS = 0x1d;
const FS = 0x1c;
const INIT = [ESC, 0x40] as const;

/** name, bytes, what then stands on the paper (text). */
const TABLE: [string, Buffer, string][] = [
  ['a line of ASCII', job('abc\n'), 'abc\n'],
  ['CR before LF is ignored', job('abc\r\n'), 'abc\n'],
  ['a line without its LF is not on paper yet', job('abc'), ''],
  ['an empty line', job('a\n\nb\n'), 'a\n\nb\n'],
  ['GB18030 two-byte codes', job('积分兑换 ￥\n'), '积分兑换 ￥\n'],
  ['U+00A5 is a four-byte code the font lacks', job('¥1\n'), '□1\n'],
  ['a rare name: four-byte code', job('𠀀\n'), '□\n'],
  ['a broken Chinese code does not eat the line feed', job(0xb0, '\nb\n'), '□\nb\n'],
  ['FS . ends Chinese mode: bytes are table PC437', job(FS, 0x2e, 0xb0, 0xc4, '\n', FS, 0x26, '中\n'), '░─\n中\n'],
  ['ESC t 16: Windows-1252', job(FS, 0x2e, ESC, 0x74, 16, 0xe9, '\n'), 'é\n'],
  ['a code without a character in the table', job(FS, 0x2e, ESC, 0x74, 16, 0x81, '\n'), '□\n'],
  ['ESC R 15: the dollar is a yuan', job(ESC, 0x52, 15, '$5\n'), '¥5\n'],
  ['ESC @ drops a half-filled line', job('lost', ...INIT, 'kept\n'), 'kept\n'],
  ['ESC @ resets the alignment', job(ESC, 0x61, 2, ...INIT, 'left\n'), 'left\n'],
  ['centre', job(ESC, 0x61, 1, 'ab\n'), `${' '.repeat(23)}ab\n`],
  ['centre, ASCII digit as parameter', job(ESC, 0x61, '1', '中\n'), `${' '.repeat(23)}中\n`],
  ['right', job(ESC, 0x61, 2, 'ab\n'), `${' '.repeat(46)}ab\n`],
  ['ESC a within a line is ignored', job('ab', ESC, 0x61, 2, '\n'), 'ab\n'],
  [
    'GS ! double width fills its columns, text stays together',
    job(GS, 0x21, 0x10, 'ab', GS, 0x21, 0, 'c\n'),
    'ab  c\n',
  ],
  ['GS ! 8 times', job(GS, 0x21, 0x77, 'abcdefg\n'), 'abcdef\ng\n'],
  ['ESC ! double width, Chinese too', job(ESC, 0x21, 0x30, ESC, 0x61, 2, '中\n'), `${' '.repeat(46)}中\n`],
  ['FS ! enlarges Chinese only', job(FS, 0x21, 4, '中', 'a\n'), '中  a\n'],
  ['wraps at 48 columns', job('x'.repeat(50), '\n'), `${'x'.repeat(48)}\nxx\n`],
  ['a Chinese character is not split by the edge', job('x'.repeat(47), '中\n'), `${'x'.repeat(47)}\n中\n`],
  ['font B wraps at 64', job(ESC, 0x4d, 1, 'x'.repeat(65), '\n'), `${'x'.repeat(64)}\nx\n`],
  ['HT goes to the next eighth column', job('a\tb\n'), 'a       b\n'],
  ['ESC D sets the tab stops', job(ESC, 0x44, 4, 12, 0, '\ta\tb\n'), '    a       b\n'],
  ['ESC $ absolute position', job('a', ESC, 0x24, 120, 0, 'b\n'), 'a         b\n'],
  ['ESC \\ back by 12 dots', job('ab', ESC, 0x5c, 24, 0, ESC, 0x5c, 0xf4, 0xff, 'c\n'), 'ab c\n'],
  ['ESC $ outside the area is ignored', job('a', ESC, 0x24, 0, 4, 'b\n'), 'ab\n'],
  ['ESC SP spaces characters out', job(ESC, 0x20, 12, 'ab', ESC, 0x20, 0, 'c\n'), 'a b c\n'],
  ['FS S spaces Chinese out', job(FS, 0x53, 12, 12, '中文\n'), ' 中  文\n'],
  ['GS L left margin', job(GS, 0x4c, 48, 0, 'a\n'), '    a\n'],
  ['GS W narrows the area', job(GS, 0x57, 48, 0, 'abcde\n'), 'abcd\ne\n'],
  ['ESC d prints and feeds', job('a', ESC, 0x64, 3, 'b\n'), 'a\n\n\nb\n'],
  ['ESC d on an empty line', job(ESC, 0x64, 2, 'b\n'), '\n\nb\n'],
  ['ESC J feeds dots', job('a', ESC, 0x4a, 60, 'b\n'), 'a\n\n\nb\n'],
  ['GS V 0', job('a\n', GS, 0x56, 0, 'b\n'), 'a\n- - - 8< - - -\nb\n'],
  ["GS V '1'", job('a\n', GS, 0x56, 49, 'b\n'), 'a\n- - - 8< - - -\nb\n'],
  ['GS V 65 n feeds first', job('a\n', GS, 0x56, 65, 60), 'a\n\n\n- - - 8< - - -\n'],
  ['GS V 66 0', job('a\n', GS, 0x56, 66, 0), 'a\n- - - 8< - - -\n'],
  [
    'two cuts with nothing between make one slip',
    job('a\n', GS, 0x56, 0, GS, 0x56, 0, 'b\n'),
    'a\n- - - 8< - - -\nb\n',
  ],
  ['a cut on a half-filled line is ignored', job('a', GS, 0x56, 0, 'b\n'), 'ab\n'],
  ['GS v 0 raster', job(GS, 0x76, 0x30, 0, 2, 0, 2, 0, 1, 2, 3, 4, 'a\n'), '[image 16x2]\na\n'],
  [
    'a raster too large to be meant is refused',
    job(GS, 0x76, 0x30, 0, 255, 255, 255, 255, 'a\n'),
    '[ ?? 1D 76 30 00 FF FF FF FF ]\na\n',
  ],
  ['ESC * bit image stands in the line', job(ESC, 0x2a, 33, 2, 0, 1, 2, 3, 4, 5, 6, 'a\n'), '[image 2x24]a\n'],
  ['drawer and buzzer are swallowed', job(ESC, 0x70, 0, 25, 250, ESC, 0x42, 2, 3, 'a\n'), 'a\n'],
  ['DLE EOT leaves no trace on paper', job('a', 0x10, 4, 1, 'b\n'), 'ab\n'],
  ['an unknown command shows', job(ESC, 0x99, 'a\n'), '[ ?? 1B 99 ]\na\n'],
  ['ESC ESC @: the second ESC is meant', job('x', ESC, ESC, 0x40, 'a\n'), '[ ?? 1B ]\na\n'],
  [
    'an unknown counted command is stepped over',
    job(GS, 0x28, 0x5a, 3, 0, 'abc', 'd\n'),
    '[ ?? 1D 28 5A 03 00 61 62 ]\nd\n',
  ],
  ['a barcode is named', job(GS, 0x6b, 73, 3, 'A12', 'd\n'), '[ barcode A12 ]\nd\n'],
];

describe('what stands on the paper', () => {
  it.each(TABLE)('%s', (_name, bytes, paper) => {
    expect(printedText(bytes)).toBe(paper);
  });

  it('58 mm paper has 32 columns', () => {
    expect(printedText(job('x'.repeat(33), '\n'), 384)).toBe(`${'x'.repeat(32)}\nx\n`);
  });

  it('a printer with a four-byte font prints the rare name', () => {
    expect(printedText(job('𠀀\n'), 576, true)).toBe('𠀀\n');
  });
});

function qrJob(content: string, ...level: number[]): Buffer {
  const size = Buffer.byteLength(content) + 3;
  const store = job(GS, 0x28, 0x6b, size & 255, size >> 8, 0x31, 0x50, 0x30, Buffer.from(content));
  const [dots = 4, errors = 49] = level;
  const set = job(GS, 0x28, 0x6b, 3, 0, 0x31, 0x43, dots, GS, 0x28, 0x6b, 3, 0, 0x31, 0x45, errors);
  return job(GS, 0x28, 0x6b, 4, 0, 0x31, 0x41, 50, 0, set, store, GS, 0x28, 0x6b, 3, 0, 0x31, 0x51, 0x30);
}

describe('GS ( k, the QR symbol', () => {
  it('is drawn with its module size and named in the text', () => {
    const { machine, text } = bareMachine();
    machine.receive(qrJob('https://a.example/中'));
    expect(text().trim()).toBe('[QR https://a.example/中]');
    const row = machine.paper.slips()[0]?.rows[0];
    const piece = row?.kind === 'line' ? row.pieces[0] : undefined;
    // Version 2 at level M: 25 modules of 4 dots.
    expect(piece).toMatchObject({ widthDots: 100, heightDots: 100 });
  });

  it.each([
    ['nothing stored', qrJob('')],
    ['wider than the paper', qrJob('x'.repeat(400), 16)],
    ['more than fits', qrJob('x'.repeat(2_900), 1, 51)],
  ])('%s: no symbol, and a sentence why', (_name, bytes) => {
    const { machine, text } = bareMachine();
    machine.receive(bytes);
    expect(text()).toBe('');
    expect(machine.errors.sentences().join()).toMatch(/QR not printed/);
  });
});

describe('answers', () => {
  const idJob = job(GS, 0x28, 0x48, 6, 0, 48, 48, 'J042');
  it.each([
    ['DLE EOT 1–4 of a healthy printer', job(0x10, 4, 1, 0x10, 4, 2, 0x10, 4, 3, 0x10, 4, 4), '16121212'],
    ['DLE EOT in a half-filled line', job('a', 0x10, 4, 1), '16'],
    ['DLE EOT within a raster', job(GS, 0x76, 0x30, 0, 1, 0, 9, 0, 0x10, 4, 4), '12'],
    ['GS r 1', job(GS, 0x72, 1), '00'],
    ['GS I 1 and 67', job(GS, 0x49, 1, GS, 0x49, 67), '205f53494d2d383000'],
    ['GS ( H process id', idJob, '37224a30343200'],
    ['GS a tells at once', job(GS, 0x61, 0xff), '1400000f'],
  ])('%s', (_name, bytes, answer) => {
    const { machine, saidHex } = bareMachine();
    machine.receive(bytes);
    expect(saidHex()).toBe(answer);
  });

  it('a real-time answer overtakes a queued one', () => {
    const { machine, saidHex } = bareMachine();
    machine.receive(job(GS, 0x72, 1, 0x10, 4, 1));
    expect(saidHex()).toBe('1600');
  });

  it('DLE ENQ and DLE DC4 do nothing and are remembered', () => {
    const { machine, text } = bareMachine();
    machine.receive(job(0x10, 5, 1, 0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8, 'a\n'));
    expect(text()).toBe('a\n');
    expect(machine.errors.sentences().join()).toMatch(/DLE ENQ 1 was sent.*DLE DC4 8 was sent/);
  });

  it('an unknown command is listed with its place', () => {
    const { machine } = bareMachine();
    machine.receive(job('a\n', GS, 0x56, 0, 'b', ESC, 0x99));
    expect(machine.errors.unknownCommands()).toEqual([{ atByte: 6, hex: '1B 99', slip: 1 }]);
  });
});
