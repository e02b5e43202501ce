import type { PaperState } from '../../protocol/api/kiosk.ts';
import type { PrinterPort, PrinterStatus, PrintOutcome } from '../devices/printer/port.ts';
import type { Book } from '../journal/book.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalStore } from '../journal/port.ts';
import { JOB_EXPIRES_MS, type PrintJob, type PrintJobs } from '../journal/print-jobs.ts';
import type { Element } from '../receipts/elements.ts';
import { encodeReceipt, type PaperWidth, warmEncoder } from '../receipts/encode.ts';
import { RASTER_BYTES_MAX } from '../receipts/raster.ts';
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
  /** A job has begun and its state cannot be written: the agent must not go on. */
  readonly onBegunLost: (error: Error) => void;
  /** Durable: a piece of paper may hang from the printer. */
  readonly hanging: Hanging;
  readonly log: (says: string) => void;
}
export interface Hanging {
  readonly noted: () => boolean;
  /** Returns when it survives a power cut. */
  readonly note: (hangs: boolean) => void;
}

/** `expired`: it could not be begun in time, and never will be. `too-many`: as many wait already as may. */
export type PaperOutcome = 'printed' | 'unknown' | 'expired' | 'too-many';

interface Paper {
  readonly elements: readonly Element[];
  readonly end: (outcome: PaperOutcome) => void;
  readonly expiry: NodeJS.Timeout;
}

/** The page comes first; then the encoder is loaded, before anybody can have confirmed anything. */
const WARM_AFTER_MS = 1_000;
/** Papers that wait behind receipts; a person asks for one at a time. */
export const PAPERS_MAX = 4;
/** Whoever asked still stands there. Later it would come out into somebody else's hands. */
export const PAPER_EXPIRES_MS = 60_000;

