import { describe, expect, it } from 'vitest';
import type { Act } from '../../protocol/api/kiosk.ts';
import { type Comforted, comforted, type Kept, PLAIN, UNTOUCHED, UNTOUCHED_MS } from './comfort.ts';
import type { Event } from './session.ts';
import { type Holder, IDLE, type State } from './state.ts';
import { ended, residentOf } from './steps.ts';

/** Large text, speech and volume, from one person to the next. */

const env = {
  ...{ nowMs: 1_000, items: [], categories: [], pinAbovePts: 0, offline: false, newSession: () => 's1' },
  clock: { sure: true, wallAt: 0, knownAt: 0 },
  ...{ notices: [], about: () => null, canVoid: () => false },
};
const holder = (token: string): Extract<Holder, { kind: 'resident' }> => ({
  ...{ kind: 'resident', language: null, pinTriesLeft: 3, visitor: false },
  person: { acct: 'a', token, name: '张*芳', last4: '1', spendablePts: 5, elsewherePts: 0, hasPin: false },
});
const resident = (token: string, session: string): State => residentOf(IDLE, holder(token), null, session, env);
const card = (token: string): Event => ({ type: 'card', holder: holder(token) });
const act = (session: string | null, touch: Act): Event => ({ type: 'act', session, act: touch });
const LARGE: Kept = { language: 'zh-CN', large: true, aloud: true };
const nothing = () => null;
const move = (
  now: Comforted,
  before: State,
  after: State,
  event: Event,
  keptOf: (t: string) => Kept | null = nothing,
) => comforted(now, { before, after, event, nowMs: 1_000, keptOf });
const set = (comfort: Partial<typeof PLAIN>): Comforted => ({ comfort: { ...PLAIN, ...comfort }, touchedMs: 1_000 });

describe('comfort', () => {
  it('comes with the card, at the tap', () => {
    const { comfort } = move(UNTOUCHED, IDLE, resident('t1', 's1'), card('t1'), (token) =>
      token === 't1' ? LARGE : null,
    );
    expect(comfort).toEqual({ large: true, aloud: true, volume: 2 });
  });

  it('set before the tap stays for a card that brings none', () => {
    expect(move(set({ large: true }), IDLE, resident('t1', 's1'), card('t1')).comfort.large).toBe(true);
  });

  it('ends with the session, volume and all', () => {
    const loud = set({ large: true, aloud: true, volume: 3 });
    expect(move(loud, resident('t1', 's1'), IDLE, { type: 'tick' }).comfort).toEqual(PLAIN);
  });

  it('ends with an error that was nobody’s session', () => {
    const { state } = ended('card-torn', IDLE, env);
    expect(move(set({ large: true }), state, IDLE, { type: 'tick' }).comfort).toEqual(PLAIN);
  });

  it('does not pass to the card that is tapped while the last result shows', () => {
    const loud = set({ large: true, aloud: true, volume: 3 });
    expect(move(loud, resident('t1', 's1'), resident('t2', 's2'), card('t2')).comfort).toEqual(PLAIN);
  });

  it('of nobody ends after a minute without a touch', () => {
    const now = set({ large: true });
    const at = (nowMs: number) =>
      comforted(now, { before: IDLE, after: IDLE, event: { type: 'tick' }, nowMs, keptOf: nothing });
    expect(at(1_000 + UNTOUCHED_MS - 1).comfort.large).toBe(true);
    expect(at(1_000 + UNTOUCHED_MS).comfort).toEqual(PLAIN);
  });

  it.each([
    ['large text', { type: 'large-text', on: true }, { large: true, aloud: false }],
    ['speech', { type: 'read-aloud', on: true }, { large: false, aloud: true }],
  ] as const)('a touch of %s is remembered for the card', (_name, touch, wanted) => {
    const state = resident('t1', 's1');
    const moved = move(UNTOUCHED, state, state, act('s1', touch));
    expect(moved.keep).toEqual({ token: 't1', kept: { language: 'zh-CN', ...wanted } });
    expect(moved.comfort).toMatchObject(wanted);
  });

  it('the language is remembered too, as it is after the touch', () => {
    const english = { ...resident('t1', 's1'), language: 'en' as const };
    const moved = move(
      set({ large: true }),
      resident('t1', 's1'),
      english,
      act('s1', { type: 'language', language: 'en' }),
    );
    expect(moved.keep?.kept).toEqual({ language: 'en', large: true, aloud: false });
  });

  it('a touch of another session, or of nobody, is remembered for no card', () => {
    const state = resident('t1', 's1');
    const late = move(UNTOUCHED, state, state, act('s0', { type: 'large-text', on: true }));
    expect([late.keep, late.comfort]).toEqual([undefined, PLAIN]);
    const before = move(UNTOUCHED, IDLE, IDLE, act(null, { type: 'volume', step: 3 }));
    expect([before.keep, before.comfort.volume]).toEqual([undefined, 3]);
  });
});
