import { describe, expect, it, vi } from 'vitest';
import type { PrinterOptions } from '../../../firmware-sim/printer/index.ts';
import {
  JOB,
  longJob,
  type PrinterStand,
  printerStand,
  serialLinesAreHere,
  type Wire,
} from '../../../test/support/printer-stand.ts';

/**
 * Every fault of a serial line, on a real `serialport` over a pseudo-terminal; and the same driver on a device file, for
 * which a pseudo-terminal in raw mode stands: no real `/dev/usb/lp0` is to be had here.
 */

const HERE = serialLinesAreHere('printers on a serial line and on a device file');
/** The system takes some 64 KiB for a line that takes nothing. */
const LONGER_THAN_BUFFERS = longJob(4_000);
const BACK_MS = 20_000;
// Each waits for clocks, not for the processor.
vi.setConfig({ maxConcurrency: 32 });
const back = (stand: PrinterStand) => stand.until((status) => status.state === 'ready', BACK_MS);

const told = (
  wire: Wire,
  name: string,
  play: (stand: PrinterStand) => Promise<void>,
  options?: Partial<PrinterOptions>,
) =>
  it.concurrent(name, async () => {
    const stand = await printerStand(wire, options);
    try {
      await back(stand);
      await play(stand);
    } finally {
      await stand.close();
    }
  }, 60_000);

describe.skipIf(!HERE)('printers on lines', () => {
  describe.concurrent.for([
    ['serial', 'a serial line'],
    ['usb', 'a device file (a pseudo-terminal stands for /dev/usb/lp0)'],
  ] as const)('a printer on %s: %s', ([wire]) => {
    told(wire, 'whole: prints a long job and is told so after printing', async (stand) => {
      expect(await stand.printer.print(longJob(300))).toBe('confirmed');
      expect(stand.hellos()).toBe(1);
      expect(stand.paper.paperText().match(/a line of a long receipt/g)).toHaveLength(299);
      expect(stand.paper.state().errors).toEqual([]);
    });

    told(wire, 'peer death: absent, the job unknown', async (stand) => {
      stand.line.stall(true);
      const job = stand.printer.print(LONGER_THAN_BUFFERS);
      await stand.line.die();
      expect(await job).toBe('unknown');
      const status = await stand.until((seen) => seen.state === 'absent' || seen.state === 'opening');
      expect(['unplugged', 'no-device']).toContain(status.reason);
      expect(await stand.printer.print(JOB)).toBe('not-started');
    });

    told(wire, 'peer death between jobs: seen at the next question, and nothing is sent into it', async (stand) => {
      await stand.line.die();
      await stand.until((seen) => seen.state === 'absent');
      expect(await stand.printer.print(JOB)).toBe('not-started');
    });

    told(wire, 'stall: a line that takes nothing is given up, the job is unknown, and it comes back', async (stand) => {
      stand.line.stall(true);
      const begunMs = performance.now();
      expect(await stand.printer.print(LONGER_THAN_BUFFERS)).toBe('unknown');
      expect(performance.now() - begunMs).toBeLessThan(15_000);
      expect(stand.printer.status().reason).toBe('stalled');
      stand.line.stall(false);
      await back(stand);
      expect(await stand.printer.print(JOB)).toBe('confirmed');
    });

    told(wire, 'noise: is not taken for any word, and the job’s own word still counts', async (stand) => {
      stand.fault('ack-late', true, { ms: 1_500 });
      const job = stand.printer.print(JOB);
      stand.line.noise(
        Uint8Array.of(0xff, 0x37, 0x22, 0x41, 0xfe, 0x80, 0x37, 0x37, 0x22, 0x40, 0x40, 0x40, 0x40, 0x00, 0xaa),
      );
      expect(await Promise.race([job, new Promise((done) => setTimeout(() => done('waiting'), 500))])).toBe('waiting');
      expect(await job).toBe('confirmed');
      expect(await back(stand)).toMatchObject({ paper: 'ok', cover: 'closed' });
    });

    told(wire, 'half frames: an answer that lost its head costs one question, not the printer', async (stand) => {
      // Three of automatic status' four bytes are lost, or the first of an answer.
      stand.line.lose(3);
      stand.fault('paper-near-end');
      await stand.until((seen) => seen.paper === 'near-end');
      stand.line.lose(1);
      stand.fault('paper-near-end', false);
      await stand.until((seen) => seen.paper === 'ok');
      expect(stand.printer.status().state).toBe('ready');
      expect(await stand.printer.print(JOB)).toBe('confirmed');
    });

    told(wire, 'half frames: an acknowledgement without its head confirms nothing', async (stand) => {
      stand.fault('ack-late', true, { ms: 800 });
      const job = stand.printer.print(JOB);
      await new Promise((done) => setTimeout(done, 300));
      // All that is said in the time in which the word comes: the questions' answers too.
      const losing = setInterval(() => stand.line.lose(1), 25);
      await new Promise((done) => setTimeout(done, 800));
      clearInterval(losing);
      stand.fault('power-off');
      expect(await job).toBe('unknown');
    });

    told(wire, 'power lost and back: on a line that does not notice it, the silence does', async (stand) => {
      stand.fault('power-off');
      await stand.until((seen) => seen.reason === 'no-answer', BACK_MS);
      stand.fault('power-off', false);
      await back(stand);
      expect(await stand.printer.print(JOB)).toBe('confirmed');
      expect(stand.hellos()).toBe(1);
    });

    told(wire, 'paper out mid-job: said, the rest prints when paper is back, and its word counts', async (stand) => {
      stand.fault('paper-out', true, { afterLines: 10 });
      const late = new Promise((known) => {
        void stand.printer
          .print(longJob(40), () => known('late'))
          .then((outcome) => outcome === 'unknown' || known(outcome));
      });
      await stand.until((seen) => seen.state === 'fault' && seen.paper === 'out');
      stand.fault('paper-out', false);
      expect(['late', 'confirmed']).toContain(await late);
      expect(stand.hellos()).toBe(1);
    });
  });
});

describe.skipIf(!HERE)('a line that another program has', () => {
  it('is said by the same word as of any other serial device: held', async () => {
    const first = await printerStand('serial');
    try {
      await back(first);
      const second = await printerStand('serial', {}, first.line.path);
      await second.until((seen) => seen.reason === 'held');
      expect(await second.printer.print(JOB)).toBe('not-started');
      await second.close();
    } finally {
      await first.close();
    }
  });
});

describe('a device that is not there', () => {
  it.each(['serial', 'usb'] as const)('%s: absent, with the reason, and tried again', async (wire) => {
    const stand = await printerStand(wire, {}, '/dev/no-such-printer');
    try {
      await stand.until((seen) => seen.reason === 'no-device');
      expect(await stand.printer.print(JOB)).toBe('not-started');
    } finally {
      await stand.close();
    }
  });
});