export function createPrintRunner(deps: PrintRunnerDeps) {
  const { jobs, printer } = deps;
  /** In memory: they prove nothing, so a restart may forget them, and no disk keeps who asked for what. */
  const papers: Paper[] = [];
  let running = false;
  let wanted = false;
  let stopped = false;

  async function work(): Promise<void> {
    for (;;) {
      // It answers, so what was sent to cut the piece off has come through.
      if (deps.hanging.noted() && canPrint(printer.status())) deps.hanging.note(false);
      const job = nextInTime();
      const paper = papers[0];
      if (job === null) jobs.expireBefore(deps.nowAt() - JOB_EXPIRES_MS); // an earlier epoch's, which is never next
      if (job === null && paper === undefined) return;
      const status = printer.status();
      if (!canPrint(status)) {
        if (job !== null) deps.onPaper(job.seq, whyNot(status));
        return; // the printer's next change of status brings us back here
      }
      const begun = job !== null ? await printOne(job) : paper !== undefined && (await printPaper(paper));
      if (!begun) return;
    }
  }

  function nextInTime(): PrintJob | null {
    const job = jobs.nextQueued();
    const expiredAt = deps.nowAt() - JOB_EXPIRES_MS;
    if (job === null || job.madeAt >= expiredAt) return job;
    jobs.expireBefore(expiredAt);
    return jobs.nextQueued();
  }

  /** False where the printer would not begin. */
  async function printOne(job: PrintJob): Promise<boolean> {
    const bytes = slipBytes(job, deps);
    deps.onPaper(job.seq, 'printing');
    const outcome = await sending(job, bytes);
    if (outcome === 'not-started') {
      jobs.move(job.job, 'queued');
      return false;
    }
    // Stopped in the midst of it: the journal goes on saying that it is being sent, and the next start sees to the rest.
    if (stopped && outcome === 'unknown') return false;
    if (outcome === 'unknown') deps.hanging.note(true);
    jobs.move(job.job, 'sent');
    jobs.move(job.job, outcome);
    deps.onPaper(job.seq, outcome === 'confirmed' ? 'printed' : 'unknown');
    if (outcome === 'unknown') deps.log(`print job ${job.job} of record ${job.seq}: not acknowledged`);
    return true;
  }

  /** Durable before the first byte: after a crash from there on the job is unknown, and is never repeated by itself. */
  function sending(job: PrintJob, bytes: Uint8Array): Promise<PrintOutcome> {
    const announced = job.copy === 0 && deps.journal.announcedSeq() === job.seq;
    if (!announced) jobs.move(job.job, 'sending');
    const outcome = printer.print(bytes, () => confirmedLate(job));
    // The fence has said it before the first byte; it will speak of another record soon, but of none before this line.
    if (announced) noteBegun(job);
    return outcome;
  }

  /** What is on paper and cannot be noted must not be taken for waiting: only a new start asks the fence about it. */
  function noteBegun(job: PrintJob): void {
    try {
      jobs.move(job.job, 'sending');
    } catch (error) {
      deps.onBegunLost(error as Error);
      throw error;
    }
  }

  function confirmedLate(job: PrintJob): void {
    if (!jobs.move(job.job, 'confirmed')) return;
    deps.log(`print job ${job.job} of record ${job.seq}: acknowledged late`);
    deps.onPaper(job.seq, 'printed');
  }

  /**
   * Taken off the queue before its first byte: whatever comes of it, it is never begun a second time. No job speaks of it after
   * a crash, so it is noted beforehand that a piece may hang there; the next round takes that back.
   */
  async function printPaper(paper: Paper): Promise<boolean> {
    const bytes = encodeReceipt(paper.elements, deps.widthColumns);
    deps.hanging.note(true);
    papers.splice(papers.indexOf(paper), 1);
    const outcome = await printer.print(bytes);
    if (outcome === 'not-started') {
      papers.unshift(paper);
      return false;
    }
    clearTimeout(paper.expiry);
    paper.end(outcome === 'confirmed' ? 'printed' : 'unknown');
    return !stopped;
  }

  function expire(paper: Paper): void {
    const at = papers.indexOf(paper);
    if (at < 0) return;
    papers.splice(at, 1);
    paper.end('expired');
  }

  /** Looks for work; while it is at work, it looks once more afterwards. */
  function wake(): void {
    wanted = true;
    if (running) return;
    running = true;
    wanted = false;
    work()
      .catch((error: Error) => deps.log(`printing failed: ${error.stack}`))
      .finally(() => {
        running = false;
        if (wanted) wake();
      });
  }

  return {
    wake,
    /** Whether a receipt queued now is begun at once. */
    printsNow: (): boolean => !running && canPrint(printer.status()) && jobs.nextQueued() === null,
    /** A paper that is no receipt: behind all receipts, once or not at all. */
    paper(elements: readonly Element[]): Promise<PaperOutcome> {
      if (papers.length >= PAPERS_MAX) return Promise.resolve('too-many');
      return new Promise((end) => {
        const expiry = setTimeout(() => expire(paper), PAPER_EXPIRES_MS);
        const paper: Paper = { elements, end, expiry };
        papers.push(paper);
        wake();
      });
    },
    /** Before the printer is started, which must be told what this returns (`cutShortBytes`). */
    start(): number {
      const unknown = jobs.settleAfterRestart(deps.journal.announcedSeq());
      if (unknown > 0) deps.log(`${unknown} print job(s) were cut short; the clerk is asked about them`);
      if (unknown > 0) deps.hanging.note(true);
      const hangs = deps.hanging.noted();
      printer.onStatus(wake);
      wake();
      setTimeout(warmEncoder, WARM_AFTER_MS).unref();
      return hangs ? RASTER_BYTES_MAX : 0;
    },
    /** Ends what waits in memory; receipts wait in the journal. Before the printer is stopped. */
    stop(): void {
      stopped = true;
      for (const paper of [...papers]) {
        clearTimeout(paper.expiry);
        expire(paper);
      }
    },
  };
}

/** Beside the journal's other facts. */
export function hangingIn(store: Pick<JournalStore, 'fact' | 'setFact'>): Hanging {
  return {
    noted: () => store.fact('paper-hangs') !== null,
    note: (hangs) => store.setFact('paper-hangs', hangs ? '1' : null),
  };
}

const canPrint = ({ state }: PrinterStatus): boolean => state === 'ready' || state === 'degraded';

function whyNot({ state, paper }: PrinterStatus): PaperState {
  return paper === 'out' ? 'no-paper' : state === 'busy' ? 'waiting' : 'no-printer';
}

function slipBytes(job: PrintJob, { journal, book, widthColumns }: PrintRunnerDeps): Uint8Array {
  const stored = journal.record(job.seq);
  const policy = book.policy();
  if (stored === null || policy === null) throw new Error(`print job ${job.job} has no record`);
  const { payload } = stored;
  if (payload.type !== 'redeem') throw new Error(`record ${job.seq} has no receipt`);
  const sold = new Set(payload.lines.map((line) => line.sku));
  const items = (book.catalogue()?.items ?? []).filter((item) => sold.has(item.sku));
  const elements = receiptOf({
    ...{ payload, hash: stored.hash, copy: job.copy, ...job.slip },
    itemNames: new Map(items.map((item) => [item.sku, { name: item.name.zh, unit: item.unit.zh }])),
    ...{ place: policy.place, receiptBase: policy.receiptBase, timeZone: policy.timeZone },
  });
  return encodeReceipt(elements, widthColumns);
}
