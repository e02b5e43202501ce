import { describe, expect, it } from 'vitest';
import type { Act } from '../../protocol/api/kiosk.ts';
import { clerk, other, person, pick, resident, sessionStand } from '../../test/support/session-stand.ts';
import type { Holder } from './state.ts';

/** The clerk's counter: tasks, a resident looked up, helped, a redemption undone, a slip found by its number. */

function clerkIn() {
  const k = sessionStand();
  k.tap(clerk);
  k.type('2580');
  k.send({ type: 'pin-checked', session: k.session() ?? '', ok: true, triesLeft: 3 });
  const task = (name: 'prints' | 'card' | 'find' | 'void') => k.touch({ type: 'clerk-task', task: name });
  const keys = (word: string) => k.touch(...[...word].map((each): Act => ({ type: 'key', key: each })));
  const lookedUp = (holder: Holder) => k.send({ type: 'looked-up', session: k.session() ?? '', holder });
  const helpBegun = (holder: Holder) => k.send({ type: 'help-begun', session: k.session() ?? '', holder });
  const voided = (ok: boolean, code: 'voided' | 'void-closed') =>
    k.send({ type: 'voided', session: k.session() ?? '', ok, code });
  return { k, task, keys, lookedUp, helpBegun, voided };
}
function helping(holder: Holder = resident) {
  const stand = clerkIn();
  stand.k.tap(resident);
  stand.k.touch('help-begin');
  stand.helpBegun(holder);
  return stand;
}
const visitor: Holder = { ...resident, visitor: true };
const own: Holder = { ...resident, person: { ...person, acct: 'a7' } };

describe('the clerk’s home', () => {
  it.each(['prints', 'card', 'find', 'void'] as const)('leads to %s and back, and from home back ends it', (name) => {
    const { k, task } = clerkIn();
    expect(k.screen()).toBe('clerk-home');
    task(name);
    expect(k.screen()).toBe(`clerk-${name}`);
    k.touch('back');
    expect(k.screen()).toBe('clerk-home');
    k.touch('back');
    expect(k.state()).toMatchObject({ at: 'idle' });
  });

  it('is not reached without the PIN, nor is any task begun from another', () => {
    const k = sessionStand();
    k.tap(clerk);
    k.touch({ type: 'clerk-task', task: 'void' }, 'slip', 'find-show');
    expect(k.screen()).toBe('clerk-pin');
    const { k: in_, task } = clerkIn();
    task('void');
    task('find');
    expect(in_.screen()).toBe('clerk-void');
  });

  it('ends when nobody touches it', () => {
    const { k, task } = clerkIn();
    task('find');
    k.wait(90_000);
    expect(k.state()).toMatchObject({ at: 'idle' });
  });
});

describe('a resident is looked up', () => {
  it('by initials, picked from the list, and served without a card to set a PIN on', () => {
    const { k, task, keys, lookedUp } = clerkIn();
    task('find');
    k.touch('find-show');
    keys('z1g');
    expect(k.state()).toMatchObject({ screen: 'find', desk: { keys: 'zg' } });
    k.touch('find-show', { type: 'find-pick', acct: 'a1' }, { type: 'find-pick', acct: 'a1' });
    expect(k.effects('look-up')).toMatchObject([{ acct: 'a1', last4: null }]);
    lookedUp(resident);
    expect(k.state()).toMatchObject({ screen: 'card', served: { acct: 'a1', present: false }, desk: { keys: '' } });
    k.touch('set-pin', { type: 'unlock', reason: 'saw-papers' });
    expect([k.screen(), k.effects('unlock-card')]).toEqual(['clerk-card', []]);
  });

  it('by the last four of a card, which is then the card that is used', () => {
    const { k, task, keys } = clerkIn();
    task('find');
    keys('zg');
    k.touch({ type: 'find-by', by: 'last4' });
    keys('610');
    k.touch('find-show');
    expect(k.state()).toMatchObject({ screen: 'find', desk: { keys: '610' } });
    keys('57');
    k.touch('find-show', { type: 'find-pick', acct: 'a1' });
    expect(k.effects('look-up')).toMatchObject([{ acct: 'a1', last4: '6105' }]);
  });

  it.each([
    ['the clerk’s own account', own, 'own-card'],
    ['somebody whose cards were stopped', { kind: 'blocked' }, 'card-blocked'],
    ['somebody the roster no longer has', { kind: 'unknown', token: '' }, 'unknown-card'],
  ] as const)('is not served where it is %s', (_who, holder, code) => {
    const { k, task, keys, lookedUp } = clerkIn();
    task('find');
    keys('z');
    k.touch('find-show', { type: 'find-pick', acct: 'a7' });
    lookedUp(holder as Holder);
    expect(k.state()).toMatchObject({ screen: 'found', served: null, waitsFor: 'nothing', remark: { code } });
  });

  it('leads back to the letters, then home, and the letters are forgotten there', () => {
    const { k, task, keys } = clerkIn();
    task('find');
    keys('zg');
    k.touch('find-show', 'page-next', 'back');
    expect(k.state()).toMatchObject({ screen: 'find', desk: { keys: 'zg', page: 0 } });
    k.touch('back');
    expect(k.state()).toMatchObject({ screen: 'home', desk: { keys: '' } });
  });
});

