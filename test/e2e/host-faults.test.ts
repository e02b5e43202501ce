import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CI, type Demo, ROOT, startDemo } from '../../bench/support/demo.ts';
import { journalRows, type LoneKiosk, loneKiosk } from '../support/lone-kiosk.ts';
import {
  breakDisk,
  ext4At,
  loopDiskMissing,
  mendDisk,
  mountedAt,
  smallDiskMissing,
  tmpfsAt,
} from '../support/small-disk.ts';

/** Faults of the machine under a kiosk's real agent, alone without a hub: its disk, and its clock. */

const DAY_MS = 86_400_000;
const MIB = 1_048_576;
let demo: Demo;
let kiosk: LoneKiosk;
const scratch = mkdtempSync(join(tmpdir(), 'tally-host-'));

beforeAll(async () => {
  demo = await startDemo(['--reader', 'virtual']);
  await demo.halt();
  kiosk = loneKiosk(join(demo.data, 'kiosk-1'), demo.ready.kiosk);
});
afterEach(() => kiosk.switchOff());
afterAll(async () => {
  await demo?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

const missing = smallDiskMissing();
const noLoop = loopDiskMissing();
for (const each of new Set([missing, noLoop])) if (each !== null) console.warn(`SKIPPED: ${each}`);
it('on CI small disks can be mounted', () => {
  if (CI) expect([missing, noLoop]).toEqual([null, null]);
});

describe.skipIf(missing !== null)('a disk', () => {
  /** Every byte that is left. */
  function fill(path: string): void {
    try {
      for (;;) writeFileSync(path, randomBytes(MIB), { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  it('disk full: a sale that finds no room is refused whole, the kiosk says so and sells again when there is room', async () => {
    const agent = kiosk.switchOn({ before: tmpfsAt(kiosk.folder) });
    await kiosk.until(null);
    const filler = `/proc/${agent.pid}/root${kiosk.data}/filler`;
    expect((await kiosk.sale(0)).screen).toBe('done');
    const before = journalRows(kiosk, agent.pid);
    // The disk is asked once a second: full between that and the commit is what SQLite itself must say.
    for (let tries = 0; !kiosk.says().includes('database or disk is full'); tries++) {
      expect(tries, kiosk.says().slice(-2_000)).toBeLessThan(10);
      const seen = await kiosk.sale(0, () => fill(filler));
      expect(`${seen.screen} ${seen.error?.code ?? seen.closed?.code}`).toMatch(/^(error|closed) disk-low$/);
      await kiosk.until('disk-low');
      expect(journalRows(kiosk, agent.pid)).toEqual(before);
      rmSync(filler);
      await kiosk.until(null);
    }
    expect((await kiosk.sale(0)).screen).toBe('done');
    expect(journalRows(kiosk, agent.pid).slice(before.length)).toEqual([
      { seq: before.length + 1, type: 'redeem', at: expect.any(Number) },
    ]);
  });

  it('read-only disk at the start: it ends with a sentence that says so', async () => {
    const agent = kiosk.switchOn({ before: tmpfsAt(kiosk.folder, 'ro') });
    const [code] = await once(agent, 'exit');
    expect(kiosk.says()).toMatch(
      /^What must be kept cannot be written: .+ \((EROFS|SQLITE_\w+)\)\.\nLook at the disk/m,
    );
    expect(code).toBe(3);
  });

  it.skipIf(noLoop !== null)(
    'read-only disk: a sale is refused whole, the kiosk closes, and what was sold before is there when it can write again',
    async () => {
      const image = join(scratch, 'disk.ext4');
      const agent = kiosk.switchOn({ before: ext4At(kiosk.folder, image) });
      await kiosk.until(null);
      expect((await kiosk.sale(0)).screen).toBe('done');
      const sold = journalRows(kiosk, agent.pid);
      const seen = await kiosk.sale(0, () => breakDisk(image));
      expect(`${seen.screen} ${seen.error?.code ?? seen.closed?.code}`).toMatch(/^(error|closed) disk-low$/);
      await kiosk.until('disk-low');
      expect((await kiosk.state()).journal.seq).toBe(sold.length);
      await kiosk.switchOff();
      mendDisk(image);
      const again = kiosk.switchOn({ before: mountedAt(kiosk.folder, image) });
      await kiosk.until(null);
      expect(journalRows(kiosk, again.pid)).toEqual(sold);
      expect((await kiosk.sale(0)).screen).toBe('done');
    },
  );
});

describe('the machine’s clock', () => {
  it.each([
    ['three days ahead', 3],
    ['four hundred days ahead', 400],
  ])('clock jumps %s: nothing is sold until it is right again or somebody has said the date', async (_, days) => {
    const shift = shifted();
    const before = journalRows(kiosk);
    shift(days);
    await kiosk.until('clock-unsure');
    expect((await kiosk.tap(0)).screen).toBe('closed');
    // A restart believes it no more.
    await kiosk.switchOff();
    shifted()(days);
    await kiosk.until('clock-unsure');
    expect(journalRows(kiosk)).toEqual(before);
    shift(0);
    await kiosk.until(null);
    expect((await kiosk.sale(1)).screen).toBe('done');
    expect(journalRows(kiosk).slice(before.length)).toMatchObject([{ type: 'redeem' }]);
  });

  it.each([
    ['three days back', -3],
    ['four hundred days back', -400],
  ])('clock jumps %s: sales go on, and no record is older than the one before it', async (_, days) => {
    const shift = shifted();
    await kiosk.until(null);
    expect((await kiosk.sale(0)).screen).toBe('done');
    const before = journalRows(kiosk);
    shift(days);
    expect((await kiosk.sale(0)).screen).toBe('done');
    await kiosk.switchOff();
    shifted()(days);
    await kiosk.until(null);
    expect((await kiosk.sale(0)).screen).toBe('done');
    const rows = journalRows(kiosk);
    expect(rows.slice(before.length)).toMatchObject([{ type: 'redeem' }, { type: 'redeem' }]);
    const times = rows.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.abs((times.at(-1) ?? 0) - Date.now())).toBeLessThan(DAY_MS);
  });

  /** Switches the kiosk on with a clock that can be set: so many days off the true time, from now on. */
  function shifted(): (days: number) => void {
    const file = join(scratch, 'shift');
    const set = (days: number) => writeFileSync(file, String(days * DAY_MS));
    set(0);
    const shim = join(ROOT, 'test/support/shifted-clock.mjs');
    kiosk.switchOn({ node: ['--import', shim], env: { TALLY_CLOCK_SHIFT_FILE: file } });
    return set;
  }
});
