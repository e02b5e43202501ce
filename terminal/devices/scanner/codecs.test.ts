import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_LINE, takeLineBytes } from './com-lines.ts';
import { NO_REPORT, takeReport } from './hid-pos.ts';
import { choose } from './hid-scanner.ts';
import type { Scanned } from './port.ts';
import { MAX_CODE_CHARS } from './scan-text.ts';
import { STUTTER_MS, stutter } from './stutter.ts';

const ascii = (text: string) => Buffer.from(text, 'latin1');
const codes = (scans: readonly Scanned[]) => scans.map((scan) => (scan.ok ? scan.code : scan.reason));

describe('lines of a scanner in COM mode', () => {
  const read = (...chunks: Uint8Array[]) => {
    let state = NO_LINE;
    const scans: Scanned[] = [];
    for (const chunk of chunks) {
      const taken = takeLineBytes(state, chunk);
      state = taken.state;
      scans.push(...taken.scans);
    }
    return codes(scans);
  };

  it.each([
    ['CR', '2090000001013\r', ['2090000001013']],
    ['LF', '2090000001013\n', ['2090000001013']],
    ['CR LF and blanks', ' 2090000001013 \r\n', ['2090000001013']],
    ['nothing between two ends', '\r\n\r\n', []],
    ['two scans', 'A1\rB2\r', ['A1', 'B2']],
    ['no end', '2090000001013', []],
    ['noise', '20\xff\x00\x9913\r', ['not-text']],
    ['the longest code', `${'9'.repeat(MAX_CODE_CHARS)}\r`, ['9'.repeat(MAX_CODE_CHARS)]],
    ['too long', `${'9'.repeat(MAX_CODE_CHARS + 1)}\rA1\r`, ['too-long', 'A1']],
  ] as const)('%s', (_, text, expected) => {
    expect(read(ascii(text))).toEqual(expected);
  });

  it('half frames: bytes split anywhere read the same', () => {
    const text = ascii('2090000001013\r\nrice\r4006381333931\n');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: text.length })), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        const chunks = at.slice(1).map((end, index) => text.subarray(at[index], end));
        expect(read(...chunks)).toEqual(['2090000001013', 'rice', '4006381333931']);
      }),
    );
  });

  it('holds a bounded line, whatever comes', () => {
    let state = NO_LINE;
    for (let n = 0; n < 50; n++) state = takeLineBytes(state, Buffer.alloc(1_000, 0x41)).state;
    expect(state.held.length).toBe(MAX_CODE_CHARS);
  });
});

/** A report as the layout in hid-pos.ts has it. */
function report(data: string, change: { id?: number; length?: number; more?: boolean; bytes?: number } = {}) {
  const bytes = Buffer.alloc(64);
  bytes[0] = change.id ?? 2;
  bytes[1] = change.length ?? data.length;
  bytes.write(']E0', 2, 'latin1');
  bytes.write(data, 5, 56, 'latin1');
  bytes[63] = change.more === true ? 1 : 0;
  return bytes.subarray(0, change.bytes ?? 64);
}

describe('reports of a scanner in HID-POS mode', () => {
  const read = (...reports: Uint8Array[]) => {
    let state = NO_REPORT;
    return reports.flatMap((each) => {
      const taken = takeReport(state, each);
      state = taken.state;
      return taken.scan === null ? [] : codes([taken.scan]);
    });
  };

  it.each([
    ['one scan', [report('2090000001013')], ['2090000001013']],
    ['with its CR', [report('2090000001013\r')], ['2090000001013']],
    ['another report of the device', [report('2090000001013', { id: 4 })], []],
    ['an empty one', [report('')], []],
    ['no data at all', [report('A1', { bytes: 3 })], []],
    ['a length beyond the report', [report('A1', { length: 255 })], ['A1']],
    ['a length of fewer', [report('A1B2', { length: 2 })], ['A1']],
    ['not text', [report('A\x80\xff1')], ['not-text']],
    ['cut short by its cable', [report('2090000001013', { bytes: 11 })], ['209000']],
    ['one over two reports', [report('9'.repeat(56), { more: true }), report('1234')], [`${'9'.repeat(56)}1234`]],
    [
      'too long over three',
      [report('9'.repeat(56), { more: true }), report('9'.repeat(56), { more: true }), report('1'), report('A1')],
      ['too-long', 'A1'],
    ],
  ])('%s', (_, reports, expected) => {
    expect(read(...reports)).toEqual(expected);
  });

  it('never throws, and holds a bounded scan, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 20 }), (reports) => {
        let state = NO_REPORT;
        for (const each of reports) state = takeReport(state, each).state;
        expect(state.held.length).toBeLessThanOrEqual(MAX_CODE_CHARS);
      }),
    );
  });
});

describe('double scan', () => {
  const told = (...scans: [code: string, atMs: number][]) => {
    let last = null as Parameters<typeof stutter>[0];
    return scans.flatMap(([code, atMs]) => {
      const heard = stutter(last, { ok: true, code }, atMs);
      last = heard.last;
      return heard.again ? [] : [code];
    });
  };

  it('the same code within 300 ms is one', () => {
    expect(told(['A', 0], ['A', STUTTER_MS - 1])).toEqual(['A']);
    expect(told(['A', 0], ['A', STUTTER_MS])).toEqual(['A', 'A']);
  });
  it('a scanner that stutters for a second is one', () => {
    expect(told(['A', 0], ['A', 250], ['A', 500], ['A', 750], ['A', 1_000])).toEqual(['A']);
  });
  it('two different ones are two, and the first may come again', () => {
    expect(told(['A', 0], ['B', 50], ['A', 100])).toEqual(['A', 'B', 'A']);
  });
});

describe('which HID device is the scanner', () => {
  const device = (path: string, usagePage: number, usage: number, vendorId = 0x0c2e) => ({
    ...{ path, usagePage, usage, vendorId, productId: 0x0b81, release: 1, interface: 0 },
  });
  const keyboard = device('/dev/hidraw0', 0x01, 0x06, 0x05e0);
  const scanner = device('/dev/hidraw1', 0x8c, 0x02);

  it('is the one on the bar code scanner page', () => {
    expect(choose([keyboard, device('/dev/hidraw2', 0x8c, 0x20), scanner], {})).toEqual({ path: '/dev/hidraw1' });
    expect(choose([keyboard, scanner], { vendorId: 0x0c2e, productId: 0x0b81 })).toEqual({ path: '/dev/hidraw1' });
  });
  it('no device: none is plugged in, or another one than is asked for', () => {
    expect(choose([keyboard], {})).toEqual({ reason: 'no-device' });
    expect(choose([scanner], { vendorId: 0x1234 })).toEqual({ reason: 'no-device' });
  });
  it('keyboard wedge: the unit that is named plays a keyboard, and is refused', () => {
    expect(choose([keyboard, scanner], { vendorId: 0x05e0 })).toEqual({ reason: 'keyboard-wedge' });
    expect(choose([keyboard], { path: '/dev/hidraw0' })).toEqual({ reason: 'keyboard-wedge' });
  });
});
