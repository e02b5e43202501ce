import {
  type PrinterFaultName,
  type PrinterOptions,
  type SimulatedPrinter,
  startPrinter,
} from '../../firmware-sim/printer/index.ts';
import { type SerialLine, serialLine } from '../../firmware-sim/printer/pty.ts';
import { ptyMissing } from '../../firmware-sim/pty/index.ts';
import { deviceTransport } from '../../terminal/devices/printer/device-transport.ts';
import type { PrinterPort, PrinterStatus } from '../../terminal/devices/printer/port.ts';
import { printerDriver } from '../../terminal/devices/printer/printer-driver.ts';
import { serialTransport } from '../../terminal/devices/printer/serial-transport.ts';
import { tcpTransport } from '../../terminal/devices/printer/tcp-transport.ts';

/** The real driver on the real client library, against a printer that speaks the wire. */
export interface PrinterStand {
  readonly paper: SimulatedPrinter;
  readonly printer: PrinterPort;
  /** Where the printer hangs on a serial line, or stands for a device file. */
  readonly line: SerialLine;
  fault(name: PrinterFaultName, on?: boolean, params?: Record<string, unknown>): void;
  until(holds: (status: PrinterStatus) => boolean, withinMs?: number): Promise<PrinterStatus>;
  /** How many slips of `JOB` are on the roll. */
  hellos(): number;
  close(): Promise<void>;
}
export type Wire = 'tcp' | 'serial' | 'usb';

const LOOK_EVERY_MS = 15;

/** One slip: a line and a cut. */
export const JOB = Buffer.from('\x1b@hello\n\n\x1dVB\0', 'latin1');
/** A slip of so many lines; the first says hello. */
export const longJob = (lines: number): Buffer =>
  Buffer.from(`\x1b@hello\n${'a line of a long receipt, as wide as paper is\n'.repeat(lines - 1)}\x1dVB\0`, 'latin1');

/** True where serial lines can be made; on a build server it is a fault when they cannot. Says so where a test is skipped. */
export function serialLinesAreHere(whatFor: string): boolean {
  const missing = ptyMissing();
  if (missing === null) return true;
  if (process.env.CI === 'true') throw new Error(missing);
  console.warn(`skipped: ${whatFor}: ${missing}`);
  return false;
}

/** `device`: instead of a serial line made here. */
export async function printerStand(
  wire: Wire,
  options: Partial<PrinterOptions> = {},
  device: string | null = null,
): Promise<PrinterStand> {
  const paper = await startPrinter({ port: 0, ...options });
  const made = wire === 'tcp' || device !== null ? null : await serialLine(paper.port);
  const path = made?.path ?? device ?? '';
  const printer = printerDriver({
    transport: {
      tcp: () => tcpTransport({ host: '127.0.0.1', port: paper.port }),
      serial: () => serialTransport({ path, baudRate: 115_200 }),
      usb: () => deviceTransport({ path }),
    }[wire](),
    nowMs: () => performance.now(),
    seed: 4_711,
  });
  printer.start();
  return {
    ...{ paper, printer },
    get line() {
      if (made === null) throw new Error('this printer has no serial line');
      return made;
    },
    fault: (name, on = true, params) => paper.setFault(name, on, params),
    async until(holds, withinMs = 8_000) {
      const endMs = performance.now() + withinMs;
      for (;;) {
        const status = printer.status();
        if (holds(status)) return status;
        if (performance.now() > endMs) throw new Error(`still ${JSON.stringify(status)}`);
        await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
      }
    },
    hellos: () => paper.paperText().split('hello').length - 1,
    async close() {
      await printer.stop();
      await made?.close();
      await paper.close();
    },
  };
}
