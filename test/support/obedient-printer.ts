import type { PrinterPort, PrinterStatus, PrintOutcome } from '../../terminal/devices/printer/port.ts';

/** A printer whose every outcome the test decides. */
export function obedient(state: PrinterStatus['state'] = 'ready') {
  const listeners: Set<(status: PrinterStatus) => void> = new Set();
  const begun: { end: (outcome: PrintOutcome) => void; late: (() => void) | undefined }[] = [];
  let status: PrinterStatus = { state, paper: 'ok', cover: 'closed', reason: null, capabilities: null };
  const port: PrinterPort = {
    ...{ start: () => undefined, stop: async () => undefined, status: () => status },
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    print(_bytes, late) {
      told.onPrint();
      return new Promise((end) => begun.push({ end, late }));
    },
  };
  const told = {
    ...{ port, begun, onPrint: (): void => undefined },
    become(next: PrinterStatus['state']): void {
      status = { ...status, state: next };
      for (const listener of listeners) listener(status);
    },
  };
  return told;
}
