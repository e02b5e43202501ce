import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startPrinter } from '../../firmware-sim/printer/index.ts';
import { TOKEN } from '../../test/support/kiosk-fixture.ts';
import { obedient } from '../../test/support/obedient-printer.ts';
import { type PrintDesk, printDesk } from '../../test/support/print-desk.ts';
import { printerDriver } from '../devices/printer/printer-driver.ts';
import { tcpTransport } from '../devices/printer/tcp-transport.ts';
import { RASTER_BYTES_MAX } from '../receipts/raster.ts';

/** What hangs from the printer when an agent ends in the midst of a slip, and what the next agent does about it. */

let desk: PrintDesk;
beforeEach(() => {
  desk = printDesk();
});
afterEach(() => desk.close());

const settled = (holds: () => unknown) => vi.waitFor(() => expect(holds()).toBe(true), { timeout: 15_000 });
const turn = () => new Promise((done) => setImmediate(done));

describe('a receipt', () => {
  it('cut short when the agent died is cut off at the next start: the next slip does not hang on it', async () => {
    const sent: Uint8Array[] = [];
    const dying = desk.kioskWith({ ...obedient().port, print: (slip) => new Promise(() => sent.push(slip)) });
    expect(dying.runner.start()).toBe(0);
    dying.sell();
    await turn();
    const paper = await startPrinter({ port: 0 });
    const at = { host: '127.0.0.1', port: paper.port };
    const printer = printerDriver({ transport: tcpTransport(at), nowMs: () => performance.now(), seed: 1 });
    try {
      const half = Buffer.from(sent[0] ?? []).subarray(0, (sent[0]?.length ?? 0) / 2);
      await once(connect(at).resume().end(half), 'close');
      await settled(() => paper.paperText().includes('k1.1.2'));
      const { runner, jobs, sell } = desk.kioskWith(printer);
      printer.start(runner.start());
      sell();
      await settled(() => jobs.counts().confirmed === 1);
      expect(jobs.counts()).toEqual({ unknown: 1, confirmed: 1 });
      const slips = paper.paperText().split(/^.*8<.*$/m);
      const numbers = slips.map((slip) => [...new Set(slip.match(/k1\.1\.\d+/g))].join());
      expect(numbers).toEqual(['k1.1.2', 'k1.1.3', '']);
      expect(paper.state().errors).toEqual([]);
    } finally {
      await printer.stop();
      await paper.close();
    }
  });

  it('in the midst of which the agent is stopped is not settled: the next start asks about it, and has it cut off', async () => {
    const printer = obedient();
    const { runner, jobs, sell } = desk.kioskWith(printer.port);
    runner.start();
    sell();
    await turn();
    runner.stop();
    printer.begun[0]?.end('unknown');
    await turn();
    expect(jobs.counts()).toEqual({ sending: 1 });
    const after = desk.kioskWith(printer.port);
    expect(after.runner.start()).toBe(RASTER_BYTES_MAX);
    expect(after.jobs.counts()).toEqual({ unknown: 1 });
    // Once the printer was there.
    expect(desk.kioskWith(printer.port).runner.start()).toBe(0);
  });

  it('stays noted over starts at which the printer is away', async () => {
    const printer = obedient();
    const { runner, sell } = desk.kioskWith(printer.port);
    runner.start();
    sell();
    await turn();
    const away = { ...obedient().port, status: () => ({ ...obedient().port.status(), state: 'absent' as const }) };
    for (const _ of [1, 2]) expect(desk.kioskWith(away).runner.start()).toBe(RASTER_BYTES_MAX);
  });
});

describe('a statement, of which no job speaks', () => {
  it('in the midst of which the agent dies is cut off at the next start', async () => {
    const printer = obedient();
    const { runner, papers } = desk.kioskWith(printer.port);
    expect(runner.start()).toBe(0);
    void papers.statement(TOKEN);
    await turn();
    expect(printer.begun.length).toBe(1);
    expect(desk.kioskWith(printer.port).runner.start()).toBe(RASTER_BYTES_MAX);
  });

  it('that came out leaves nothing behind', async () => {
    const printer = obedient();
    const { runner, papers } = desk.kioskWith(printer.port);
    runner.start();
    const asked = papers.statement(TOKEN);
    await turn();
    printer.begun[0]?.end('confirmed');
    expect(await asked).toBe('printed');
    await turn();
    expect(desk.kioskWith(printer.port).runner.start()).toBe(0);
  });
});
