import type { Act, DoneView, NoticeCode } from '../../protocol/api/kiosk.ts';
import type { CatalogueItem } from '../../protocol/documents/kinds.ts';
import type { About } from '../../terminal/redemption/about.ts';
import { type Event, step } from '../../terminal/redemption/session.ts';
import {
  type Effect,
  type Environment,
  type Holder,
  IDLE,
  type Person,
  type State,
} from '../../terminal/redemption/state.ts';

/** A session on a table: events go in, the state and every effect stay to be looked at. */

const item = (sku: string, pts: number, category = 'food'): CatalogueItem => ({
  ...{ sku, rev: 1, category, pts, from: 0, name: { zh: sku, en: sku }, unit: { zh: '个', en: 'each' } },
});
export const ITEMS = [
  { ...item('salt', 6), barcode: '2090000001013' },
  item('rice', 45),
  item('umbrella', 60, 'home'),
  item('oil', 120),
];
export const person: Person = {
  ...{ acct: 'a1', token: '1.A', name: '张*芳', last4: '6105', spendablePts: 100, elsewherePts: 50, hasPin: true },
};
export const resident = {
  kind: 'resident',
  person,
  language: null,
  pinTriesLeft: 3,
  visitor: false,
} as const satisfies Holder;
export const other: Holder = { ...resident, person: { ...person, acct: 'a2', token: '1.B' } };
export const clerk: Holder = {
  ...{ kind: 'clerk', clerk: { id: 'c1', name: '李*', token: '1.C', acct: 'a7' } },
  ...{ pinTriesLeft: 3, hasPin: true },
};
/** Seven redemptions of a, the newest undone; nothing filed. */
export const ABOUT: About = {
  ...{
    initials: 'zf',
    language: null,
    visitor: false,
    hasPin: true,
    used: null,
    cases: [],
    claims: 0,
    day: '2027-01-15',
  },
  redemptions: [8, 7, 6, 5, 4, 3, 2].map((seq) => ({
    ...{ number: `k1.1.${seq}`, at: seq, pts: 6, undone: seq === 8, lines: [{ sku: 'salt', qty: 1 }] },
  })),
};
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
export function sessionStand() {
  let nowMs = 0;
  let sessions = 0;
  /** What is on the shelf, whether the hub answers, and what the clocks say. */
  const world = {
    ...{ items: ITEMS, offline: false, clock: { sure: true, wallAt: 0, knownAt: 0 } },
    ...{ notices: [] as NoticeCode[], about: ABOUT as About | null },
    canVoid: (_seq: number): boolean => true,
  };
  let state: State = IDLE;
  const effects: Effect[] = [];
  const env = (): Environment => ({
    ...{ nowMs, categories: ['food', 'home'], pinAbovePts: 50 },
    ...{ ...world, about: () => world.about },
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
    world,
    session,
    state: () => state,
    effects: (type: Effect['type']) => effects.filter((effect) => effect.type === type),
    tap: (holder: Holder) => send({ type: 'card', holder }),
    touch: (...acts: (Act | Act['type'])[]) => {
      for (const act of acts) {
        send({ type: 'act', session: session(), act: (typeof act === 'string' ? { type: act } : act) as Act });
      }
    },
    scan: (code: string | null) => send({ type: 'scan', code }),
    wait: (ms: number) => {
      nowMs += ms;
      send({ type: 'tick' });
    },
    screen: () => (state.at === 'resident' ? state.screen : state.at === 'clerk' ? `clerk-${state.screen}` : state.at),
    /** Four digits and OK. */
    type(pin: string): void {
      this.touch(...[...pin].map((digit): Act => ({ type: 'pin-digit', digit: Number(digit) })), 'pin-ok');
    },
    commit: () => send({ type: 'committed', session: session() ?? '', done, seq: 2 }),
  };
}
export const pick = (sku: string): Act => ({ type: 'item', sku });
