import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type SimulatedPrinter, startPrinter } from '../../firmware-sim/printer/index.ts';
import type { RedeemPayload } from '../../protocol/records/payload.ts';
import { columnsOf, justified, wrapped } from './columns.ts';
import { encodeReceipt, type PaperWidth } from './encode.ts';
import { type ReceiptFacts, receiptOf } from './receipt.ts';

/** What stands on the paper after the real bytes went through a printer. */

const payload: RedeemPayload = {
  ...{
    v: 1,
    type: 'redeem',
    tid: 'k1',
    ep: 1,
    seq: 7,
    prev: 'p',
    at: Date.UTC(2027, 0, 15, 1, 2, 3),
    up: 1,
    boot: 'b',
  },
  ...{ day: '2027-01-15', tot: 96, acct: 'a1', card: '1.x', pts: 96, S: 96, V: 0, R: 0 },
  lines: [
    { sku: 'rice', rev: 1, qty: 2, pts: 45 },
    { sku: 'salt', rev: 1, qty: 1, pts: 6 },
  ],
  auth: { level: 'uid', pin: true, hotlist: 0 },
};
const facts: ReceiptFacts = {
  ...{
    payload,
    hash: 'b900RJm5NxNgDYbEErGN_KpsxWYt13XyflS5gSynfXc',
    name: '张*芳',
    last4: '6105',
    beforePts: 1000,
    afterPts: 904,
  },
  itemNames: new Map([['rice', { name: '大米', unit: '袋' }]]),
  place: {
    county: { zh: '松荫县', en: '' },
    village: { zh: '桃湾村', en: '' },
    shop: { zh: '桃湾积分超市', en: '' },
    phone: '12345',
  },
  ...{ receiptBase: 'http://hub.test', timeZone: 'Asia/Shanghai', copy: 0 },
};

let printer: SimulatedPrinter | null = null;
afterEach(() => printer?.close());

async function printed(
  change: Partial<ReceiptFacts> = {},
  width: PaperWidth = 48,
): Promise<{ text: string; errors: string[] }> {
  printer = await startPrinter({ port: 0, widthDots: width === 48 ? 576 : 384 });
  const bytes = encodeReceipt(receiptOf({ ...facts, ...change }), width);
  const socket = connect(printer.port, '127.0.0.1');
  await new Promise<void>((done) => socket.once('connect', done));
  socket.write(bytes);
  const endMs = performance.now() + 3_000;
  while (printer.slipCount() === 0 && performance.now() < endMs) await new Promise((done) => setTimeout(done, 10));
  socket.destroy();
  return { text: printer.paperText(), errors: printer.state().errors };
}

describe('a receipt on paper', () => {
  it.each([48, 32] as const)('has every line, at %i columns, and no printer finds fault', async (width) => {
    const { text, errors } = await printed({}, width);
    expect(errors).toEqual([]);
    for (const part of [
      '桃湾积分超市',
      '松荫县 桃湾村',
      '张*芳',
      '6105',
      '2027-01-15 09:02:03',
      '大米',
      '90',
      'salt',
      '6',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toMatch(/兑换前积分 +1000\n/);
    expect(text).toMatch(/本次使用 +96\n/);
    expect(text).toMatch(/剩余积分 +904/);
    expect(text).toMatch(/\[QR http:\/\/hub\.test\/r\/k1\.1\.7\.[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\]/);
    expect(text.match(/k1\.1\.7/g)?.length).toBeGreaterThanOrEqual(3);
    expect(text).not.toContain('COPY');
    for (const line of text.split('\n')) expect(columnsOf(line)).toBeLessThanOrEqual(Math.max(width, 70));
  });

  it('is marked as a copy at head and tail when it is one', async () => {
    const { text } = await printed({ copy: 2 });
    expect(text.match(/补打 \/ COPY 2/g)).toHaveLength(2);
  });

  it.each([
    ['李*㙓', 48],
    ['何*䶮', 48],
    ['苏*𠮷', 48],
    ['苏*𠮷', 32],
  ] as const)('draws %s as a raster line, as no printer has it, at %i columns', async (name, width) => {
    const { text, errors } = await printed({ name }, width);
    expect(text).toContain(`[image ${width * 12}x30]`);
    expect(text).not.toContain('□');
    expect(errors).toEqual([]);
  });
});

describe('what a printer would get wrong', () => {
  it.each([48, 32] as const)('¥ prints as ¥, in the printer’s own font, at %i columns', async (width) => {
    const itemNames = new Map([['rice', { name: '大米 \u00a53', unit: '袋' }]]);
    const { text, errors } = await printed({ itemNames }, width);
    expect(text).toMatch(/大米 ￥3 +90\n/);
    expect(text).not.toContain('[image');
    expect(errors).toEqual([]);
  });

  it('a rare character fills its own columns: none of a long name is cut at the edge', async () => {
    const name = `${'长'.repeat(20)}𠮷`;
    const { text } = await printed({ itemNames: new Map([['rice', { name, unit: '袋' }]]) }, 32);
    expect(text).toContain(`${'长'.repeat(16)}\n`);
    expect(text).toContain('[image 384x30]');
  });
});

describe('wrapped', () => {
  it.each([
    ['短', 8, ['短']],
    ['一二三四五', 8, ['一二三四', '五']],
    ['一二三四。五', 8, ['一二三', '四。五']],
    ['No full name, or PIN.', 13, ['No full name,', 'or PIN.']],
    ['  k1.1.7', 8, ['  k1.1.7']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['', 8, ['']],
  ] as const)('%s in %i', (text, width, lines) => {
    expect(wrapped(text, width)).toEqual(lines);
    for (const line of wrapped(text, width)) expect(columnsOf(line)).toBeLessThanOrEqual(width);
  });
});

describe('justified', () => {
  it.each([
    ['积分', '45', 10, ['积分    45']],
    ['a', 'b', 3, ['a b']],
    ['一二三', '12345', 10, ['一二三', '     12345']],
    ['', '1234567890123', 10, ['', '1234567890123']],
    ['一二三四五六', '12', 10, ['一二三四五', '六      12']],
  ] as const)('%s | %s in %i', (left, right, width, lines) => {
    expect(justified(left, right, width)).toEqual(lines);
  });
});

it('encodes the same elements anew for another paper, and alike for the same one', () => {
  const elements = receiptOf(facts);
  const [wide, narrow] = [encodeReceipt(elements, 48), encodeReceipt(elements, 32)];
  expect([encodeReceipt(elements, 48), encodeReceipt(elements, 32)]).toEqual([wide, narrow]);
  expect(Buffer.from(narrow).toString('latin1')).not.toContain('-'.repeat(33));
  expect(Buffer.from(wide).toString('latin1')).toContain('-'.repeat(48));
});
