import type { Scanned, ScannerEvent, ScannerPort, ScannerStatus } from './port.ts';
import { type LastScan, stutter } from './stutter.ts';

/** Status and listeners of one scanner; a scan passes here whatever the wire it came by. */
export interface ScannerEvents extends Pick<ScannerPort, 'status' | 'onEvent'> {
  become(status: ScannerStatus): void;
  scanned(scan: Scanned): void;
}

export function scannerEvents(nowMs: () => number): ScannerEvents {
  const listeners = new Set<(event: ScannerEvent) => void>();
  let status: ScannerStatus = { state: 'absent', reason: null };
  let last: LastScan | null = null;
  const tell = (event: ScannerEvent): void => {
    for (const listener of [...listeners]) listener(event);
  };
  return {
    status: () => status,
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    become(next) {
      if (next.state === status.state && next.reason === status.reason) return;
      status = next;
      tell({ type: 'status', status });
    },
    scanned(scan) {
      const heard = stutter(last, scan, nowMs());
      last = heard.last;
      if (heard.again) return;
      tell(scan.ok ? { type: 'scan', code: scan.code } : { type: 'scan-refused', reason: scan.reason });
    },
  };
}
