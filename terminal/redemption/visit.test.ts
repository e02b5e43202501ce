import { describe, expect, it } from 'vitest';
import { clerk, other, person, resident, sessionStand } from '../../test/support/session-stand.ts';
import { type Holder, IDLE } from './state.ts';
import { RECALL_WAIT_MS, VISIT_WAIT_MS } from './visit.ts';

/** A card of another village, told event by event. */

const stranger: Holder = { kind: 'unknown', token: '1.V' };
const withPts = (spendablePts: number) => ({
  ...{ ...resident, visitor: true },
  person: { ...person, acct: 'v1', token: '1.V', spendablePts, elsewherePts: 200 },
});
const known: Holder = withPts(12);

function visiting(holder: Holder = stranger) {
  const k = sessionStand();
  k.tap(holder);
  const session = k.session() ?? '';
  const answer = (reason: string, found: Holder = withPts(20), more = false, to = session) =>
    k.send({ type: 'visit-answered', session: to, reason, more, holder: found });
  return { k, session, answer };
}

describe('a visitor', () => {
  it('waits while the hub is asked once, then sees what was granted', () => {
    const { k, session, answer } = visiting();
    expect(k.state()).toMatchObject({ at: 'visit', phase: 'asking' });
    expect(k.effects('ask-visit')).toEqual([{ type: 'ask-visit', session, token: '1.V' }]);
    answer('granted');
    expect(k.state()).toMatchObject({ screen: 'balance', session, person: { spendablePts: 20 }, visit: null });
  });

  it.each([
    ['unknown-card', { kind: 'unknown', token: '1.V' }, 'unknown-card'],
    ['card-blocked', { kind: 'unknown', token: '1.V' }, 'card-blocked'],
    ['granted', { kind: 'blocked' }, 'card-blocked'],
    ['granted', { kind: 'unknown', token: '1.V' }, 'unknown-card'],
  ] as const)('hears why not: %s, %o', (reason, found, code) => {
    const { k, answer } = visiting();
    answer(reason, found);
    expect(k.state()).toMatchObject({ at: 'error', code, back: null });
  });

  it.each([
    ['nothing-free', 'nothing-free'],
    ['visits-used-up', 'visits-used-up'],
    ['not-now', 'not-now'],
    ['a-reason-of-a-newer-hub', 'not-now'],
  ])('sees the balance with the reason where nothing came: %s', (reason, note) => {
    const { k, answer } = visiting();
    answer(reason, withPts(0));
    expect(k.state()).toMatchObject({ screen: 'balance', person: { spendablePts: 0 }, visit: note });
  });

  it('waits longer while points come from home, and sees them', () => {
    const { k, answer } = visiting();
    k.wait(VISIT_WAIT_MS - 1);
    answer('recalling', withPts(0), true);
    expect(k.state()).toMatchObject({ at: 'visit', phase: 'recalling' });
    k.wait(RECALL_WAIT_MS - 1);
    k.send({ type: 'points', acct: 'somebody', spendablePts: 9, elsewherePts: 0 });
    k.send({ type: 'points', acct: 'v1', spendablePts: 0, elsewherePts: 200 });
    expect(k.state().at).toBe('visit');
    k.send({ type: 'points', acct: 'v1', spendablePts: 20, elsewherePts: 180 });
    expect(k.state()).toMatchObject({ screen: 'balance', person: { spendablePts: 20 }, visit: null });
  });

  it('whose home is slow sees the balance, which grows when the points have come', () => {
    const { k, answer } = visiting();
    answer('recalling', withPts(0), true);
    k.wait(RECALL_WAIT_MS);
    expect(k.state()).toMatchObject({ screen: 'balance', person: { spendablePts: 0 }, visit: 'recalling' });
    k.touch('choose');
    k.send({ type: 'points', acct: 'v1', spendablePts: 20, elsewherePts: 180 });
    expect(k.state()).toMatchObject({ screen: 'choose', person: { spendablePts: 20 }, visit: null });
  });

  it('who got a part is told that more is coming, until it has', () => {
    const { k, answer } = visiting();
    answer('granted', withPts(5), true);
    expect(k.state()).toMatchObject({ screen: 'balance', visit: 'more-later' });
    k.send({ type: 'points', acct: 'v1', spendablePts: 20, elsewherePts: 0 });
    expect(k.state()).toMatchObject({ visit: null, person: { spendablePts: 20 } });
  });

  it('whom nobody answers is told so in time, and the late answer opens nothing', () => {
    const { k, session, answer } = visiting();
    k.wait(VISIT_WAIT_MS - 1);
    expect(k.state().at).toBe('visit');
    k.wait(1);
    expect(k.state()).toMatchObject({ at: 'error', code: 'visit-late' });
    expect(k.effects('drop-visit')).toEqual([{ type: 'drop-visit', session }]);
    answer('granted');
    expect(k.state().at).toBe('error');
    k.touch('cancel');
    answer('granted');
    expect(k.state()).toEqual(IDLE);
  });

  it('who leaves is asked about no more; neither the next person nor the screen hears the answer', () => {
    const { k, session, answer } = visiting();
    k.touch('cancel');
    expect([k.state(), k.effects('drop-visit')]).toEqual([IDLE, [{ type: 'drop-visit', session }]]);
    k.tap(other);
    answer('granted');
    expect(k.state()).toMatchObject({ at: 'resident', person: { acct: 'a2' } });
    k.touch('cancel');
    k.tap(stranger);
    answer('granted');
    expect(k.state(), 'the same card again is another session').toMatchObject({ at: 'visit', phase: 'asking' });
  });

  it('is not disturbed by another card; the own one says nothing', () => {
    const { k } = visiting();
    for (const card of [other, clerk, { kind: 'unknown', token: '1.W' }] as const) {
      k.tap(card);
      expect(k.state()).toMatchObject({ at: 'visit', remark: { code: 'other-card' } });
    }
    k.wait(5_000);
    expect(k.state().remark).toBeNull();
    k.tap(stranger);
    expect([k.state().remark, k.effects('ask-visit').length]).toEqual([null, 1]);
    for (const [code, remark] of [
      ['two-cards', 'two-cards'],
      ['doubled-uid', 'doubled-uid'],
      ['card-mute', 'card-torn'],
      ['card-torn', 'card-torn'],
      ['random-uid', 'other-card'],
      ['zero-uid', 'other-card'],
    ] as const) {
      k.send({ type: 'card-refused', code });
      expect(k.state()).toMatchObject({ at: 'visit', remark: { code: remark } });
    }
  });

  it('offline is told that the card is of another village, at once or when the link goes', () => {
    const { k } = visiting();
    k.world.offline = true;
    k.wait(250);
    expect(k.state()).toMatchObject({ at: 'error', code: 'visitor-offline' });
    k.touch('cancel');
    k.tap(stranger);
    expect(k.state()).toMatchObject({ at: 'error', code: 'visitor-offline' });
    expect(k.effects('ask-visit')).toHaveLength(1);
  });
});

