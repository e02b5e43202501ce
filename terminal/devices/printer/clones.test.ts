import { describe, expect, it, vi } from 'vitest';
import type { PrinterOptions } from '../../../firmware-sim/printer/index.ts';
import { JOB, longJob, type PrinterStand, printerStand } from '../../../test/support/printer-stand.ts';

/** Units that lack what a whole one does, on the real driver: believed for what they do. */

const BACK_MS = 20_000;
vi.setConfig({ maxConcurrency: 32 });
const back = (stand: PrinterStand) => stand.until((status) => status.state === 'ready', BACK_MS);

describe.concurrent('a cheap printer on TCP, and what it lacks', () => {
  const cheap = (
    name: string,
    lacks: NonNullable<PrinterOptions['lacks']>,
    play: (stand: PrinterStand) => Promise<void>,
  ) =>
    it.concurrent(name, async () => {
      const stand = await printerStand('tcp', { lacks });
      try {
        await play(stand);
      } finally {
        await stand.close();
      }
    }, 60_000);

  cheap('no process id: GS r behind the job is its word, and a word lost is unknown', ['process-id'], async (stand) => {
    await back(stand);
    expect(await stand.printer.print(JOB)).toBe('confirmed');
    expect(stand.hellos()).toBe(1);
    await back(stand);
    stand.fault('paper-out', true, { afterLines: 5 });
    const job = stand.printer.print(longJob(30));
    expect(await job).toBe('unknown');
    stand.fault('paper-out', false);
    await back(stand);
    expect(await stand.printer.print(JOB)).toBe('confirmed');
    expect(stand.hellos()).toBe(3);
  });

  cheap(
    'no word on a job at all: degraded, and each job is asked about',
    ['process-id', 'ordered-status'],
    async (stand) => {
      const status = await stand.until((seen) => seen.state === 'degraded', BACK_MS);
      expect(status).toMatchObject({ reason: 'no-acknowledgement', paper: 'ok' });
      expect(await stand.printer.print(JOB)).toBe('unknown');
      stand.fault('cover-open');
      await stand.until((seen) => seen.state === 'fault');
      expect(await stand.printer.print(JOB)).toBe('not-started');
      stand.fault('cover-open', false);
      await stand.until((seen) => seen.state === 'degraded');
      expect(stand.hellos()).toBe(1);
    },
  );

  cheap('no DLE EOT: sensors by automatic status', ['realtime-status'], async (stand) => {
    await back(stand);
    stand.fault('paper-out');
    await stand.until((seen) => seen.state === 'fault' && seen.paper === 'out');
    stand.fault('paper-out', false);
    await back(stand);
    expect(await stand.printer.print(JOB)).toBe('confirmed');
  });

  cheap(
    'no sensor at all: degraded, and still told when a job has printed',
    ['realtime-status', 'automatic-status', 'ordered-status'],
    async (stand) => {
      await stand.until((seen) => seen.state === 'degraded' && seen.reason === 'no-sensor', BACK_MS);
      expect(await stand.printer.print(JOB)).toBe('confirmed');
    },
  );
});
