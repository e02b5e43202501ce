import { expect, it } from 'vitest';
import { afterState, NO_FAILURE } from './tally.ts';

/** States as drivers tell them, and what is counted of them. */
it.each([
  ['works from the start', 'opening ready busy ready', 0, 0],
  ['is not there at the start', 'opening absent opening absent', 1, 0],
  ['comes late', 'absent opening ready', 1, 1],
  [
    'is lost, tried again and again, and comes back',
    'ready absent opening absent opening fault opening ready busy',
    1,
    1,
  ],
  ['fails twice', 'ready fault ready absent opening ready', 2, 2],
  ['comes back with less than it could', 'ready fault degraded', 1, 1],
  ['has failed and is being opened', 'ready fault opening', 1, 0],
])('a device that %s', (_, states, failures, recoveries) => {
  const tally = states.split(' ').reduce(afterState, NO_FAILURE);
  expect(tally).toEqual({ failures, recoveries, failing: failures > recoveries });
});
