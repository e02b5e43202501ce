import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { ROOT } from '../../bench/support/demo.ts';
import { guestAvailable, runInGuest } from './guest.ts';

/** The HID driver before a real HID device: the kernel of a guest enumerates it, node-hid reads it, and it is pulled out. */

const KERNEL = join(ROOT, '.cache/guest-kernel');
const WITHIN_MS = 180_000;
const available = guestAvailable(KERNEL);
if (!available.ok) console.warn(`SKIPPED: ${available.missing}; no real HID device is read.`);

test('on CI a real HID device is read', () => {
  if (process.env.CI === 'true') expect(available).toEqual({ ok: true });
});

describe.skipIf(!available.ok)('a HID-POS scanner in a guest', () => {
  let said: string;
  const stepped: Map<string, string[]> = new Map();
  beforeAll(async () => {
    const program = join(ROOT, 'test/hid/guest-program.mjs');
    said = await runInGuest(KERNEL, [process.execPath, program, ROOT], WITHIN_MS);
    let step: string[] = [];
    for (const [, word, rest = ''] of said.matchAll(/^@(\w+(?:-\w+)?) (.*?)\r?$/gm)) {
      if (word === 'step') {
        step = [];
        stepped.set(rest, step);
      } else step.push(`${word} ${rest}`);
    }
  }, WITHIN_MS + 10_000);

  it.each([
    ['no device', ['status opening -', 'status absent no-device']],
    ['enumerated and read', ['status ready -', 'scan 2090000001013']],
    ['double scan', ['scan rice']],
    ['unplug mid-report', ['status absent unplugged', 'status ready -', 'scan salt', 'status absent -']],
    ['keyboard wedge', ['status opening -', 'status fault keyboard-wedge', 'status absent -']],
    ['no permission', ['status opening -', 'status fault no-permission', 'status absent -']],
  ])('%s', (step, expected) => {
    const told = stepped.get(step)?.filter((line) => line !== 'status absent no-device' || step === 'no device');
    expect(told, said.slice(-3_000)).toEqual(expected);
  });

  it('went through to its end', () => {
    expect(stepped.get('end'), said.slice(-3_000)).toEqual(['exit 0']);
  });
});
