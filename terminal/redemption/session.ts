import type { Act, DoneView, ErrorCode, RemarkCode } from '../../protocol/api/kiosk.ts';
import { assertNever } from '../../protocol/primitives/assert.ts';
import { type AsideAnswered, asideAnswered } from './aside.ts';
import { type CardServed, cardServed, clerkAct, clerkPinChecked, clerkTapped, dateAnswered } from './clerk.ts';
import {
  afterwards,
  type HelpBegun,
  helpBegun,
  home,
  type LookedUp,
  lookedUp,
  newClerk,
  type Voided,
  voided,
} from './counter.ts';
import { residentAct, residentPinChecked } from './resident.ts';
import { type Scan, scanned } from './scan.ts';
import type { Environment, Holder, Idle, Printed, State, Step } from './state.ts';
import { ended, failed, remarked, residentOf, resumed, stay, told } from './steps.ts';
import { tick } from './timers.ts';
import { beginVisit, type VisitAnswered, visitAct, visitAnswered, visitPoints, visitTick } from './visit.ts';

/** The session as a pure state machine: `(state, event) -> { state, effects }`. The agent performs the effects. */
export type Event =
  | { readonly type: 'card'; readonly holder: Holder }
  | { readonly type: 'card-refused'; readonly code: ErrorCode }
  | Scan
  | { readonly type: 'act'; readonly session: string | null; readonly act: Act }
  | { readonly type: 'pin-checked'; readonly session: string; readonly ok: boolean; readonly triesLeft: number }
  | { readonly type: 'committed'; readonly session: string; readonly done: DoneView; readonly seq: number }
  | { readonly type: 'commit-refused'; readonly session: string; readonly code: ErrorCode }
  /** The account's points changed under an open session: a sync brought more. */
  | { readonly type: 'points'; readonly acct: string; readonly spendablePts: number; readonly elsewherePts: number }
  | VisitAnswered
  | AsideAnswered
  | CardServed
  | LookedUp
  | HelpBegun
  | Voided
  | { readonly type: 'date-answered'; readonly session: string; readonly ok: boolean }
  | ({ readonly type: 'printed' } & Printed)
  | { readonly type: 'tick' };

const DONE_MS = 6_000;

export function step(state: State, event: Event, env: Environment): Step {
  switch (event.type) {
    case 'card':
      return cardTapped(state, event.holder, env);
    case 'card-refused':
      return cardRefused(state, event.code, env);
    case 'scan':
      return scanned(state, event, env);
    case 'act':
      return act(state, event.session, event.act, env);
    case 'pin-checked':
      if (state.at === 'resident' && state.session === event.session) return residentPinChecked(state, event, env);
      if (state.at === 'clerk' && state.session === event.session) return clerkPinChecked(state, event, env);
      return stay(state);
    case 'committed':
      return committed(state, event, env);
    case 'commit-refused':
      if (state.at === 'clerk' && state.session === event.session) return ended(event.code, state, env);
      if (state.at !== 'resident' || state.session !== event.session) return stay(state);
      return failed(event.code, { ...state, waitsFor: 'nothing', screen: 'choose', pin: '' }, env);
    case 'points':
      return points(state, event, env);
    case 'visit-answered':
      return visitAnswered(state, event, env);
    case 'paper-ended':
    case 'case-filed':
      return state.at === 'resident' || state.at === 'error' ? asideAnswered(state, event, env) : stay(state);
    case 'card-served':
      return state.at === 'clerk' && state.session === event.session ? cardServed(state, event, env) : stay(state);
    case 'date-answered':
      return state.at === 'clerk' && state.session === event.session ? dateAnswered(state, event.ok, env) : stay(state);
    case 'looked-up':
      return state.at === 'clerk' && state.session === event.session ? lookedUp(state, event, env) : stay(state);
    case 'help-begun':
      return state.at === 'clerk' && state.session === event.session ? helpBegun(state, event, env) : stay(state);
    case 'voided':
      return state.at === 'clerk' && state.session === event.session ? voided(state, event, env) : stay(state);
    case 'printed':
      if (state.at !== 'done' || state.seq !== event.seq) return stay(state);
      return stay({ ...state, done: { ...state.done, paper: event.paper } });
    case 'tick':
      if (state.at === 'visit') return visitTick(state, env);
      // The hub was reached meanwhile: it knows the date better than any clerk.
      if (state.at === 'clerk' && state.screen === 'date' && env.clock.sure) return stay(home(state));
      return tick(state, env);
    default:
      return assertNever(event);
  }
}

/**
 * A tap. During a session only its own card is welcome, and says nothing; another one is named and refused, and nothing
 * is charged to it. While the result shows, any card begins anew: the queue goes on.
 */
