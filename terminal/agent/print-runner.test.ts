import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PrinterOptions } from '../../firmware-sim/printer/index.ts';
import { NOON, TOKEN } from '../../test/support/kiosk-fixture.ts';
import { obedient } from '../../test/support/obedient-printer.ts';
import { type PrintDesk, printDesk } from '../../test/support/print-desk.ts';
import { type PrinterStand, printerStand } from '../../test/support/printer-stand.ts';
import { JOB_EXPIRES_MS } from '../journal/print-jobs.ts';
import type { PaperWidth } from '../receipts/encode.ts';
import { PAPER_EXPIRES_MS, PAPERS_MAX } from './print-runner.ts';

/** What comes of a slip, from the journal to the paper: on the real driver, and on a printer that does as it is told. */

let desk: PrintDesk;
let stand: PrinterStand | null = null;
beforeEach(() => {
  desk = printDesk();
});
afterEach(async () => {
  vi.useRealTimers();
  await stand?.close();
  stand = null;
  desk.close();
});

const kioskWith: PrintDesk['kioskWith'] = (printer, widthColumns) => desk.kioskWith(printer, widthColumns);

async function realKiosk(options: Partial<PrinterOptions> = {}, widthColumns: PaperWidth = 48) {
  stand = await printerStand('tcp', { widthDots: widthColumns === 48 ? 576 : 384, ...options });
  return { ...kioskWith(stand.printer, widthColumns), stand };
}
const settled = (holds: () => unknown) => vi.waitFor(() => expect(holds()).toBe(true), { timeout: 15_000 });

const turn = () => new Promise((done) => setImmediate(done));

