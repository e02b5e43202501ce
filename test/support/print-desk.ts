import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPapers } from '../../terminal/agent/papers.ts';
import { createPrintRunner, hangingIn } from '../../terminal/agent/print-runner.ts';
import type { PrinterPort } from '../../terminal/devices/printer/port.ts';
import { fenceFile } from '../../terminal/journal/fence-file.ts';
import { createPrintJobs } from '../../terminal/journal/print-jobs.ts';
import { openJournal, sqliteStore } from '../../terminal/journal/sqlite-store.ts';
import type { PaperWidth } from '../../terminal/receipts/encode.ts';
import { entry, kioskFixture, roster, TOKEN } from './kiosk-fixture.ts';

const used = { day: '2027-01-15', pts: 12, items: { rice: 2 } };

/** Journal and fence on the disk, and over them as many lives of a kiosk that prints as a test wants, one behind the other. */
export function printDesk() {
  const dir = mkdtempSync(join(tmpdir(), 'tally-prints-'));
  const db = openJournal(join(dir, 'journal.sqlite'));
  const fence = fenceFile(join(dir, 'fence.bin'));

  function kioskWith(printer: PrinterPort, widthColumns: PaperWidth = 48) {
    const known = entry('a1', { name: '苏*𠮷', elsewhere: 40, used, language: 'zh-CN' });
    const printsNow = (): boolean => runner.printsNow();
    const kiosk = kioskFixture({ store: sqliteStore(db), printsNow, fenceStorage: fence }).stocked(100, {
      roster: roster(1, known),
    });
    const jobs = createPrintJobs(db, 1);
    const shown: string[] = [];
    const said: string[] = [];
    const { journal, book, clock } = kiosk;
    const runner = createPrintRunner({
      ...{ jobs, printer, journal, book, widthColumns, nowAt: () => clock.at, log: (line) => said.push(line) },
      onPaper: (seq, paper) => shown.push(`${seq} ${paper}`),
      onBegunLost: () => shown.push('begun lost'),
      hanging: hangingIn(kiosk.store),
    });
    const papers = createPapers({ book, journal, tid: 'k1', nowAt: () => clock.at, print: runner.paper });
    /** One bag of rice; its slip is queued in the same commit. */
    function sell(): void {
      const lines = [{ sku: 'rice', rev: 1, qty: 1, pts: 10 }];
      const slip = (beforePts: number, afterPts: number) => ({ name: '苏*𠮷', last4: '6105', beforePts, afterPts });
      const sold = kiosk.till.redeem({ acct: 'a1', token: TOKEN, lines, pinChecked: false }, slip);
      if (!sold.ok) throw new Error(sold.code);
      runner.wake();
    }
    return { ...kiosk, jobs, runner, papers, shown, said, sell };
  }

  return {
    ...{ db, kioskWith },
    close(): void {
      fence.close();
      db.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
export type PrintDesk = ReturnType<typeof printDesk>;