describe('a resident is helped', () => {
  it('on the same screens, in the clerk’s name, and the end leads back to the clerk’s tasks', () => {
    const { k } = helping();
    expect(k.effects('begin-help')).toMatchObject([{ clerk: 'c1', token: person.token }]);
    expect(k.state()).toMatchObject({ at: 'resident', screen: 'balance', helper: { clerk: { id: 'c1' } } });
    k.touch('choose', pick('salt'), 'basket', 'confirm', 'confirm');
    expect(k.effects('commit')).toMatchObject([{ draft: { clerk: 'c1', pts: 6, pinChecked: false } }]);
    k.commit();
    k.wait(6_000);
    expect(k.screen()).toBe('clerk-home');
  });

  it('names no clerk where a person stands there with their own card, even behind a clerk', () => {
    const { k } = helping();
    k.touch('cancel', 'cancel');
    expect(k.state()).toMatchObject({ at: 'idle' });
    k.tap(resident);
    k.touch('choose', pick('salt'), 'basket', 'confirm');
    expect(k.effects('commit')[0]).toMatchObject({ draft: expect.not.objectContaining({ clerk: expect.anything() }) });
    k.commit();
    k.touch('finish');
    expect(k.state()).toMatchObject({ at: 'idle' });
  });

  it.each([
    ['leaving', 'cancel'],
    ['the error’s way out', 'error'],
  ])('comes back to the tasks by %s', (_how, how) => {
    const { k } = helping();
    if (how === 'error') {
      k.touch('choose', pick('salt'), 'basket', 'confirm');
      k.send({ type: 'commit-refused', session: k.session() ?? '', code: 'item-gone' });
    }
    k.touch('cancel');
    expect(k.state()).toMatchObject({ at: 'clerk', screen: 'home', served: null });
  });

  it('above the threshold by the resident’s own PIN, and not at all without one', () => {
    const { k } = helping();
    k.touch('choose', pick('umbrella'), 'basket', 'confirm');
    expect([k.screen(), k.effects('commit')]).toEqual(['pin', []]);
    const bare: Holder = { ...resident, person: { ...person, hasPin: false } };
    const { k: eyes } = helping(bare);
    eyes.touch('choose', pick('umbrella'), 'basket', 'confirm');
    expect(eyes.state()).toMatchObject({ at: 'error', code: 'pin-missing' });
    expect(eyes.effects('commit')).toEqual([]);
  });

  it.each([
    ['a visitor', visitor, 'help-visitor'],
    ['the clerk’s own account', own, 'own-card'],
    ['a card that was stopped meanwhile', { kind: 'blocked' }, 'card-blocked'],
  ] as const)('is not for %s', (_who, holder, code) => {
    const { k } = helping(holder as Holder);
    expect(k.state()).toMatchObject({ at: 'clerk', screen: 'card', waitsFor: 'nothing', remark: { code } });
  });

  it('does not begin where nobody could note it: the clerk is told, and may try again', () => {
    const { k } = clerkIn();
    k.tap(resident);
    k.touch('help-begin');
    k.send({ type: 'card-served', session: k.session() ?? '', ok: false, code: 'not-kept' });
    expect(k.state()).toMatchObject({ screen: 'card', waitsFor: 'nothing', remark: { code: 'not-kept' } });
    k.touch('help-begin');
    expect(k.effects('begin-help')).toHaveLength(2);
  });

  it('leaves the clerk’s language as it was, whatever the person reads', () => {
    const { k, helpBegun } = clerkIn();
    k.touch({ type: 'language', language: 'en' });
    k.tap(resident);
    k.touch('help-begin');
    helpBegun(resident);
    k.touch({ type: 'language', language: 'zh-CN' }, 'cancel');
    expect(k.state()).toMatchObject({ at: 'clerk', language: 'en' });
  });

  it('ends with the clerk’s session where nobody touches it', () => {
    const { k } = helping();
    k.wait(90_000);
    expect(k.state()).toMatchObject({ at: 'idle' });
  });

  it('lets no other card in, and says nothing to the clerk’s own', () => {
    const { k } = helping();
    k.tap(clerk);
    expect(k.state()).toMatchObject({ at: 'resident', remark: null });
    k.tap(other);
    expect(k.state()).toMatchObject({ at: 'resident', person: { acct: 'a1' }, remark: { code: 'other-card' } });
  });

  it('does not take a touch that was meant for the screen before', () => {
    const { k, helpBegun } = clerkIn();
    k.tap(resident);
    const session = k.session();
    k.touch('help-begin', 'help-begin');
    expect(k.effects('begin-help')).toHaveLength(1);
    helpBegun(resident);
    k.send({ type: 'act', session, act: { type: 'help-begin' } });
    k.send({ type: 'act', session, act: { type: 'cancel' } });
    expect(k.state()).toMatchObject({ at: 'resident', screen: 'balance' });
  });
});

