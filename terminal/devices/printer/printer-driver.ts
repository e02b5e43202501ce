import { step } from './machine.ts';
import type { PrinterPort, PrinterStatus, PrintOutcome } from './port.ts';
import { type Effect, type Event, initialState, statusOf, wakeAtMs } from './state.ts';
import type { Line, Transport } from './transport.ts';

/** The printer's driver over any transport: performs what machine.ts decides, and keeps its clock. */

export interface PrinterDriverDeps {
  readonly transport: Transport;
  readonly nowMs: () => number;
  /** 0 to 65535, random: where job ids begin. */
  readonly seed: number;
}
interface Waiting {
  readonly ended: (outcome: PrintOutcome) => void;
  readonly confirmedLate: (() => void) | undefined;
}

export function printerDriver({ transport, nowMs, seed }: PrinterDriverDeps): PrinterPort {
  const listeners: Set<(status: PrinterStatus) => void> = new Set();
  const waiting: Map<number, Waiting> = new Map();
  /** Jobs without a word, whose late word is passed on; as many as the machine remembers. */
  const late: Map<number, () => void> = new Map();
  let state = initialState(seed);
  let status = statusOf(state);
  let line: Line | null = null;
  let timer: NodeJS.Timeout | undefined;
  let tokens = 0;

  function dispatch(event: Event): void {
    const { state: next, effects } = step(state, event, nowMs());
    state = next;
    for (const effect of effects) perform(effect);
    clearTimeout(timer);
    const wakeMs = wakeAtMs(state);
    // A millisecond more than is left: a timer may fire a little early, and would find nothing due.
    if (wakeMs !== null) timer = setTimeout(() => dispatch({ type: 'wake' }), Math.max(0, wakeMs - nowMs()) + 1);
    tell();
  }

  function tell(): void {
    const seen = statusOf(state);
    if (JSON.stringify(seen) === JSON.stringify(status)) return;
    status = seen;
    for (const listener of listeners) listener(status);
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'open':
        line = open();
        return;
      case 'close':
        line?.close();
        line = null;
        return;
      case 'write':
        line?.write(effect.bytes);
        return;
      case 'ended':
        return ended(effect.token, effect.outcome);
      case 'confirmed-late': {
        const confirmed = late.get(effect.token);
        late.delete(effect.token);
        return confirmed?.();
      }
    }
  }

  /** Events of a line that was closed belong to nobody. */
  function open(): Line {
    const on = (event: Event) => {
      if (line === opening) dispatch(event);
    };
    const opening = transport.open({
      opened: () => on({ type: 'opened' }),
      bytes: (bytes) => on({ type: 'bytes', bytes }),
      progress: (pendingBytes) => on({ type: 'progress', pendingBytes }),
      closed: (reason) => on({ type: 'closed', reason }),
    });
    return opening;
  }

  function ended(token: number, outcome: PrintOutcome): void {
    const job = waiting.get(token);
    waiting.delete(token);
    if (outcome === 'unknown' && job?.confirmedLate) {
      late.set(token, job.confirmedLate);
      const remembered = new Set(state.memory.unknown.map((each) => each.token));
      for (const old of late.keys()) if (!remembered.has(old)) late.delete(old);
    }
    job?.ended(outcome);
  }

  return {
    start: (cutShortBytes = 0) => dispatch({ type: 'start', cutShortBytes }),
    stop: async () => dispatch({ type: 'stop' }),
    status: () => status,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    print(bytes, confirmedLate) {
      tokens += 1;
      const token = tokens;
      return new Promise((resolve) => {
        waiting.set(token, { ended: resolve, confirmedLate });
        dispatch({ type: 'print', token, bytes });
      });
    },
  };
}
