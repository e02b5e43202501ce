import { connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import type { PrinterOptions } from '../../../firmware-sim/printer/index.ts';
import { JOB, longJob, type PrinterStand, printerStand } from '../../../test/support/printer-stand.ts';
import { ACK_MS } from './state.ts';

/** Every fault of a printer on TCP, each under its own name, on the real driver. They wait side by side, each on its own port. */

const told = (name: string, play: (stand: PrinterStand) => Promise<void>, options: Partial<PrinterOptions> = {}) =>
  it.concurrent(name, async () => {
    const stand = await printerStand('tcp', options);
    try {
      await stand.until((status) => status.state === 'ready');
      await play(stand);
    } finally {
      await stand.close();
    }
  }, 60_000);
const BACK_MS = 20_000;
// Each waits for clocks, not for the processor.
vi.setConfig({ maxConcurrency: 32 });
const back = (stand: PrinterStand) => stand.until((status) => status.state === 'ready', BACK_MS);
const soon = async (promise: Promise<unknown>, ms: number) =>
  Promise.race([promise, new Promise((done) => setTimeout(() => done('still waiting'), ms))]);

/** The printer is whole again: it comes back by itself, prints the next job once, and nothing it was not given. */
async function comesBack(stand: PrinterStand, hellos: number): Promise<void> {
  await back(stand);
  expect(await stand.printer.print(JOB)).toBe('confirmed');
  expect(stand.hellos()).toBe(hellos);
  expect(stand.paper.state().errors).toEqual([]);
}

describe.concurrent('a printer on TCP', () => {
  told('whole: prints a job and is told so after printing', async (stand) => {
    expect(stand.printer.status()).toEqual({
      ...{ state: 'ready', paper: 'ok', cover: 'closed', reason: null },
      capabilities: { realtimeStatus: true, automaticStatus: true, orderedStatus: true, processId: true },
    });
    await comesBack(stand, 1);
  });

  told('whole: begins no second job while one is under way', async (stand) => {
    stand.fault('ack-late', true, { ms: 600 });
    const first = stand.printer.print(JOB);
    expect(stand.printer.status().state).toBe('busy');
    expect(await stand.printer.print(JOB)).toBe('not-started');
    expect(await first).toBe('confirmed');
    expect(stand.hellos()).toBe(1);
  });

  told('refuses: absent, not a byte is sent, and it comes back by itself', async (stand) => {
    stand.fault('printer-refuses');
    await stand.until((status) => status.state === 'absent' && status.reason === 'refused');
    expect(await stand.printer.print(JOB)).toBe('not-started');
    stand.fault('printer-refuses', false);
    await comesBack(stand, 1);
  });

  told('black-holes: given up within seconds, the job is unknown and never sent again', async (stand) => {
    stand.fault('printer-black-hole');
    expect(await soon(stand.printer.print(JOB), ACK_MS)).toBe('unknown');
    expect(await stand.until((status) => status.state !== 'busy')).toMatchObject({ reason: 'no-answer' });
    expect(await stand.printer.print(JOB)).toBe('not-started');
    stand.fault('printer-black-hole', false);
    // Bytes that lay in the hole may still print; the driver itself sends the job no second time.
    await back(stand);
    expect(await stand.printer.print(JOB)).toBe('confirmed');
    expect(stand.hellos()).toBeLessThanOrEqual(2);
  });

  told('resets mid-job: unknown, never sent again by itself, and the next slip is whole', async (stand) => {
    const job = longJob(40);
    stand.fault('printer-resets', true, { afterBytes: 500 });
    expect(await stand.printer.print(job)).toBe('unknown');
    stand.fault('printer-resets', false);
    await comesBack(stand, 2);
    // What came out of the first was cut off: the second does not hang on it.
    expect(stand.paper.slipCount()).toBe(2);
    expect(stand.paper.paperText(1).split('hello').length - 1).toBe(1);
  });

  told('resets mid-picture: the next slip is not swallowed as the rest of it', async (stand) => {
    const picture = Buffer.concat([Buffer.from('\x1b@\x1dv0\0\x48\0\x1e\0', 'latin1'), Buffer.alloc(72 * 30, 0xff)]);
    stand.fault('printer-resets', true, { afterBytes: 900 });
    expect(await stand.printer.print(Buffer.concat([picture, JOB]))).toBe('unknown');
    stand.fault('printer-resets', false);
    await back(stand);
    expect(stand.printer.status().capabilities?.processId).toBe(true);
    await comesBack(stand, 1);
  });

  told('never reads: given up though it still tells of its sensors, and found again', async (stand) => {
    stand.fault('printer-never-reads');
    const job = stand.printer.print(longJob(400));
    stand.fault('paper-near-end');
    await stand.until((status) => status.paper === 'near-end');
    expect(await soon(job, ACK_MS)).toBe('unknown');
    stand.fault('printer-never-reads', false);
    stand.fault('paper-near-end', false);
    await back(stand);
    expect(await stand.printer.print(JOB)).toBe('confirmed');
  });

  told(
    'one byte a second: the job is unknown in a bounded time, and people see a printer that does not answer',
    async (stand) => {
      stand.fault('printer-slow');
      expect(await soon(stand.printer.print(JOB), ACK_MS + 5_000)).toBe('unknown');
      await stand.until((status) => status.state === 'absent' && status.reason === 'no-answer');
      stand.fault('printer-slow', false);
      await back(stand);
      expect(await stand.printer.print(JOB)).toBe('confirmed');
    },
  );

  told('paper near end: goes on, and says so', async (stand) => {
    stand.fault('paper-near-end');
    expect(await stand.until((status) => status.paper === 'near-end')).toMatchObject({ state: 'ready' });
    await comesBack(stand, 1);
  });

  told(
    'paper out mid-job: unknown after a while, the rest prints when paper is back, and its late word counts',
    async (stand) => {
      stand.fault('paper-out', true, { afterLines: 10 });
      let late = 0;
      const job = stand.printer.print(longJob(40), () => {
        late += 1;
      });
      expect(await stand.until((status) => status.state === 'fault')).toMatchObject({
        paper: 'out',
        reason: 'paper-out',
      });
      expect(await job).toBe('unknown');
      expect(await stand.printer.print(JOB)).toBe('not-started');
      expect(late).toBe(0);
      stand.fault('paper-out', false);
      await back(stand);
      expect(late).toBe(1);
      await comesBack(stand, 2);
      expect(late).toBe(1);
    },
  );

  told('paper out: said, not a byte is sent, and it comes back by itself', async (stand) => {
    stand.fault('paper-out');
    expect(await stand.until((status) => status.state === 'fault')).toMatchObject({
      paper: 'out',
      reason: 'paper-out',
    });
    expect(await stand.printer.print(JOB)).toBe('not-started');
    stand.fault('paper-out', false);
    await comesBack(stand, 1);
  });

  told('cover open: said, not a byte is sent, and it comes back by itself', async (stand) => {
    stand.fault('cover-open');
    expect(await stand.until((status) => status.state === 'fault')).toMatchObject({
      cover: 'open',
      reason: 'cover-open',
    });
    expect(await stand.printer.print(JOB)).toBe('not-started');
    stand.fault('cover-open', false);
    await comesBack(stand, 1);
  });

  told('cutter jammed at the cut: said, the job waits, and is confirmed when the knife is free', async (stand) => {
    stand.fault('cutter-error', true, { atNextCut: 1 });
    const job = stand.printer.print(JOB);
    expect(await stand.until((status) => status.state === 'fault')).toMatchObject({ reason: 'cutter', paper: 'ok' });
    expect(await soon(job, 300)).toBe('still waiting');
    stand.fault('cutter-error', false);
    expect(await job).toBe('confirmed');
    await comesBack(stand, 2);
  });

  told('power lost and back: the job is unknown, and never sent again by itself', async (stand) => {
    stand.fault('paper-out', true, { afterLines: 5 });
    const job = stand.printer.print(longJob(40));
    await stand.until((status) => status.state === 'fault');
    stand.fault('power-off');
    expect(await job).toBe('unknown');
    await stand.until((status) => status.state === 'absent');
    stand.fault('paper-out', false);
    stand.fault('power-off', false);
    await comesBack(stand, 2);
  });

  told(
    'acknowledgement lost: unknown, though it may have printed; the next job is not confused by it',
    async (stand) => {
      stand.fault('ack-lost');
      expect(await stand.printer.print(JOB)).toBe('unknown');
      expect(stand.hellos()).toBe(1);
      stand.fault('ack-lost', false);
      await comesBack(stand, 2);
    },
  );

  told('acknowledgement late, within its time: confirmed', async (stand) => {
    stand.fault('ack-late', true, { ms: 2_000 });
    expect(await stand.printer.print(JOB)).toBe('confirmed');
    expect(stand.hellos()).toBe(1);
  });

  told('acknowledgement late, after its time: unknown, then known', async (stand) => {
    stand.fault('ack-late', true, { ms: ACK_MS + 3_000 });
    const late = new Promise((known) => {
      void stand.printer.print(JOB, () => known('known')).then((outcome) => outcome === 'unknown' || known(outcome));
    });
    expect(await soon(late, ACK_MS + 10_000)).toBe('known');
    expect(stand.hellos()).toBe(1);
  });

  told('acknowledgement doubled: the second confirms nothing', async (stand) => {
    stand.fault('ack-doubled');
    expect(await stand.printer.print(JOB)).toBe('confirmed');
    stand.fault('ack-doubled', false);
    stand.fault('ack-late', true, { ms: 700 });
    const second = stand.printer.print(JOB);
    expect(await soon(second, 250)).toBe('still waiting');
    expect(await second).toBe('confirmed');
  });

  told('acknowledgement of an older job: confirms nothing', async (stand) => {
    expect(await stand.printer.print(JOB)).toBe('confirmed');
    stand.fault('ack-stale');
    const second = stand.printer.print(JOB);
    expect(await soon(second, 1_500)).toBe('still waiting');
    stand.fault('power-off');
    expect(await second).toBe('unknown');
  });

  it.concurrent('second connection refused: absent while another host has it, ready when it has gone', async () => {
    const stand = await printerStand('tcp');
    try {
      await back(stand);
      stand.fault('second-connection-refused');
      await stand.printer.stop();
      const other = await takenBy(stand.paper.port);
      stand.printer.start();
      await stand.until((status) => status.reason === 'refused' || status.reason === 'reset');
      expect(await stand.printer.print(JOB)).toBe('not-started');
      other.destroy();
      await comesBack(stand, 1);
    } finally {
      await stand.close();
    }
  }, 60_000);
});

/** Another host on the printer's one connection; tried until ours has left it. */
async function takenBy(port: number): Promise<import('node:net').Socket> {
  for (;;) {
    const socket = connect({ port, host: '127.0.0.1' });
    const connected = await new Promise<boolean>((done) => {
      socket.once('connect', () => done(true));
      socket.once('error', () => done(false));
    });
    if (connected) return socket;
    await new Promise((done) => setTimeout(done, 50));
  }
}
