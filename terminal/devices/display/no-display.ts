import type { DisplayPort } from './port.ts';

/** A kiosk without a customer display: the screen says it all. */
export function noDisplay(): DisplayPort {
  return {
    start: () => undefined,
    stop: async () => undefined,
    status: () => ({ state: 'absent', reason: 'not-configured' }),
    onStatus: () => () => undefined,
    show: () => undefined,
  };
}
