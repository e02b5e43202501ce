import type { ReaderPort } from './port.ts';

/** A kiosk without a card reader: the screen says so. */
export function noReader(): ReaderPort {
  return {
    start: () => undefined,
    stop: async () => undefined,
    status: () => ({ state: 'absent', reason: 'not-configured', restarts: 0, lastFault: null }),
    sign: async () => ({ outcome: 'gone' }),
    onEvent: () => () => undefined,
  };
}