describe('a redemption is undone', () => {
  const voiding = (k: ReturnType<typeof sessionStand>) => k.effects('void');

  it('once, with a reason, by the number that was seen', () => {
    const { k, task, voided } = clerkIn();
    task('void');
    k.touch({ type: 'void-pick', seq: 4 }, { type: 'void-confirm', seq: 4 });
    expect([k.screen(), voiding(k)]).toEqual(['clerk-void-one', []]);
    k.touch({ type: 'void-reason', reason: 'other' }, { type: 'void-reason', reason: 'wrong-item' });
    k.touch({ type: 'void-confirm', seq: 5 });
    expect(voiding(k)).toEqual([]);
    k.touch({ type: 'void-confirm', seq: 4 }, { type: 'void-confirm', seq: 4 }, 'back', 'cancel');
    expect(voiding(k)).toMatchObject([{ ref: 4, clerk: 'c1', reason: 'wrong-item' }]);
    voided(true, 'voided');
    expect(k.state()).toMatchObject({ screen: 'void', desk: { voiding: null }, remark: { code: 'voided' } });
    k.touch({ type: 'void-confirm', seq: 4 });
    expect(voiding(k)).toHaveLength(1);
  });

  it('or not: the till’s reason is said, and the list shows again', () => {
    const { k, task, voided } = clerkIn();
    task('void');
    k.touch({ type: 'void-pick', seq: 4 }, { type: 'void-reason', reason: 'other' }, { type: 'void-confirm', seq: 4 });
    voided(false, 'void-closed');
    expect(k.state()).toMatchObject({ screen: 'void', waitsFor: 'nothing', remark: { code: 'void-closed' } });
  });

  it('not where it can no longer be: it is not opened, and what was open goes back to the list', () => {
    const { k, task } = clerkIn();
    task('void');
    k.world.canVoid = (seq) => seq !== 9;
    k.touch({ type: 'void-pick', seq: 9 });
    expect(k.screen()).toBe('clerk-void');
    k.touch({ type: 'void-pick', seq: 4 });
    k.world.canVoid = () => false;
    k.wait(250);
    expect(k.state()).toMatchObject({ screen: 'void', desk: { voiding: null } });
    k.touch('back');
    expect(k.screen()).toBe('clerk-home');
  });

  it('not while a card is laid down: whoever decides is not disturbed', () => {
    const { k, task } = clerkIn();
    task('void');
    k.touch({ type: 'void-pick', seq: 4 });
    k.tap(resident);
    expect(k.state()).toMatchObject({ screen: 'void-one', served: null, remark: { code: 'other-card' } });
  });
});

describe('a slip by its number', () => {
  it('is copied once a touch, again when the word of the first is over', () => {
    const { k, task, keys } = clerkIn();
    task('prints');
    k.touch('slip');
    keys('04a21');
    expect(k.state()).toMatchObject({ screen: 'slip', desk: { keys: '0421' } });
    const copy: Act = { type: 'reprint', seq: 421 };
    k.touch(copy, copy);
    expect(k.effects('print-copy')).toMatchObject([{ seq: 421, clerk: 'c1' }]);
    k.wait(4_000);
    k.touch(copy);
    expect(k.effects('print-copy')).toHaveLength(2);
    k.touch('key-erase', 'back');
    expect(k.state()).toMatchObject({ screen: 'prints', desk: { keys: '' } });
  });
});
