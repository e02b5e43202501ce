import { expect, it } from 'vitest';
import { EMPTY_DESK } from '../redemption/desk.ts';
import { type Clerk, IDLE, type State } from '../redemption/state.ts';
import type { Counter } from './counter.ts';
import { type ViewFacts, viewOf } from './view.ts';

/** What a kiosk that sells nothing shows all the same. */

const nowhere = { zh: '', en: '' };
const facts = (code: 'frozen' | 'clock-unsure'): ViewFacts => ({
  ...{ rev: 1, closed: { code }, catalogue: null, place: { village: nowhere, shop: nowhere }, mmPx: 5, offline: true },
  ...{ notices: [], beep: null, nowMs: 0, clock: { sure: false, wallAt: 0, knownAt: 0 }, timeZone: 'UTC' },
  // No screen of the counter is shown here.
  ...{ prints: () => [], counter: {} as Counter },
});
const clerk = {
  ...{ ...IDLE, at: 'clerk', session: 's1', clerk: { id: 'c1', name: '李*', token: 't', acct: null }, screen: 'date' },
  ...{ pin: '', pinTriesLeft: 3, waitsFor: 'nothing', idleFromMs: 0, served: null, newPin: '' },
  desk: EMPTY_DESK,
  dateShift: { days: 0, from: 'machine' },
} satisfies Clerk;

it.each([
  ['why, to whoever stands there', IDLE, 'frozen', 'closed'],
  ['whom to ask, to who asks for help', { ...IDLE, helpFromMs: 0 }, 'frozen', 'help'],
  ['why, to a clerk who can do nothing about it', clerk, 'frozen', 'closed'],
  ['the date, to the clerk who can say it', clerk, 'clock-unsure', 'clerk-date'],
] as const)('%s', (_, state: State, code, screen) => {
  expect(viewOf(state, facts(code)).screen).toBe(screen);
});