describe('a visitor who was here before', () => {
  it('is asked about again, as the hub may grant more', () => {
    const { k, answer } = visiting(known);
    expect(k.effects('ask-visit')).toHaveLength(1);
    answer('granted');
    expect(k.state()).toMatchObject({ screen: 'balance', person: { spendablePts: 20 }, visit: null });
  });

  it.each([
    ['the hub is silent', false, VISIT_WAIT_MS, 'late'],
    ['the link goes', true, 250, 'offline'],
  ])('spends what is left here where %s', (_what, offline, ms, note) => {
    const { k, answer } = visiting(known);
    k.world.offline = offline;
    k.wait(ms);
    expect(k.state()).toMatchObject({ screen: 'balance', person: { spendablePts: 12 }, visit: note });
    answer('granted');
    expect(k.state(), 'and the late answer still finds them').toMatchObject({
      person: { spendablePts: 20 },
      visit: null,
    });
  });

  it('offline from the beginning is asked about by nobody', () => {
    const k = sessionStand();
    k.world.offline = true;
    k.tap(known);
    expect(k.state()).toMatchObject({ screen: 'balance', person: { spendablePts: 12 }, visit: 'offline' });
    expect(k.effects('ask-visit')).toEqual([]);
  });

  it('keeps the points that came while it was asked', () => {
    const { k } = visiting(known);
    k.send({ type: 'points', acct: 'v1', spendablePts: 15, elsewherePts: 1 });
    k.wait(VISIT_WAIT_MS);
    expect(k.state()).toMatchObject({ person: { spendablePts: 15 } });
  });
});
