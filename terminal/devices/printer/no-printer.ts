import type { PrinterPort } from './port.ts';

/** A kiosk without a printer: jobs wait and expire, the screen says so, and redemptions go on. */
export function noPrinter(): PrinterPort {
  return {
    start: () => undefined,
    stop: async () => undefined,
    status: () => ({
      ...{ state: 'absent', paper: 'unknown', cover: 'unknown', reason: 'not-configured', capabilities: null },
    }),
    onStatus: () => () => undefined,
    print: async () => 'not-started',
  };
}
