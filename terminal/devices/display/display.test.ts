import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { type SimulatedDisplay, startDisplay } from '../../../firmware-sim/display/index.ts';
import { closing, noPty, pause, saysWhatIsMissing, socketPath, until } from '../../../test/support/pty-tests.ts';
import { COLUMNS, encodeLines } from './cd5220.ts';
import type { DisplayPort } from './port.ts';
import { serialDisplay } from './serial-display.ts';

saysWhatIsMissing('customer display');

/** The two lines within their commands. */
function linesOf(bytes: Uint8Array): string[] {
  const [upper, lower] = [bytes.subarray(3, 3 + COLUMNS), bytes.subarray(3 + COLUMNS + 4, -1)];
  return [upper, lower].map((each) => iconv.decode(Buffer.from(each), 'gb18030'));
}

describe('the CD5220 codec', () => {
  it('is ESC Q A … CR and ESC Q B … CR, each of 20 columns', () => {
    const bytes = Buffer.from(encodeLines({ upper: 'Points 12', lower: '' }));
    expect(bytes.toString('latin1')).toBe(`\x1bQAPoints 12${' '.repeat(11)}\r\x1bQB${' '.repeat(20)}\r`);
  });

  it.each([
    ['Chinese takes two columns', '欢迎请刷卡', `欢迎请刷卡${' '.repeat(10)}`],
    ['ten characters fill a line', '一二三四五六七八九十一', '一二三四五六七八九十'],
    ['no character is cut in half', 'a一二三四五六七八九十', 'a一二三四五六七八九 '],
    ['what it has no character for is a ?', '龢𠮷😀x', `龢??x${' '.repeat(15)}`],
    ['commands in a text are none', 'a\x1bQ\rb\x0c', `a?Q?b?${' '.repeat(14)}`],
  ])('%s', (_, text, expected) => {
    expect(linesOf(encodeLines({ upper: text, lower: text }))).toEqual([expected, expected]);
  });

  it('gives two lines of 20 columns and nothing else, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (upper, lower) => {
        const bytes = encodeLines({ upper, lower });
        expect(bytes.length).toBe(2 * (3 + COLUMNS + 1));
        expect([...bytes].filter((byte) => byte < 0x20)).toEqual([0x1b, 0x0d, 0x1b, 0x0d]);
      }),
      { numRuns: 40 },
    );
  });
});

async function bench(): Promise<{ glass: SimulatedDisplay; port: DisplayPort }> {
  const glass = await startDisplay(socketPath());
  closing.push(() => glass.close());
  const port = serialDisplay({ path: glass.path, baudRate: 9_600, writeWithinMs: 400, random: () => 0 });
  closing.push(() => port.stop());
  port.start();
  await until(port.status, ({ state }) => state === 'ready');
  return { glass, port };
}
const stands = (glass: SimulatedDisplay, upper: string) =>
  until(
    () => glass.lines()[0],
    (text) => text === upper,
  );

describe.skipIf(noPty !== null)('a customer display', () => {
  it('shows what it is told, the newest at last', async () => {
    const { glass, port } = await bench();
    port.show({ upper: '欢迎 请刷卡', lower: 'Welcome' });
    await stands(glass, '欢迎 请刷卡');
    for (let n = 0; n < 50; n++) port.show({ upper: `积分 ${n}`, lower: `Points ${n}` });
    await stands(glass, '积分 49');
    expect([glass.lines()[1], glass.errors()]).toEqual(['Points 49', []]);
  });

  it('stall: holds up nobody, says so, and shows the newest when it goes on', async () => {
    const { glass, port } = await bench();
    await glass.setFault('stall', true);
    let slowestMs = 0;
    let n = 0;
    // It takes what fits between it and us; then a write is not through in time.
    while (port.status().state === 'ready') {
      const beganMs = performance.now();
      port.show({ upper: `n ${++n}`, lower: 'x'.repeat(20) });
      slowestMs = Math.max(slowestMs, performance.now() - beganMs);
      await pause(0);
    }
    expect(port.status()).toEqual({ state: 'fault', reason: 'stalled' });
    expect(slowestMs).toBeLessThan(200);
    await glass.setFault('stall', false);
    await stands(glass, `n ${n}`);
  });

  it('peer death: says unplugged, and shows the newest on the display that comes back', async () => {
    const { glass, port } = await bench();
    port.show({ upper: 'before', lower: '' });
    await stands(glass, 'before');
    await glass.setFault('peer-death', true);
    port.show({ upper: 'meanwhile', lower: '' });
    port.show({ upper: 'after', lower: '' });
    await until(port.status, ({ state }) => state !== 'ready');
    await glass.setFault('peer-death', false);
    await stands(glass, 'after');
    expect(glass.errors()).toEqual([]);
  });

  it('peer death: the same lines stand there again, though nobody asks anew', async () => {
    const { glass, port } = await bench();
    port.show({ upper: 'welcome', lower: '' });
    await stands(glass, 'welcome');
    await glass.setFault('peer-death', true);
    await until(port.status, ({ state }) => state !== 'ready');
    await glass.setFault('peer-death', false);
    await stands(glass, 'welcome');
  });

  it('stops in bounded time while it is stalled', async () => {
    const { glass, port } = await bench();
    await glass.setFault('stall', true);
    for (let n = 0; n < 400; n++) {
      port.show({ upper: `n ${n}`, lower: 'x'.repeat(20) });
      await pause(0);
    }
    const beganMs = performance.now();
    await port.stop();
    expect(performance.now() - beganMs).toBeLessThan(5_000);
    await glass.setFault('stall', false);
  });
});
