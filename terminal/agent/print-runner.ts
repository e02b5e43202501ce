import type { PaperState } from '../../protocol/api/kiosk.ts';
import type { PrinterPort } from '../devices/printer/port.ts';
import type { Book } from '../journal/book.ts';
import type { Journal } from '../journal/journal.ts';
import { JOB_EXPIRES_MS, type PrintJob, type PrintJobs } from '../journal/print-jobs.ts';
import { encodeReceipt, type PaperWidth, warmEncoder } from '../receipts/encode.ts';
import { receiptOf } from '../receipts/receipt.ts';

/** Brings queued print jobs to the printer, one at a time, and keeps an honest account of what came of each. */

export interface PrintRunnerDeps {
  readonly jobs: PrintJobs;
  readonly printer: PrinterPort;
  readonly journal: Journal;
  readonly book: Book;
  readonly widthColumns: PaperWidth;
  readonly nowAt: () => number;
  readonly onPaper: (seq: number, paper: PaperState) => void;
  readonly log: (says: string) => void;
}

/** The page comes first; then the encoder is loaded, before anybody can have confirmed anything. */
const WARM_AFTER_MS = 1_000;

export function createPrintRunner(deps: PrintRunnerDeps) {
  const { jobs, printer } = deps;
  let running = false;
  let asked = false;

  async function work(): Promise<void> {
    jobs.expireBefore(deps.nowAt() - JOB_EXPIRES_MS);
    for (;;) {
      const job = jobs.nextQueued();
      if (job === null) return;
      const status = printer.status();
      if (status.state !== 'ready') {
        deps.onPaper(job.seq, status.paper === 'out' ? 'no-paper' : status.state === 'busy' ? 'waiting' : 'no-printer');
        return; // the printer's next change of status brings us back here
      }
      if (!(await printOne(job))) return;
    }
  }

  /** False where the printer would not begin. */
  async function printOne(job: PrintJob): Promise<boolean> {
    const bytes = slipBytes(job, deps);
    // Durable before the first byte: after a crash from here on the job is unknown, and is never repeated by itself.
    jobs.move(job.job, 'sending');
    deps.onPaper(job.seq, 'printing');
    const outcome = await printer.print(bytes);
    if (outcome === 'not-started') {
      jobs.move(job.job, 'queued');
      return false;
    }
    jobs.move(job.job, 'sent');
    jobs.move(job.job, outcome);
    deps.onPaper(job.seq, outcome === 'confirmed' ? 'printed' : 'unknown');
    if (outcome === 'unknown') deps.log(`print job ${job.job} of record ${job.seq}: not acknowledged`);
    return true;
  }

  /** Looks for work. Woken while it is at work it looks once more at the end: it may have looked just before. */
  function wake(): void {
    if (running) {
      asked = true;
      return;
    }
    running = true;
    asked = false;
    work()
      .catch((error: Error) => deps.log(`printing failed: ${error.stack}`))
      .finally(() => {
        running = false;
        if (asked) wake();
      });
  }

  return {
    wake,
    start(): void {
      const unknown = jobs.settleAfterRestart();
      if (unknown > 0) deps.log(`${unknown} print job(s) were cut short; the clerk is asked about them`);
      printer.onStatus(wake);
      wake();
      setTimeout(warmEncoder, WARM_AFTER_MS).unref();
    },
  };
}

function slipBytes(job: PrintJob, { journal, book, widthColumns }: PrintRunnerDeps): Uint8Array {
  const stored = journal.record(job.seq);
  const policy = book.policy();
  if (stored === null || policy === null) throw new Error(`print job ${job.job} has no record`);
  const { payload } = stored;
  if (payload.type !== 'redeem') throw new Error(`record ${job.seq} has no receipt`);
  const items = book.catalogue()?.items ?? [];
  const elements = receiptOf({
    ...{ payload, hash: stored.hash, copy: job.copy, ...job.slip },
    itemNames: new Map(items.map((item) => [item.sku, { name: item.name.zh, unit: item.unit.zh }])),
    ...{ place: policy.place, receiptBase: policy.receiptBase, timeZone: policy.timeZone },
  });
  return encodeReceipt(elements, widthColumns);
}
