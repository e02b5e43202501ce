import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Act } from '../../protocol/api/kiosk.ts';
import { clerk, ITEMS, other, person, pick, resident, sessionStand } from '../../test/support/session-stand.ts';
import { IDLE } from './state.ts';

/** Stories of a session, told event by event. */

describe('a session', () => {
  it('goes from the tap to the record and forgets the person', () => {
    const k = sessionStand();
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
    const k = sessionStand();
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
    const k = sessionStand();
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
    const k = sessionStand();
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
    const k = sessionStand();
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
    const k = sessionStand();
    k.tap(resident);
    k.touch('choose', pick('umbrella'), 'basket', 'confirm');
    k.touch(...[1, 2, 3, 4].map((digit): Act => ({ type: 'pin-digit', digit })), 'pin-ok', 'pin-ok');
    expect(k.effects('check-pin')).toHaveLength(1);
    for (let n = 0; n < 2; n++) k.send({ type: 'pin-checked', session: k.session() ?? '', ok: true, triesLeft: 3 });
    expect(k.effects('commit')).toMatchObject([{ draft: { pts: 60, pinChecked: true } }]);
  });

  const dearer = (sku: string) => ITEMS.map((each) => (each.sku === sku ? { ...each, pts: each.pts + 1 } : each));

  it('charges no other sum than the one beside the button', () => {
    const k = sessionStand();
    k.tap(resident);
    k.touch('choose', pick('salt'), 'basket');
    k.world.items = dearer('salt');
    k.touch({ type: 'confirm', pts: 6 });
    expect(k.state()).toMatchObject({ at: 'error', code: 'price-changed' });
    expect(k.effects('commit')).toHaveLength(0);
    k.touch('back');
    expect(k.screen()).toBe('confirm');
    k.touch({ type: 'confirm', pts: 7 });
    expect(k.effects('commit')).toMatchObject([{ draft: { pts: 7 } }]);
  });

  it('charges nothing where a price changed while the PIN was typed', () => {
    const k = sessionStand();
    k.tap(resident);
    k.touch('choose', pick('umbrella'), 'basket', 'confirm');
    k.type('1234');
    k.world.items = dearer('umbrella');
    k.send({ type: 'pin-checked', session: k.session() ?? '', ok: true, triesLeft: 3 });
    expect(k.state()).toMatchObject({ at: 'error', code: 'price-changed', back: { screen: 'confirm', pin: '' } });
    expect(k.effects('commit')).toHaveLength(0);
  });

  it('says what cannot be had before it is chosen', () => {
    const k = sessionStand();
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
    const k = sessionStand();
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
    const k = sessionStand();
    k.touch({ type: 'language', language: 'en' });
    k.tap({ kind: 'blocked' });
    expect(k.state()).toMatchObject({ at: 'error', language: 'en', code: 'card-blocked' });
    k.tap(resident);
    k.touch('choose', pick('salt'), { type: 'language', language: 'zh-CN' }, 'help', 'back');
    expect(k.state()).toMatchObject({ screen: 'quantity', basket: { salt: 1 }, language: 'zh-CN' });
  });

  it('lets a clerk in with a PIN only, and print copies', () => {
    const k = sessionStand();
    k.touch('clerk', { type: 'reprint', seq: 2 });
    k.tap(clerk);
    k.touch({ type: 'reprint', seq: 2 });
    expect(k.effects('print-copy')).toHaveLength(0);
    k.touch(...[1, 2, 3, 4].map((digit): Act => ({ type: 'pin-digit', digit })), 'pin-ok');
    k.send({ type: 'pin-checked', session: k.session() ?? '', ok: true, triesLeft: 3 });
    k.touch({ type: 'reprint', seq: 2 });
    expect([k.screen(), k.effects('print-copy')]).toEqual(['clerk-home', []]);
    k.touch({ type: 'clerk-task', task: 'prints' }, { type: 'reprint', seq: 2 }, { type: 'reprint', seq: 2 });
    expect(k.screen()).toBe('clerk-prints');
    expect(k.effects('print-copy')).toMatchObject([{ seq: 2, clerk: 'c1' }]);
  });

  it.each([
    ['a resident', resident],
    ['a clerk', clerk],
  ])('leaves %s waiting for no PIN that could not be checked: a full disk counts no try', (_who, holder) => {
    const k = sessionStand();
    k.tap(holder);
    k.touch('choose', pick('umbrella'), 'basket', 'confirm');
    k.touch(...[1, 2, 3, 4].map((digit): Act => ({ type: 'pin-digit', digit })), 'pin-ok');
    expect(k.state()).toMatchObject({ waitsFor: 'pin' });
    k.send({ type: 'commit-refused', session: k.session() ?? '', code: 'commit-failed' });
    expect(k.state()).toMatchObject({ at: 'error', code: 'commit-failed' });
    expect(k.effects('commit')).toHaveLength(0);
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
        const k = sessionStand();
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
