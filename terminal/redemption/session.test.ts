import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Act, DoneView } from '../../protocol/api/kiosk.ts';
import type { CatalogueItem } from '../../protocol/documents/kinds.ts';
import { type Event, step } from './session.ts';
import { type Effect, type Environment, type Holder, IDLE, type Person, type State } from './state.ts';

/** Stories of a session, told event by event. */

const item = (sku: string, pts: number, category = 'food'): CatalogueItem => ({
  ...{ sku, rev: 1, category, pts, from: 0, name: { zh: sku, en: sku }, unit: { zh: '个', en: 'each' } },
});
const ITEMS = [item('salt', 6), item('rice', 45), item('umbrella', 60, 'home'), item('oil', 120)];
const person: Person = {
  ...{ acct: 'a1', token: '1.A', name: '张*芳', last4: '6105', spendablePts: 100, elsewherePts: 50, hasPin: true },
};
const resident: Holder = { kind: 'resident', person, language: null, pinTriesLeft: 3 };
const other: Holder = { ...resident, person: { ...person, acct: 'a2', token: '1.B' } };
const clerk: Holder = { kind: 'clerk', clerk: { id: 'c1', name: '李*', token: '1.C' }, pinTriesLeft: 3, hasPin: true };
const done: DoneView = {
  ...{
    number: 'k1.1.2',
    checkCode: 'AAAA-BBBB-CCCC',
    lines: [],
    beforePts: 150,
    usedPts: 6,
    afterPts: 144,
    paper: 'waiting',
  },
};

/** One kiosk: events go in, the state and every effect stay to be looked at. */
function kiosk() {
  let nowMs = 0;
  let sessions = 0;
  let state: State = IDLE;
  const effects: Effect[] = [];
  const env = (): Environment => ({
    ...{ nowMs, items: ITEMS, categories: ['food', 'home'], pinAbovePts: 50 },
    newSession: () => `s${++sessions}`,
  });
  const send = (event: Event) => {
    const next = step(state, event, env());
    state = next.state;
    effects.push(...next.effects);
  };
  const session = () => ('session' in state ? state.session : null);
  return {
    send,
    session,
    state: () => state,
    effects: (type: Effect['type']) => effects.filter((effect) => effect.type === type),
    tap: (holder: Holder) => send({ type: 'card', holder }),
    touch: (...acts: (Act | Act['type'])[]) => {
      for (const act of acts) {
        send({ type: 'act', session: session(), act: (typeof act === 'string' ? { type: act } : act) as Act });
      }
    },
    wait: (ms: number) => {
      nowMs += ms;
      send({ type: 'tick' });
    },
    screen: () => (state.at === 'resident' ? state.screen : state.at === 'clerk' ? `clerk-${state.screen}` : state.at),
    commit: () => send({ type: 'committed', session: session() ?? '', done, seq: 2 }),
  };
}
const pick = (sku: string): Act => ({ type: 'item', sku });

