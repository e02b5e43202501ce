import type { ScannerPort } from './port.ts';

/** A kiosk without a scanner: goods are chosen on the screen. */
export function noScanner(): ScannerPort {
  return {
    start: () => undefined,
    stop: async () => undefined,
    status: () => ({ state: 'absent', reason: 'not-configured' }),
    onEvent: () => () => undefined,
  };
}
