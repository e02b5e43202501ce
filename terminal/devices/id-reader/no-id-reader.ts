import type { IdReaderPort } from './port.ts';

/** A kiosk without an ID reader: cards are tapped. */
export function noIdReader(): IdReaderPort {
  return {
    start: () => undefined,
    stop: async () => undefined,
    status: () => ({ state: 'absent', reason: 'not-configured' }),
    onEvent: () => () => undefined,
  };
}
