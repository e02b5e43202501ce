import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { kioskFixture } from '../../test/support/kiosk-fixture.ts';
import { createDiskWatch, DISK_LOW_BYTES, isDiskFault } from './disk-space.ts';
import { openJournal, sqliteStore } from './sqlite-store.ts';

const dir = mkdtempSync(join(tmpdir(), 'tally-disk-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('the disk is asked once a second; low is low, and a folder that is gone is low too', () => {
  const disk = { free: DISK_LOW_BYTES, ms: 0, asked: 0 };
  const watch = createDiskWatch({
    freeBytes() {
      disk.asked += 1;
      if (disk.free < 0) throw new Error('ENOENT');
      return disk.free;
    },
    ...{ tryWrite: () => undefined, onUnsure: () => undefined, monotonicMs: () => disk.ms },
  });
  expect([watch.low(), watch.low(), disk.asked]).toEqual([false, false, 1]);
  disk.free -= 1;
  disk.ms = 999;
  expect(watch.low()).toBe(false);
  disk.ms = 1_000;
  expect(watch.low()).toBe(true);
  Object.assign(disk, { free: -1, ms: 2_000 });
  expect(watch.low()).toBe(true);
  Object.assign(disk, { free: DISK_LOW_BYTES, ms: 3_000 });
  expect(watch.low()).toBe(false);
});

it('a disk that refused a write is low, with all its space free, until it takes one', () => {
  const disk = { ms: 0, takes: true, tried: 0 };
  const unsure: unknown[] = [];
  const watch = createDiskWatch({
    freeBytes: () => DISK_LOW_BYTES,
    tryWrite() {
      disk.tried += 1;
      if (!disk.takes) throw new Error('EROFS');
    },
    ...{ onUnsure: (error) => unsure.push(error), monotonicMs: () => disk.ms },
  });
  expect([watch.low(), disk.tried]).toEqual([false, 0]);
  disk.takes = false;
  const refusing = (code: string) =>
    watch.guarded({
      ep: 1,
      write(): void {
        throw Object.assign(new Error('disk I/O error'), { code });
      },
    });
  expect(() => refusing('SQLITE_CONSTRAINT').write()).toThrow('disk I/O error');
  expect([watch.low(), disk.tried]).toEqual([false, 0]);
  expect(() => refusing('SQLITE_IOERR_WRITE').write()).toThrow('disk I/O error');
  expect(unsure).toEqual([]);
  expect([watch.low(), watch.low(), disk.tried]).toEqual([true, true, 1]);
  Object.assign(disk, { takes: true, ms: 1_000 });
  expect([watch.low(), disk.tried]).toEqual([false, 2]);
  disk.ms = 2_000;
  expect([watch.low(), disk.tried], 'and then it is asked no more').toEqual([false, 2]);
  expect(() => refusing('SQLITE_IOERR_FSYNC').write()).toThrow('disk I/O error');
  expect(unsure, 'what was written and not synced may come back').toHaveLength(1);
});

it('a database that is full: a sale that finds no room is taken back whole, and the next one with room goes on from there', () => {
  const db = openJournal(join(dir, 'full.sqlite'));
  const kiosk = kioskFixture({ store: sqliteStore(db) }).stocked(100);
  expect(kiosk.sell().ok).toBe(true);
  const before = { head: kiosk.journal.head(), counters: kiosk.journal.counters('a1') };
  const pages = db.pragma('page_count', { simple: true }) as number;
  db.pragma(`max_page_count = ${pages}`);
  let fault: unknown = null;
  for (let n = 0; n < 100 && fault === null; n++) {
    try {
      if (
        !kiosk.till.stock(
          'count',
          Array.from({ length: 40 }, (_, i) => ({ sku: `s${i}`, qty: i })),
          'c',
        ).ok
      )
        break;
      Object.assign(before, { head: kiosk.journal.head() });
    } catch (error) {
      fault = error;
    }
  }
  expect([isDiskFault(fault), String(fault)]).toEqual([true, expect.stringContaining('full')]);
  expect({ head: kiosk.journal.head(), counters: kiosk.journal.counters('a1') }).toEqual(before);
  db.pragma(`max_page_count = ${pages * 10}`);
  expect(kiosk.sell().ok).toBe(true);
  expect(kiosk.journal.head().seq).toBe(before.head.seq + 1);
  db.close();
});

it('a database that is read-only: nothing is kept, and it is named', () => {
  const path = join(dir, 'read-only.sqlite');
  const db = openJournal(path);
  const kiosk = kioskFixture({ store: sqliteStore(db) }).stocked(100);
  db.pragma('query_only = ON');
  let fault: unknown = null;
  try {
    kiosk.sell();
  } catch (error) {
    fault = error;
  }
  expect([isDiskFault(fault), kiosk.journal.head().seq]).toEqual([true, 0]);
  expect(isDiskFault(new Error('another thing'))).toBe(false);
  db.close();
});