describe('a session', () => {
  it('goes from the tap to the record and forgets the person', () => {
    const k = kiosk();
    k.tap(resident);
    expect(k.screen()).toBe('balance');
    k.touch('choose', pick('salt'));
    expect(k.screen()).toBe('quantity');
    k.touch('qty-plus', 'basket', 'confirm');
    expect(k.effects('commit')).toMatchObject([{ draft: { pts: 12, pinChecked: false, lines: [{ qty: 2 }] } }]);
    k.commit();
    expect(k.screen()).toBe('done');
    k.wait(8_000);
    expect(k.state()).toEqual(IDLE);
  });

  it('redeems once, however often confirm is touched or sent again', () => {
    const k = kiosk();
    k.tap(resident);
    k.touch('choose', pick('salt'), 'basket', 'confirm', 'confirm', 'confirm');
    expect(k.effects('commit')).toHaveLength(1);
    const before = k.session();
    k.commit();
    k.send({ type: 'act', session: before, act: { type: 'confirm' } });
    k.wait(8_000);
    k.send({ type: 'act', session: before, act: { type: 'confirm' } });
    expect(k.effects('commit')).toHaveLength(1);
  });

  it('takes no touch of an earlier session', () => {
    const k = kiosk();
    k.tap(resident);
    const old = k.session();
    k.touch('cancel');
    k.tap(other);
    k.touch('choose', pick('salt'), 'basket');
    k.send({ type: 'act', session: old, act: { type: 'confirm' } });
    expect(k.effects('commit')).toHaveLength(0);
    expect(k.screen()).toBe('confirm');
  });

  it('refuses another card by name, ignores its own, and begins anew while the result shows', () => {
    const k = kiosk();
    k.tap(resident);
    k.touch('choose');
    k.tap(other);
    expect(k.state()).toMatchObject({ remark: { code: 'other-card' }, person: { acct: 'a1' }, screen: 'choose' });
    k.wait(5_000);
    k.tap(resident);
    expect(k.state().remark).toBeNull();
    k.touch(pick('salt'), 'basket', 'confirm');
    k.tap(other);
    expect(k.state().remark?.code).toBe('busy');
    k.commit();
    k.tap(resident);
    expect(k.screen()).toBe('balance');
  });

  it('asks for a PIN above the threshold; three wrong ones lock', () => {
    const k = kiosk();
    const type = () => k.touch(...[1, 2, 3, 4].map((digit): Act => ({ type: 'pin-digit', digit })), 'pin-ok');
    k.tap(resident);
    k.touch('choose', pick('umbrella'), 'basket', 'confirm');
    expect(k.screen()).toBe('pin');
    for (const triesLeft of [2, 1]) {
      type();
      k.send({ type: 'pin-checked', session: k.session() ?? '', ok: false, triesLeft });
      expect(k.state()).toMatchObject({ screen: 'pin', pin: '', pinTriesLeft: triesLeft });
    }
    type();
    k.send({ type: 'pin-checked', session: k.session() ?? '', ok: false, triesLeft: 0 });
    expect(k.state()).toMatchObject({ at: 'error', code: 'pin-locked' });
    expect(k.effects('commit')).toHaveLength(0);
    k.touch('back', pick('umbrella'), 'basket', 'confirm');
    expect(k.state()).toMatchObject({ at: 'error', code: 'pin-locked' });
  });

  it('commits with a right PIN, and not twice when the answer comes twice', () => {
    const k = kiosk();
    k.tap(resident);
    k.touch('choose', pick('umbrella'), 'basket', 'confirm');
    k.touch(...[1, 2, 3, 4].map((digit): Act => ({ type: 'pin-digit', digit })), 'pin-ok', 'pin-ok');
    expect(k.effects('check-pin')).toHaveLength(1);
    for (let n = 0; n < 2; n++) k.send({ type: 'pin-checked', session: k.session() ?? '', ok: true, triesLeft: 3 });
    expect(k.effects('commit')).toMatchObject([{ draft: { pts: 60, pinChecked: true } }]);
  });

  it('says what cannot be had before it is chosen', () => {
    const k = kiosk();
    k.tap(resident);
    k.touch('choose', pick('oil'));
    expect(k.screen()).toBe('choose');
    k.touch(pick('rice'), 'qty-plus', 'qty-plus', 'qty-plus');
    expect(k.state()).toMatchObject({ basket: { rice: 2 } });
    k.touch('qty-minus', 'qty-minus');
    expect(k.state()).toMatchObject({ basket: {}, screen: 'choose' });
    k.touch('basket');
    expect(k.screen()).toBe('choose');
  });

  it('warns after a minute, ends after a minute and a half, and never while it commits', () => {
    const k = kiosk();
    k.tap(resident);
    k.wait(80_000);
    k.touch('still-here');
    k.wait(80_000);
    expect(k.screen()).toBe('balance');
    k.wait(10_000);
    expect(k.state()).toEqual(IDLE);
    k.tap(resident);
    k.touch('choose', pick('salt'), 'basket', 'confirm');
    k.wait(600_000);
    expect(k.screen()).toBe('confirm');
  });

  it('keeps the basket over a change of language and help, and an error in the language that shows', () => {
    const k = kiosk();
    k.touch({ type: 'language', language: 'en' });
    k.tap({ kind: 'unknown' });
    expect(k.state()).toMatchObject({ at: 'error', language: 'en', code: 'unknown-card' });
    k.tap(resident);
    k.touch('choose', pick('salt'), { type: 'language', language: 'zh-CN' }, 'help', 'back');
    expect(k.state()).toMatchObject({ screen: 'quantity', basket: { salt: 1 }, language: 'zh-CN' });
  });

  it('lets a clerk in with a PIN only, and print copies', () => {
    const k = kiosk();
    k.touch('clerk', { type: 'reprint', seq: 2 });
    k.tap(clerk);
    k.touch({ type: 'reprint', seq: 2 });
    expect(k.effects('print-copy')).toHaveLength(0);
    k.touch(...[1, 2, 3, 4].map((digit): Act => ({ type: 'pin-digit', digit })), 'pin-ok');
    k.send({ type: 'pin-checked', session: k.session() ?? '', ok: true, triesLeft: 3 });
    k.touch({ type: 'reprint', seq: 2 });
    expect(k.screen()).toBe('clerk-prints');
    expect(k.effects('print-copy')).toMatchObject([{ seq: 2, clerk: 'c1' }]);
  });

  it('never asks to commit more than can be spent, nor twice for one answer, whatever happens', () => {
    const acts = fc.oneof(
      ...(
        [
          'choose',
          'page-next',
          'qty-plus',
          'qty-minus',
          'add-more',
          'basket',
          'confirm',
          'pin-ok',
          'back',
          'cancel',
          'help',
          'finish',
        ] as const
      ).map((type) => fc.constant<Act>({ type })),
      fc.constantFrom(...ITEMS).map((each): Act => pick(each.sku)),
      fc.integer({ min: 0, max: 9 }).map((digit): Act => ({ type: 'pin-digit', digit })),
    );
    const story = fc.array(
      fc.oneof(
        { weight: 8, arbitrary: acts.map((act) => ({ act })) },
        { weight: 1, arbitrary: fc.constantFrom(resident, other, clerk).map((holder) => ({ holder })) },
        { weight: 1, arbitrary: fc.boolean().map((ok) => ({ ok })) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 100_000 }).map((ms) => ({ ms })) },
        { weight: 1, arbitrary: fc.constant({ committed: true }) },
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(story, (events) => {
        const k = kiosk();
        let open = 0;
        for (const event of events) {
          const before = k.effects('commit').length;
          if ('act' in event) k.touch(event.act);
          else if ('holder' in event) k.tap(event.holder);
          else if ('ok' in event)
            k.send({ type: 'pin-checked', session: k.session() ?? '', ok: event.ok, triesLeft: 1 });
          else if ('ms' in event) k.wait(event.ms);
          else if (open > 0) {
            k.commit();
            open = 0;
          }
          open += k.effects('commit').length - before;
          expect(open).toBeLessThanOrEqual(1);
        }
        for (const effect of k.effects('commit')) {
          if (effect.type === 'commit') expect(effect.draft.pts).toBeLessThanOrEqual(person.spendablePts);
        }
      }),
      { numRuns: 300 },
    );
  });
});
