import { serialLine } from '../serial/serial-line.ts';
import { encodeLines, START_AFRESH } from './cd5220.ts';
import type { DisplayLines, DisplayPort } from './port.ts';

export interface SerialDisplayOptions {
  readonly path: string;
  readonly baudRate: number;
  readonly writeWithinMs?: number;
  readonly random?: () => number;
}

/** A CD5220 display on a serial port. One write at a time, and only the newest lines wait: a stalled display stalls nobody. */
export function serialDisplay(options: SerialDisplayOptions): DisplayPort {
  const listeners = new Set<() => void>();
  let wanted: DisplayLines | null = null;
  let shown: DisplayLines | null = null;
  let writing = false;
  const line = serialLine({
    ...options,
    onBytes: () => undefined,
    onStatus({ state }) {
      shown = null;
      for (const listener of [...listeners]) listener();
      if (state === 'ready') void bring();
    },
  });

  async function bring(): Promise<void> {
    while (!writing && wanted !== null && wanted !== shown && line.status().state === 'ready') {
      const lines = wanted;
      const fresh = shown === null ? START_AFRESH : new Uint8Array(0);
      writing = true;
      const through = await line.write(Uint8Array.of(...fresh, ...encodeLines(lines)));
      writing = false;
      if (through) shown = lines;
    }
  }

  return {
    start: line.start,
    stop: line.stop,
    status: line.status,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show(lines) {
      if (wanted !== null && lines.upper === wanted.upper && lines.lower === wanted.lower) return;
      wanted = lines;
      void bring();
    },
  };
}
