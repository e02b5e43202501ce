import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPrintRunner, hangingIn } from '../terminal/agent/print-runner.ts';
import { redeem } from '../terminal/agent/redeem.ts';
import { printerDriver } from '../terminal/devices/printer/printer-driver.ts';
import { tcpTransport } from '../terminal/devices/printer/tcp-transport.ts';
import { fenceFile } from '../terminal/journal/fence-file.ts';
import { createPrintJobs } from '../terminal/journal/print-jobs.ts';
import { openJournal, sqliteStore } from '../terminal/journal/sqlite-store.ts';
import { warmEncoder } from '../terminal/receipts/encode.ts';
import type { RedeemDraft } from '../terminal/redemption/state.ts';
import { DAY_MS, entry, grant, kioskFixture, NOON, roster, TOKEN } from '../test/support/kiosk-fixture.ts';
import { percentile, type Row, row } from './report.ts';
import { openCommitFloor } from './support/commit-floor.ts';
import { clockMs, startWatchedPrinter } from './support/watched-printer.ts';

/**
 * `commit`: confirm -> record durable, fenced -> first byte at the printer, with the agent's own till, journal, fence,
 * print runner and printer driver. Floor: one bare FULL commit of the same bytes plus one synced 64-byte overwrite. The
 * two take turns, so that a busy disk is as slow for one as for the other.
 */
const SALES = 200;
/** Before them: a program that has just started spends its first sales on compiling. */
const WARMING = 20;
const GOAL_RATIO = 2;
const GOAL_P99_MS = 100;
const PLENTY_PTS = 100_000;
const SALES_A_DAY = 100;
/** They take turns, each once a day: still more often than a village's residents come. */
const RESIDENTS = Array.from({ length: SALES_A_DAY }, (_, n) => `a${n}`);
const WAIT_MS = 20_000;

export async function benchCommit(say: (line: string) => void): Promise<Row[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tally-bench-'));
  const paper = await startWatchedPrinter();
  const db = openJournal(join(dir, 'journal.sqlite'));
  const fence = fenceFile(join(dir, 'fence.bin'));
  const printsNow = (): boolean => runner.printsNow();
  const kiosk = kioskFixture({ store: sqliteStore(db), fenceStorage: fence, printsNow }).stocked(0, {
    roster: roster(1, ...RESIDENTS.map((acct) => entry(acct))),
    grants: RESIDENTS.map((acct) => grant(acct, PLENTY_PTS)),
  });
  const printer = printerDriver({
    transport: tcpTransport({ host: '127.0.0.1', port: paper.port }),
    ...{ nowMs: () => performance.now(), seed: 1 },
  });
  const floor = openCommitFloor(dir);
  let printed: () => void = () => undefined;
  const runner = createPrintRunner({
    ...{ jobs: createPrintJobs(db, 1), printer, journal: kiosk.journal, book: kiosk.book, widthColumns: 48 },
    ...{ nowAt: () => kiosk.clock.at, log: say },
    onPaper: (_seq, state) => state === 'printed' && printed(),
    onBegunLost: (error) => say(error.message),
    hanging: hangingIn(kiosk.store),
  });
  const drafts = RESIDENTS.map((acct) => draftOf(acct, kiosk.book.catalogue()?.items ?? []));
  const [ours, floors]: [number[], number[]] = [[], []];
  try {
    warmEncoder();
    printer.start();
    runner.start();
    for (let n = -WARMING; n < SALES; n++) {
      kiosk.clock.at = NOON + Math.floor(((n + WARMING) * DAY_MS) / SALES_A_DAY);
      await ready(() => runner.printsNow());
      const whole = new Promise<void>((resolve) => {
        printed = resolve;
      });
      const firstByte = paper.nextFirstByte();
      const draft = drafts[(n + WARMING) % drafts.length] as RedeemDraft;
      const startedMs = clockMs();
      const sold = redeem(draft, kiosk.till);
      runner.wake();
      if (!sold.ok) throw new Error(`the till refuses: ${sold.code}`);
      const ms = (await firstByte) - startedMs;
      await whole;
      const floorMs = floor.once(kiosk.journal.record(sold.seq)?.jws ?? '');
      if (n < 0) continue;
      ours.push(ms);
      floors.push(floorMs);
      if (n % 50 === 49) say(`commit: ${n + 1} of ${SALES}`);
    }
  } finally {
    await printer.stop();
    await paper.close();
    floor.close();
    fence.close();
    db.close();
    rmSync(dir, { recursive: true, force: true });
  }
  return rowsOf(ours, floors);
}

function rowsOf(ours: readonly number[], floors: readonly number[]): Row[] {
  const at = (p: number) => ({ floor: percentile(floors, p), ours: percentile(ours, p) });
  const [half, most] = [at(0.5), at(0.99)];
  const ratio = half.ours / half.floor;
  return [
    row('commit', 'confirm to first byte, p50 (goal: ratio)', 'ms', { ...half, goal: GOAL_RATIO, compared: ratio }),
    row('commit', 'confirm to first byte, p99', 'ms', { ...most, goal: GOAL_P99_MS, compared: most.ours }),
  ];
}

function draftOf(acct: string, items: readonly RedeemDraft['lines'][number]['item'][]): RedeemDraft {
  const item = items.find((each) => each.sku === 'salt');
  if (item === undefined) throw new Error('the shelf is empty');
  const person = { acct, token: TOKEN, name: '张*芳', last4: '6105' } as RedeemDraft['person'];
  return { person, lines: [{ item, qty: 1 }], pts: item.pts, pinChecked: false };
}

async function ready(holds: () => boolean): Promise<void> {
  const endMs = performance.now() + WAIT_MS;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error('the printer does not get ready');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
