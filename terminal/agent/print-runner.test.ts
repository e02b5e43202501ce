import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { kioskFixture, NOON } from '../../test/support/kiosk-fixture.ts';
import type { PrinterPort } from '../devices/printer/port.ts';
import { createPrintJobs } from '../journal/print-jobs.ts';
import { openJournal, sqliteStore } from '../journal/sqlite-store.ts';
import { createPrintRunner } from './print-runner.ts';

const SLIP = { name: '张*芳', last4: '6105', beforePts: 100, afterPts: 90 };
let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tally-runner-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('prints a job that is queued in the very moment in which the one before it ends', async () => {
  const db = openJournal(join(dir, 'journal.sqlite'));
  const kiosk = kioskFixture({ store: sqliteStore(db) }).stocked();
  const lines = [{ sku: 'rice', rev: 1, qty: 1, pts: 10 }];
  const token = `1.${'A'.repeat(22)}`;
  const sell = () => kiosk.till.redeem({ acct: 'a1', token, lines, pinChecked: false }, () => SLIP);
  const printer: PrinterPort = {
    ...{ start: () => undefined, stop: async () => undefined, onStatus: () => () => undefined },
    status: () => ({ state: 'ready', paper: 'ok', cover: 'closed', reason: null }),
    print: async () => 'confirmed',
  };
  const printed: number[] = [];
  const jobs = createPrintJobs(db, 1);
  const nextQueued = () => {
    const job = jobs.nextQueued();
    // It has looked, found nothing, and is not at rest yet.
    if (job === null && printed.length === 1) {
      queueMicrotask(() => {
        sell();
        runner.wake();
      });
    }
    return job;
  };
  const runner = createPrintRunner({
    ...{ jobs: { ...jobs, nextQueued }, printer, journal: kiosk.journal, book: kiosk.book, widthColumns: 48 },
    ...{ nowAt: () => NOON, log: () => undefined },
    onPaper: (seq, paper) => paper === 'printed' && printed.push(seq),
  });
  sell();
  runner.wake();
  for (let turn = 0; turn < 50 && printed.length < 2; turn++) await new Promise((resolve) => setTimeout(resolve, 10));
  const { counts } = jobs;
  expect(counts()).toEqual({ confirmed: 2 });
  expect(printed).toHaveLength(2);
  db.close();
});
