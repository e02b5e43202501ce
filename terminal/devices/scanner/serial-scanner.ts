import { serialLine } from '../serial/serial-line.ts';
import { type LineState, NO_LINE, takeLineBytes } from './com-lines.ts';
import type { ScannerPort } from './port.ts';
import { scannerEvents } from './scanner-events.ts';

export interface SerialScannerOptions {
  readonly path: string;
  readonly baudRate: number;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly random?: () => number;
}

/** A code without an end that nothing follows: half a line, cut off by a plug or a power switch. */
const HALF_LINE_MS = 500;

/** A scanner in COM mode on a serial port. */
export function serialScanner({ nowMs, ...wire }: SerialScannerOptions): ScannerPort {
  const events = scannerEvents(nowMs);
  let line: LineState = NO_LINE;
  let heardMs = 0;
  const port = serialLine({
    ...wire,
    onBytes(bytes) {
      const atMs = nowMs();
      // What was left without an end belongs to no code that comes later.
      const from = atMs - heardMs > HALF_LINE_MS ? NO_LINE : line;
      heardMs = atMs;
      const taken = takeLineBytes(from, bytes);
      line = taken.state;
      for (const scan of taken.scans) events.scanned(scan);
    },
    onStatus(status) {
      line = NO_LINE;
      events.become(status);
    },
  });
  return {
    start: () => port.start(),
    async stop() {
      await port.stop();
      events.become(port.status());
    },
    status: events.status,
    onEvent: events.onEvent,
  };
}
