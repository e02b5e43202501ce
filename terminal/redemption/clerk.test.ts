import { describe, expect, it } from 'vitest';
import { clerk, other, person, resident, sessionStand } from '../../test/support/session-stand.ts';
import type { Holder } from './state.ts';

/** A clerk behind the PIN: a resident's card, its PIN, and the date. */

function clerkIn(clock = { sure: true, wallAt: 0, knownAt: 0 }) {
  const k = sessionStand();
  k.world.clock = clock;
  k.tap(clerk);
  k.type('2580');
  k.send({ type: 'pin-checked', session: k.session() ?? '', ok: true, triesLeft: 3 });
  const served = (ok: boolean, code: 'pin-set' | 'pin-unlocked' | 'not-kept' | 'own-card') =>
    k.send({ type: 'card-served', session: k.session() ?? '', ok, code });
  return { k, served };
}
const locked: Holder = { ...resident, pinTriesLeft: 0 };
const bare: Holder = { ...resident, person: { ...person, hasPin: false } };

describe('a resident’s card in a clerk’s hands', () => {
  it('gets a PIN that the resident types twice', () => {
    const { k, served } = clerkIn();
    k.tap(bare);
    expect(k.screen()).toBe('clerk-card');
    k.touch('set-pin');
    k.type('4711');
    expect(k.effects('set-pin')).toEqual([]);
    k.type('4711');
    expect(k.effects('set-pin')).toMatchObject([{ clerk: 'c1', token: person.token, pin: '4711' }]);
    expect(k.state()).toMatchObject({ pin: '', newPin: '', waitsFor: 'card' });
    k.touch('pin-ok', 'set-pin', 'back');
    expect(k.effects('set-pin')).toHaveLength(1);
    served(true, 'pin-set');
    expect(k.state()).toMatchObject({
      screen: 'card',
      served: { hasPin: true, triesLeft: 3 },
      remark: { code: 'pin-set' },
    });
  });

  it.each(['0000', '1234', '1212'])('does not get %s', (weak) => {
    const { k } = clerkIn();
    k.tap(resident);
    k.touch('set-pin');
    k.type(weak);
    k.type(weak);
    expect(k.state()).toMatchObject({ screen: 'new-pin', newPin: '', remark: { code: 'pin-weak' } });
    expect(k.effects('set-pin')).toEqual([]);
  });

  it('begins again where the second is another one', () => {
    const { k } = clerkIn();
    k.tap(resident);
    k.touch('set-pin');
    k.type('4711');
    k.type('4712');
    expect(k.state()).toMatchObject({ newPin: '', pin: '', remark: { code: 'pin-differs' } });
    k.type('4711');
    k.type('4711');
    expect(k.effects('set-pin')).toHaveLength(1);
  });

  it('is unlocked with a reason, and only where there is something to unlock', () => {
    const { k, served } = clerkIn();
    k.tap(resident);
    k.touch({ type: 'unlock', reason: 'knows-person' });
    expect(k.effects('unlock-card')).toEqual([]);
    k.tap(locked);
    k.touch({ type: 'unlock', reason: 'saw-papers' });
    expect(k.effects('unlock-card')).toMatchObject([{ clerk: 'c1', token: person.token, reason: 'saw-papers' }]);
    served(false, 'not-kept');
    expect(k.state()).toMatchObject({ screen: 'card', served: { triesLeft: 0 }, remark: { code: 'not-kept' } });
    k.touch({ type: 'unlock', reason: 'saw-papers' });
    served(true, 'pin-unlocked');
    expect(k.state()).toMatchObject({ served: { triesLeft: 3 } });
  });

  it('is not served before the clerk’s PIN, nor where it is the clerk’s own account', () => {
    const k = sessionStand();
    k.tap(clerk);
    k.tap(resident);
    k.touch('set-pin');
    expect(k.state()).toMatchObject({ screen: 'pin', remark: { code: 'other-card' } });
    const own = clerkIn().k;
    own.tap({ ...resident, person: { ...person, acct: 'a7' } });
    expect(own.state()).toMatchObject({ screen: 'home', served: null, remark: { code: 'own-card' } });
  });

  it.each([
    [{ kind: 'blocked' }, 'card-blocked'],
    [{ kind: 'unknown', token: '1.X' }, 'unknown-card'],
    [{ ...clerk, clerk: { id: 'c2', name: '王*', token: '1.D', acct: null } }, 'other-card'],
  ] as const)('%o is told by name', (holder, code) => {
    const { k } = clerkIn();
    k.tap(holder as Holder);
    expect(k.state()).toMatchObject({ screen: 'home', remark: { code } });
  });

  it('is forgotten with the way back, and another card waits while one types', () => {
    const { k } = clerkIn();
    k.tap(resident);
    k.touch('set-pin');
    k.type('4711');
    k.tap(other);
    expect(k.state()).toMatchObject({ screen: 'new-pin', served: { acct: 'a1' }, remark: { code: 'other-card' } });
    k.touch('back');
    expect(k.state()).toMatchObject({ screen: 'card', newPin: '' });
    k.touch('back');
    expect(k.state()).toMatchObject({ screen: 'home', served: null });
  });
});

describe('the date', () => {
  const DAY_MS = 86_400_000;
  const unsure = { sure: false, wallAt: 100 * DAY_MS, knownAt: 10 * DAY_MS };
  const asked = (k: ReturnType<typeof sessionStand>) =>
    k.effects('confirm-date').map((effect) => 'at' in effect && effect.at);

  it('is asked behind the clerk’s PIN, confirmed as the machine shows it', () => {
    const { k } = clerkIn(unsure);
    expect(k.screen()).toBe('clerk-date');
    k.touch('date-confirm', 'date-confirm');
    expect(asked(k)).toEqual([100 * DAY_MS]);
    k.send({ type: 'date-answered', session: k.session() ?? '', ok: false });
    expect(k.state()).toMatchObject({ screen: 'date', remark: { code: 'date-refused' } });
    k.touch('date-confirm');
    k.send({ type: 'date-answered', session: k.session() ?? '', ok: true });
    expect(k.screen()).toBe('clerk-home');
  });

  it('is put right from the machine’s day or from the last day known, never before that', () => {
    const { k } = clerkIn(unsure);
    k.touch('date-earlier', 'date-earlier', 'date-later', 'date-confirm');
    k.send({ type: 'date-answered', session: k.session() ?? '', ok: false });
    k.touch('date-last', 'date-earlier', 'date-later', 'date-confirm');
    expect(asked(k)).toEqual([99 * DAY_MS, 11 * DAY_MS]);
  });

  it('is asked no more once the hub has said it', () => {
    const { k } = clerkIn(unsure);
    k.world.clock = { ...unsure, sure: true };
    k.wait(250);
    expect(k.screen()).toBe('clerk-home');
  });
});