function cardTapped(state: State, holder: Holder, env: Environment): Step {
  const owner = state.at === 'resident' ? state : state.at === 'error' ? state.back : null;
  if (owner !== null) {
    if (holder.kind === 'resident' && holder.person.token === owner.person.token) return stay(state);
    // The clerk who helps has shown who they are already.
    if (holder.kind === 'clerk' && holder.clerk.token === owner.helper?.clerk.token) return stay(state);
    return remarked(state, owner.waitsFor === 'commit' ? 'busy' : 'other-card', env);
  }
  if (state.at === 'clerk') return clerkTapped(state, holder, env);
  if (state.at === 'visit') {
    const token = holder.kind === 'unknown' ? holder.token : holder.kind === 'resident' ? holder.person.token : '';
    return token === state.token ? stay(state) : remarked(state, 'other-card', env);
  }
  return begin(state, holder, env);
}

function begin(state: State, holder: Holder, env: Environment): Step {
  switch (holder.kind) {
    case 'unknown':
      return beginVisit(state, holder.token, null, env);
    case 'blocked':
      return ended('card-blocked', state, env);
    case 'clerk':
      if (!holder.hasPin) return ended('pin-missing', state, env);
      if (holder.pinTriesLeft === 0) return ended('pin-locked', state, env);
      return {
        state: newClerk(state.language, holder.clerk, holder.pinTriesLeft, env),
        effects: [{ type: 'beep', kind: 'success' }],
      };
    case 'resident':
      if (holder.visitor) return beginVisit(state, holder.person.token, holder, env);
      return {
        state: residentOf(state, holder, null, null, env),
        effects: [{ type: 'beep', kind: 'success' }],
      };
    default:
      return assertNever(holder);
  }
}

/** More came to an account that stands here, or a part of it went home. */
function points(state: State, event: Extract<Event, { type: 'points' }>, env: Environment): Step {
  const { acct, spendablePts, elsewherePts } = event;
  if (state.at === 'visit') {
    return state.known?.person.acct === acct ? visitPoints(state, { spendablePts, elsewherePts }, env) : stay(state);
  }
  if (state.at !== 'resident' || state.person.acct !== acct) return stay(state);
  const grew = spendablePts > state.person.spendablePts;
  const person = { ...state.person, spendablePts, elsewherePts };
  return stay({ ...state, person, visit: grew ? null : state.visit });
}

function cardRefused(state: State, code: ErrorCode, env: Environment): Step {
  if (state.at === 'idle' || state.at === 'done' || (state.at === 'error' && state.back === null)) {
    return ended(code, state, env);
  }
  // A session goes on: the card has done its part already.
  return remarked(state, REFUSED_MEANWHILE[code] ?? 'other-card', env);
}

/** What a session says of a card that could not be read; any other was read, and is nobody's card here. */
const REFUSED_MEANWHILE: Readonly<Partial<Record<ErrorCode, RemarkCode>>> = {
  'card-torn': 'card-torn',
  'card-mute': 'card-torn',
  'two-cards': 'two-cards',
  'doubled-uid': 'doubled-uid',
};

/** A touch counts only for the session whose screen it was made on. */
function act(state: State, session: string | null, touch: Act, env: Environment): Step {
  const current = 'session' in state ? state.session : null;
  if (session !== current) return stay(state);
  if (touch.type === 'language') return stay({ ...state, language: touch.language });
  switch (state.at) {
    case 'idle':
      return idleAct(state, touch, env);
    case 'visit':
      return visitAct(state, touch);
    case 'resident':
      return residentAct({ ...state, idleFromMs: env.nowMs }, touch, env);
    case 'clerk':
      return clerkAct({ ...state, idleFromMs: env.nowMs }, touch, env);
    case 'done':
      return touch.type === 'finish' || touch.type === 'cancel' ? stay(afterwards(state.helper, env)) : stay(state);
    case 'error':
      if (touch.type === 'cancel') return stay(afterwards(state.back?.helper ?? null, env));
      if (touch.type === 'back' || touch.type === 'finish') return stay(resumed(state.back, env));
      return stay(state);
    default:
      return assertNever(state);
  }
}

/** Before any card: help, and where the clerk's card goes. */
function idleAct(state: Idle, touch: Act, env: Environment): Step {
  switch (touch.type) {
    case 'clerk':
      return told({ ...state, helpFromMs: null }, 'no-clerk-card', env);
    case 'help':
      return stay({ ...state, helpFromMs: env.nowMs });
    case 'back':
    case 'cancel':
      return stay({ ...state, helpFromMs: null });
    default:
      return stay(state);
  }
}

function committed(state: State, event: Extract<Event, { type: 'committed' }>, env: Environment): Step {
  // The record stands whatever the screen shows; when the session is gone there is nobody to tell.
  if (state.at !== 'resident' || state.session !== event.session) return stay(state);
  const { language, session, person, helper } = state;
  const { done, seq } = event;
  return {
    state: { at: 'done', language, remark: null, session, person, done, seq, helper, untilMs: env.nowMs + DONE_MS },
    effects: [{ type: 'beep', kind: 'success' }],
  };
}