describe('a receipt', () => {
  it('is printed and known to be; a copy asked for by its slip number says 补打 / COPY 1', async () => {
    const { runner, jobs, sell, shown, clock, stand: at } = await realKiosk();
    runner.start();
    await at.until((status) => status.state === 'ready');
    sell();
    await settled(() => jobs.counts().confirmed === 1);
    expect(shown.at(-1)).toBe('2 printed');
    expect(at.paper.paperText()).not.toContain('COPY');
    jobs.addCopy(2, clock.at);
    runner.wake();
    await settled(() => jobs.counts().confirmed === 2);
    expect(at.paper.paperText(1).match(/补打 \/ COPY 1/g)).toHaveLength(2);
    expect(at.paper.paperText(1)).toContain('k1.1.2');
    expect(at.paper.state().errors).toEqual([]);
  });

  it('older than ten minutes: expires instead of flooding out when the printer returns', async () => {
    const { runner, jobs, sell, clock, stand: at } = await realKiosk();
    at.fault('printer-refuses');
    await at.until((status) => status.reason === 'refused');
    runner.start();
    for (let n = 0; n < 3; n++) sell();
    clock.at = NOON + JOB_EXPIRES_MS + 1;
    sell();
    at.fault('printer-refuses', false);
    await settled(() => jobs.counts().confirmed === 1);
    expect(jobs.counts()).toEqual({ confirmed: 1, expired: 3 });
    expect(at.paper.slipCount()).toBe(1);
    expect(at.paper.paperText()).toContain('k1.1.5');
  });

  it('of a printer that gives no word: prints, is unknown, and is asked about, not repeated', async () => {
    const { runner, jobs, sell, shown, stand: at } = await realKiosk({ lacks: ['process-id', 'ordered-status'] });
    runner.start();
    await at.until((status) => status.state === 'degraded');
    sell();
    await settled(() => jobs.counts().unknown === 1);
    expect(shown.at(-1)).toBe('2 unknown');
    runner.wake();
    await settled(() => at.paper.slipCount() === 1);
    expect(jobs.recent(5)).toMatchObject([{ seq: 2, state: 'unknown', copies: 0 }]);
  });

  it('that was being sent when the agent died: unknown after the restart, and not one byte is sent again', async () => {
    const printer = obedient();
    const before = kioskWith(printer.port);
    before.runner.start();
    before.sell();
    await turn();
    expect([printer.begun.length, before.jobs.counts()]).toEqual([1, { sending: 1 }]);
    const after = kioskWith(printer.port);
    after.runner.start();
    await turn();
    expect([printer.begun.length, after.jobs.counts()]).toEqual([1, { unknown: 1 }]);
    expect(after.said).toEqual(['1 print job(s) were cut short; the clerk is asked about them']);
  });

  it('is announced by the fence of its record: at its first byte no further commit has been waited for', async () => {
    const printer = obedient();
    const { runner, jobs, journal, sell } = kioskWith(printer.port);
    const atFirstByte: unknown[] = [];
    printer.onPrint = () => atFirstByte.push([jobs.counts(), journal.announcedSeq(), journal.head().seq]);
    runner.start();
    await turn();
    sell();
    expect(atFirstByte).toEqual([[{ queued: 1 }, 2, 2]]);
    expect(jobs.counts()).toEqual({ sending: 1 });
    jobs.addCopy(2, NOON);
    printer.begun[0]?.end('confirmed');
    await turn();
    // A copy has no fence of its own.
    expect(atFirstByte[1]).toEqual([{ confirmed: 1, sending: 1 }, 2, 2]);
  });

  it('that the fence announced when the power went: unknown, whether or not its state came to the disk', async () => {
    const printer = obedient();
    const before = kioskWith(printer.port);
    printer.onPrint = () => {
      throw new Error('the power is gone');
    };
    before.runner.start();
    await turn();
    before.sell();
    await turn();
    expect(before.jobs.counts()).toEqual({ queued: 1 });
    printer.onPrint = () => undefined;
    const after = kioskWith(printer.port);
    after.runner.start();
    await turn();
    expect([printer.begun.length, after.jobs.counts()]).toEqual([0, { unknown: 1 }]);
  });

  it('that could not begin when its record was fenced is not announced, and comes out after a restart', async () => {
    const printer = obedient('fault');
    const before = kioskWith(printer.port);
    before.runner.start();
    await turn();
    before.sell();
    await turn();
    expect([before.journal.announcedSeq(), before.jobs.counts()]).toEqual([null, { queued: 1 }]);
    const after = kioskWith(obedient().port);
    after.runner.start();
    await turn();
    expect(after.jobs.counts()).toEqual({ sending: 1 });
  });

  it('that has begun and cannot be noted ends the agent, which would print it again', async () => {
    const printer = obedient();
    const { runner, shown, sell } = kioskWith(printer.port);
    runner.start();
    await turn();
    desk.db.exec("CREATE TRIGGER full BEFORE UPDATE ON print_jobs BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
    sell();
    await turn();
    expect([printer.begun.length, shown.at(-1)]).toEqual([1, 'begun lost']);
  });

  it('acknowledged late: is unknown until then, then confirmed, on the screen and in the journal', async () => {
    const printer = obedient();
    const { runner, jobs, sell, shown } = kioskWith(printer.port);
    runner.start();
    sell();
    await turn();
    printer.begun[0]?.end('unknown');
    await turn();
    expect([jobs.counts(), shown.at(-1)]).toEqual([{ unknown: 1 }, '2 unknown']);
    printer.begun[0]?.late?.();
    printer.begun[0]?.late?.();
    expect([jobs.counts(), shown.at(-1)]).toEqual([{ confirmed: 1 }, '2 printed']);
    expect(shown.filter((each) => each === '2 printed')).toHaveLength(1);
  });

  it('that the printer would not begin stays queued, and is begun when the printer changes', async () => {
    const printer = obedient();
    const { runner, jobs, sell } = kioskWith(printer.port);
    runner.start();
    sell();
    await turn();
    printer.become('fault');
    printer.begun[0]?.end('not-started');
    await turn();
    expect([printer.begun.length, jobs.counts()]).toEqual([1, { queued: 1 }]);
    printer.become('ready');
    await turn();
    printer.begun[1]?.end('confirmed');
    await turn();
    expect(jobs.counts()).toEqual({ confirmed: 1 });
  });
});

describe('papers about oneself', () => {
  it.each([48, 32] as const)('statement, what is held and a correction’s slip, at %i columns', async (width) => {
    const { runner, papers, sell, jobs, till, clock, stand: at } = await realKiosk({}, width);
    runner.start();
    await at.until((status) => status.state === 'ready');
    sell();
    await settled(() => jobs.counts().confirmed === 1);
    expect(await papers.statement(TOKEN)).toBe('printed');
    const statement = at.paper.paperText(1);
    for (const part of ['积分明细', 'Statement of points', '2027-01-15 12:00', 'k1.1.2'])
      expect(statement).toContain(part);
    expect(statement).toMatch(/现有积分 Points +130\n/);
    expect(statement).toMatch(/在此可用 Here +90\n/);
    expect(statement).toMatch(/2027-01-15 12:00 +-10\n/);
    expect(await papers.held(TOKEN)).toBe('printed');
    const held = at.paper.paperText(2);
    for (const part of ['本机存有我的', 'What this kiosk holds', '未设 not set', '中文', '本村'])
      expect(held).toContain(part);
    expect(held).toMatch(/Initials +zf\n/);
    expect(held).toMatch(/last four +6105\n/);
    expect(held).toMatch(/东西 +2\n/);
    expect(held).toMatch(/Redemptions +1\n/);
    // The masked name is a rare one: a picture, and no box in its place.
    expect(held).toContain(`[image ${width * 12}x30]`);
    // What is written about a person afterwards is held too, and says what it is.
    clock.at += 1;
    expect([till.case('a1', 'goods-missing', 'k1.1.2', null).ok, till.void(2, 'mistake', 'c1').ok]).toEqual([
      true,
      true,
    ]);
    expect(await papers.caseSlip(TOKEN, 'k1.1.3')).toBe('printed');
    expect(await papers.caseSlip(TOKEN, 'k1.1.2'), 'a redemption is no correction').toBe('unknown-card');
    const slip = at.paper.paperText(3);
    for (const part of ['更正申请', '没拿到东西', 'k1.1.2', '编号 Number', 'k1.1.3']) expect(slip).toContain(part);
    await papers.statement(TOKEN);
    expect(at.paper.paperText(4)).toMatch(/2027-01-15 12:00 +已撤销 undone\n/);
    await papers.held(TOKEN);
    expect(at.paper.paperText(5)).toMatch(/Corrections +1\n.*Claims +0\n/);
    for (const text of [statement, held, slip]) expect(text).not.toMatch(/□|COPY|AAAA/);
    expect(at.paper.state().errors).toEqual([]);
    expect(jobs.counts()).toEqual({ confirmed: 1 });
  });

  it('of a card nobody here has: nothing is printed', async () => {
    const printer = obedient();
    const { papers } = kioskWith(printer.port);
    expect(await papers.statement('1.nobody')).toBe('unknown-card');
    expect(await papers.held('1.nobody')).toBe('unknown-card');
    expect(printer.begun).toEqual([]);
  });

  it('wait behind receipts, so many and no more; one without a word is unknown and never begun again', async () => {
    const printer = obedient('fault');
    const { papers, runner, sell, jobs } = kioskWith(printer.port);
    runner.start();
    const asked = Array.from({ length: PAPERS_MAX + 1 }, () => papers.statement(TOKEN));
    expect(await asked[PAPERS_MAX]).toBe('too-many');
    sell();
    printer.become('ready');
    await turn();
    printer.begun[0]?.end('confirmed');
    await turn();
    expect(jobs.counts()).toEqual({ confirmed: 1 });
    printer.begun[1]?.end('unknown');
    expect(await asked[0]).toBe('unknown');
    for (let n = 2; n <= PAPERS_MAX; n++) {
      await turn();
      printer.begun[n]?.end('confirmed');
      expect(await asked[n - 1]).toBe('printed');
    }
    await turn();
    expect(printer.begun).toHaveLength(PAPERS_MAX + 1);
  });

  it('expire while the printer is away, and do not come out when it returns', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const printer = obedient('absent');
    const { papers, runner } = kioskWith(printer.port);
    runner.start();
    const asked = papers.held(TOKEN);
    await vi.advanceTimersByTimeAsync(PAPER_EXPIRES_MS - 1);
    expect(await Promise.race([asked, turn()])).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(await asked).toBe('expired');
    printer.become('ready');
    await turn();
    expect(printer.begun).toEqual([]);
  });

  it('end with the agent', async () => {
    const { papers, runner } = kioskWith(obedient('absent').port);
    const asked = papers.statement(TOKEN);
    runner.stop();
    expect(await asked).toBe('expired');
  });
});
