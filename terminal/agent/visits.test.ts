import { expect, it } from 'vitest';
import { cardToken } from '../../protocol/cards/token.ts';
import { nodeHashing } from '../../protocol/node/crypto.ts';
import { entry, grant, kioskFixture } from '../../test/support/kiosk-fixture.ts';
import { identifyHolder } from '../cards/identify-holder.ts';
import { memoryStore } from '../journal/memory-store.ts';
import { type Event, step } from '../redemption/session.ts';
import { IDLE, type State } from '../redemption/state.ts';
import { createVisits } from './visits.ts';

/** The session, the outbox and the book together: a visitor's card, from the reader to the hub and back. */

const UID = '04c0ffee000001';
const token = cardToken({ version: 1, key: new Uint8Array(32) }, 'uid', UID, nodeHashing);

function agent(store = memoryStore()) {
  const kiosk = kioskFixture({ store }).stocked();
  let state: State = IDLE;
  let nudges = 0;
  const send = (event: Event) => {
    const clock = { sure: true, wallAt: 0, knownAt: 0 };
    const env = {
      nowMs: 0,
      items: [],
      categories: [],
      pinAbovePts: 50,
      offline: false,
      clock,
      notices: [],
      about: () => null,
      canVoid: () => false,
    };
    const next = step(state, event, { ...env, newSession: () => `s${kiosk.outbox.request().id}` });
    state = next.state;
    for (const effect of next.effects) {
      if (effect.type === 'ask-visit') visits.ask(effect.session, effect.token);
      if (effect.type === 'drop-visit') visits.drop(effect.session);
    }
  };
  const visits = createVisits({
    ...{ outbox: kiosk.outbox, state: () => state, nudge: () => (nudges += 1) },
    identify: (uid, kind) => identifyHolder(uid, kind, kiosk.book, kiosk.journal, nodeHashing),
    onAnswer: (answer) => send({ type: 'visit-answered', ...answer }),
  });
  return {
    kiosk,
    state: () => state,
    nudges: () => nudges,
    tap: () => send({ type: 'card', holder: visits.tapped(UID, 'uid') }),
    cancel: () => send({ type: 'act', session: 'session' in state ? state.session : null, act: { type: 'cancel' } }),
    asked: () => kiosk.outbox.request().want.visits,
    answer(request: ReturnType<typeof kiosk.outbox.request>, reason = 'granted', pts = 5) {
      const [visit] = request.want.visits;
      const cards = [{ token, last4: '7', state: 'good' as const }];
      const visitor = entry('v9', { visitor: true, cards });
      const told = { rid: visit?.rid ?? '', reason, grantedPts: pts, more: false };
      const known = reason === 'unknown-card' ? told : { ...told, entry: visitor };
      const grants = pts > 0 ? [grant('v9', pts)] : [];
      for (const each of kiosk.outbox.accept(kiosk.answer(request, { visits: [known], grants })).visits)
        visits.answered(each);
    },
  };
}

it('a card nobody knows here is asked about at once, and the grant stands before it is shown', () => {
  const a = agent();
  a.tap();
  const request = a.kiosk.outbox.request();
  expect([request.want.visits, a.nudges()]).toEqual([[{ rid: expect.any(String), kind: 'uid', uid: UID }], 1]);
  a.answer(request);
  expect(a.state()).toMatchObject({ screen: 'balance', person: { acct: 'v9', spendablePts: 5 } });
  expect(a.asked()).toEqual([]);
});

it('a visitor who comes again is asked about again', () => {
  const a = agent();
  a.tap();
  a.answer(a.kiosk.outbox.request());
  a.cancel();
  a.tap();
  expect(a.asked()).toHaveLength(1);
  a.answer(a.kiosk.outbox.request(), 'granted', 12);
  expect(a.state()).toMatchObject({ person: { spendablePts: 12 } });
});

it('an answer on its way when the person left opens nothing, and is asked for no more', () => {
  const a = agent();
  a.tap();
  const request = a.kiosk.outbox.request();
  a.cancel();
  expect(a.asked()).toEqual([]);
  a.answer(request);
  expect(a.state()).toEqual(IDLE);
  expect(a.kiosk.journal.allowance('v9').G, 'but what was granted is kept').toBe(5);
});

it('after a restart nobody is asked about, and nothing of the answer is taken', () => {
  const store = memoryStore();
  const before = agent(store);
  before.tap();
  const request = before.kiosk.outbox.request();
  const after = agent(store);
  expect(after.asked()).toEqual([]);
  after.answer(request);
  expect([after.state(), after.kiosk.journal.allowance('v9').G]).toEqual([IDLE, 0]);
});

it('a visitor’s blocked card is known by the hotlist, and asked about by nobody', () => {
  const a = agent();
  a.kiosk.told({ hotlist: { version: 1, tokens: [token] } });
  a.tap();
  expect([a.state(), a.asked()]).toMatchObject([{ at: 'error', code: 'card-blocked' }, []]);
});

it('the UID stands nowhere but in the request: not in the session, not on the disk', () => {
  const store = memoryStore();
  const a = agent(store);
  a.tap();
  expect(JSON.stringify(a.state())).not.toContain(UID);
  a.answer(a.kiosk.outbox.request());
  const disk = JSON.stringify(store.snapshot(), (_key, value) => (value instanceof Map ? [...value] : value));
  expect(disk).toContain(token);
  expect([disk, JSON.stringify(a.state())].join()).not.toContain(UID);
});
