import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PrinterFaultName, type SimulatedPrinter, startPrinter } from '../../../firmware-sim/printer/index.ts';
import type { PrinterPort, PrinterStatus } from './port.ts';
import { askProcessId, NO_REPLY, processId, type Reply, readSensors, takeByte } from './replies.ts';
import { tcpPrinter } from './tcp-printer.ts';

/** The real driver against a printer that speaks the wire; each fault under its own name. */

let paper: SimulatedPrinter;
let printer: PrinterPort;
const JOB = Buffer.from('\x1b@hello\n\n\x1dVB\0', 'latin1');

beforeEach(async () => {
  paper = await startPrinter({ port: 0 });
  printer = tcpPrinter({ host: '127.0.0.1', port: paper.port, nowMs: () => performance.now() });
  printer.start();
  await until((status) => status.state === 'ready');
});
afterEach(async () => {
  await printer.stop();
  await paper.close();
});

async function until(holds: (status: PrinterStatus) => boolean, withinMs = 8_000): Promise<PrinterStatus> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const status = printer.status();
    if (holds(status)) return status;
    if (performance.now() > endMs) throw new Error(`still ${JSON.stringify(status)}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
const hellos = () => paper.paperText().split('hello').length - 1;
const fault = (name: PrinterFaultName, on = true, params?: Record<string, unknown>) => paper.setFault(name, on, params);

describe('the TCP printer', () => {
  it('prints a job and is told so after printing', async () => {
    expect(await printer.print(JOB)).toBe('confirmed');
    expect(hellos()).toBe(1);
    expect(paper.state().errors).toEqual([]);
  });

  it('begins no second job while one is under way', async () => {
    fault('ack-late', true, { ms: 400 });
    const first = printer.print(JOB);
    expect(await printer.print(JOB)).toBe('not-started');
    expect(await first).toBe('confirmed');
    expect(hellos()).toBe(1);
  });

  it.each([
    ['printer-refuses', 'absent'],
    ['paper-out', 'fault'],
    ['cover-open', 'fault'],
    ['power-off', 'absent'],
  ] as const)('%s: says %s, sends not a byte, and comes back by itself', async (name, state) => {
    fault(name);
    await until((status) => status.state === state);
    expect(await printer.print(JOB)).toBe('not-started');
    expect(hellos()).toBe(0);
    fault(name, false);
    await until((status) => status.state === 'ready', 15_000);
    expect(await printer.print(JOB)).toBe('confirmed');
    expect(hellos()).toBe(1);
  });

  it('paper-near-end: goes on, and says so', async () => {
    fault('paper-near-end');
    expect(await until((status) => status.paper === 'near-end')).toMatchObject({ state: 'ready' });
    expect(await printer.print(JOB)).toBe('confirmed');
  });

  it('printer-resets mid-job: unknown, and never sent again by itself', async () => {
    fault('printer-resets', true, { afterBytes: 4 });
    expect(await printer.print(JOB)).toBe('unknown');
    fault('printer-resets', false);
    await until((status) => status.state === 'ready', 15_000);
    expect(hellos()).toBeLessThanOrEqual(1);
  });

  it('ack-doubled and ack-stale: only the word on this very job counts', async () => {
    fault('ack-doubled');
    expect(await printer.print(JOB)).toBe('confirmed');
    expect(await printer.print(JOB)).toBe('confirmed');
    fault('ack-doubled', false);
    fault('ack-stale');
    const third = printer.print(JOB);
    const early = await Promise.race([third, new Promise((done) => setTimeout(() => done('waiting'), 1_500))]);
    expect(early).toBe('waiting');
    fault('power-off');
    expect(await third).toBe('unknown');
    fault('power-off', false);
  });

  it('printer-black-hole: given up within seconds, and found again', async () => {
    fault('printer-black-hole');
    await until((status) => status.reason === 'no-answer' || status.state !== 'ready', 10_000);
    expect(await printer.print(JOB)).toBe('not-started');
    fault('printer-black-hole', false);
    await until((status) => status.state === 'ready', 15_000);
  });
});

describe('the printer’s replies', () => {
  const read = (bytes: readonly number[]) => {
    let state = NO_REPLY;
    const replies: Reply[] = [];
    for (const byte of bytes) {
      const taken = takeByte(state, byte);
      state = taken.state;
      if (taken.reply) replies.push(taken.reply);
    }
    return replies;
  };

  it('are told apart byte by byte', () => {
    expect(read([0x12, 0x37, 0x22, 0x41, 0x42, 0x43, 0x44, 0, 0x16, 0xff])).toEqual([
      { kind: 'status', byte: 0x12 },
      { kind: 'process-id', id: 'ABCD' },
      { kind: 'status', byte: 0x16 },
      { kind: 'noise', byte: 0xff },
    ]);
  });

  it('never hold an id that looks like a status', () => {
    for (let n = 0; n < 65_536; n += 97) {
      for (const letter of processId(n)) expect((letter.charCodeAt(0) & 0x93) === 0x12).toBe(false);
    }
    expect([...askProcessId('ABCD')]).toEqual([0x1d, 0x28, 0x48, 6, 0, 48, 48, 0x41, 0x42, 0x43, 0x44]);
  });

  it.each([
    [0x12, 0x12, { paper: 'ok', cover: 'closed', error: false }],
    [0x16, 0x12, { paper: 'ok', cover: 'open', error: false }],
    [0x52, 0x12, { paper: 'ok', cover: 'closed', error: true }],
    [0x12, 0x1e, { paper: 'near-end', cover: 'closed', error: false }],
    [0x12, 0x72, { paper: 'out', cover: 'closed', error: false }],
  ] as const)('offline %i, paper %i', (offline, sensor, expected) => {
    expect(readSensors(offline, sensor)).toEqual(expected);
  });
});
