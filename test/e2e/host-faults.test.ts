import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { CI, type Demo, ROOT, startDemo } from '../../bench/support/demo.ts';
import { startPrinter } from '../../firmware-sim/printer/index.ts';
import type { RigState } from '../../protocol/api/rig.ts';
import type { TerminalConfig } from '../../terminal/config.ts';
import { journalRows, type LoneKiosk, loneKiosk } from '../support/lone-kiosk.ts';
import {
  breakDisk,
  ext4At,
  fillDisk,
  heldDisk,
  loopDiskMissing,
  mendDisk,
  mountedAt,
  smallDiskMissing,
  tmpfsAt,
} from '../support/small-disk.ts';
import { commitBytes, roomFor } from '../support/wal-room.ts';

/** Faults of the machine under a kiosk's real agent, alone without a hub: its disk, and its clock. */

const DAY_MS = 86_400_000;
const MIB = 1_048_576;
const SALES_MAX = 6;
const WITHIN = { timeout: 20_000, interval: 50 };
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

const untilPrinter = (holds: (printer: RigState['printer']) => void) =>
  vi.waitFor(async () => holds((await kiosk.state()).printer), WITHIN);
async function sellsAndPrints(confirmed: number, onConfirm?: () => void): Promise<void> {
  expect((await kiosk.sale(0, onConfirm)).screen).toBe('done');
  await untilPrinter(({ jobs }) => expect(jobs.confirmed).toBe(confirmed));
}

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

  it('disk full behind the first byte of a slip: the agent ends, and the next start asks about it and prints it no second time', async () => {
    const { printer } = JSON.parse(readFileSync(join(kiosk.folder, 'config.json'), 'utf8')) as TerminalConfig;
    const paper = await startPrinter({ port: printer.driver === 'tcp' ? printer.port : 0 });
    const agent = kiosk.switchOn({ before: tmpfsAt(kiosk.folder) });
    const ended = once(agent, 'exit');
    await kiosk.until(null);
    const disk = heldDisk(kiosk.folder, agent.pid ?? 0);
    try {
      const data = `/proc/${agent.pid}/root${kiosk.data}`;
      const walBytes = () => statSync(`${data}/journal.sqlite-wal`).size;
      await untilPrinter((now) => expect(now.state).toBe('ready'));
      await sellsAndPrints(1);
      let from = 0;
      await sellsAndPrints(2, () => {
        from = walBytes();
      });
      const bytes = commitBytes(`${data}/journal.sqlite-wal`, from);
      // Room for the record's commit and for nothing behind it: the fence has its own, the job's state finds none.
      for (let sold = 2; ; ) {
        const fill = () => fillDisk(`${data}/filler`, roomFor(bytes, walBytes()));
        const seen = await kiosk.sale(0, fill).catch(() => null); // it is gone
        if (seen === null) break;
        // Refused whole: that the disk is low had been seen before.
        expect(seen.error?.code ?? seen.closed?.code, kiosk.says().slice(-2_000)).toBe('disk-low');
        rmSync(`${data}/filler`);
        await kiosk.until(null);
        sold += 1;
        expect(sold).toBeLessThan(SALES_MAX);
        await sellsAndPrints(sold);
      }
      expect(await ended).toEqual([1, null]);
      expect(kiosk.says()).toContain('that a slip has begun could not be written');
      disk.putBack();
      rmSync(join(kiosk.data, 'filler'));
      kiosk.switchOn();
      await kiosk.until(null);
      const { jobs } = (await kiosk.state()).printer;
      expect(jobs).toEqual({ confirmed: expect.any(Number), unknown: 1 });
      await untilPrinter((now) => expect(now.state).toBe('ready'));
      await sellsAndPrints((jobs.confirmed ?? 0) + 1);
      // Each is on paper once, each on a slip of its own; of the one in doubt a piece at most.
      const cut = paper.paperText().split(/^.*8<.*$/m);
      const numbers = cut.map((slip) => [...new Set(slip.match(/k1\.1\.\d+/g))].join()).filter((each) => each !== '');
      const redeems = journalRows(kiosk).filter(({ type }) => type === 'redeem');
      const doubtful = `k1.1.${redeems.at(-2)?.seq}`;
      expect(numbers.filter((each) => each !== doubtful)).toEqual(
        redeems.map(({ seq }) => `k1.1.${seq}`).filter((each) => each !== doubtful),
      );
      expect(numbers.filter((each) => each === doubtful).length).toBeLessThanOrEqual(1);
    } finally {
      disk.letGo();
      await paper.close();
    }
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
