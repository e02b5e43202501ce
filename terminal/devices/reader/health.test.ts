import { expect, test } from 'vitest';
import { afterStatus, readerTrouble } from './health.ts';
import type { ReaderHealth, ReaderStatus } from './port.ts';

const fresh: ReaderHealth = { state: 'absent', reason: null, restarts: 0, lastFault: null };
const after = (...statuses: [ReaderStatus['state'], string | null][]): ReaderHealth =>
  statuses.reduce((health, [state, reason]) => afterStatus(health, { state, reason }), fresh);

test('a first start is no restart; one after a loss is, and the loss keeps its name', () => {
  expect(after(['opening', null], ['ready', null])).toEqual({ ...fresh, state: 'ready' });
  expect(after(['opening', null], ['ready', null], ['fault', 'child-ended'], ['opening', 'child-ended'])).toEqual({
    ...{ state: 'opening', reason: 'child-ended', restarts: 1, lastFault: 'child-ended' },
  });
  const back = after(['absent', 'no-pcscd'], ['opening', 'no-pcscd'], ['ready', null], ['busy', null], ['ready', null]);
  expect(back).toEqual({ state: 'ready', reason: null, restarts: 1, lastFault: 'no-pcscd' });
});

test('a driver that is stopped has no fault by that', () => {
  expect(after(['opening', null], ['ready', null], ['absent', null])).toEqual(fresh);
});

test.each<[ReaderStatus, string | null]>([
  [{ state: 'ready', reason: null }, null],
  [{ state: 'busy', reason: 'stuck-apdu' }, null],
  [{ state: 'opening', reason: 'no-pcscd' }, null],
  [{ state: 'absent', reason: null }, null],
  [
    { state: 'absent', reason: 'no-pcscd' },
    'pcscd does not answer. It is looked for all the time; start it if it stays away.',
  ],
  [{ state: 'fault', reason: 'of-tomorrow' }, 'The card reader cannot be used: of-tomorrow.'],
])('%j in words: %s', (status, says) => {
  expect(readerTrouble(status)?.says ?? null).toBe(says);
});
