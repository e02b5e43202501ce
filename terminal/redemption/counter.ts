import type { Act, RemarkCode } from '../../protocol/api/kiosk.ts';
import { canFind, EMPTY_DESK, typed } from './desk.ts';
import {
  type Clerk,
  type ClerkPerson,
  type Environment,
  type Helper,
  type Holder,
  IDLE,
  type Idle,
  type State,
  type Step,
} from './state.ts';
import { PIN_TRIES, remarked, residentOf, stay, told } from './steps.ts';

/** The clerk's counter behind the PIN: the day's tasks, a resident looked up and helped, a redemption undone. */

/** A clerk's session; it begins with the PIN. */
export function newClerk(language: State['language'], clerk: ClerkPerson, triesLeft: number, env: Environment): Clerk {
  return {
    ...{ at: 'clerk', language, remark: null, session: env.newSession(), clerk, screen: 'pin', pin: '' },
    ...{ pinTriesLeft: triesLeft, waitsFor: 'nothing', idleFromMs: env.nowMs, served: null, newPin: '' },
    ...{ desk: EMPTY_DESK, dateShift: { days: 0, from: 'machine' } },
  };
}

/** Nothing of the task before is left lying about. */
export function home(state: Clerk): Clerk {
  return { ...state, screen: 'home', served: null, pin: '', newPin: '', desk: EMPTY_DESK };
}

/** One step back within a task, then home; from home the session ends. */
export function wentBack(state: Clerk): Clerk | Idle {
  const { desk } = state;
  switch (state.screen) {
    case 'pin':
    case 'date':
    case 'home':
      return IDLE;
    case 'new-pin':
      return { ...state, screen: 'card', pin: '', newPin: '' };
    case 'found':
      return { ...state, screen: 'find', desk: { ...desk, page: 0 } };
    case 'void-one':
      return { ...state, screen: 'void', desk: { ...desk, voiding: null } };
    case 'slip':
      return { ...home(state), screen: 'prints' };
    default:
      return home(state);
  }
}

/** Touches on the screens of the counter; PIN, card, receipts and date have rules of their own. */
export function counterAct(state: Clerk, act: Act, env: Environment): Step {
  switch (act.type) {
    case 'clerk-task':
      return stay(state.screen === 'home' ? { ...home(state), screen: act.task } : state);
    case 'slip':
      return stay(state.screen === 'prints' ? { ...home(state), screen: 'slip' } : state);
    case 'key':
    case 'key-erase':
      if (state.screen !== 'find' && state.screen !== 'slip') return stay(state);
      return stay({ ...state, desk: typed(state.desk, act, state.screen) });
    case 'find-by':
      return stay(state.screen === 'find' ? { ...state, desk: { ...EMPTY_DESK, by: act.by } } : state);
    case 'find-show':
      return stay(state.screen === 'find' && canFind(state.desk) ? { ...state, screen: 'found' } : state);
    case 'find-pick':
      return state.screen === 'found' ? lookUp(state, act.acct) : stay(state);
    case 'page-next':
    case 'page-back':
      return stay(turned(state, act.type === 'page-next' ? 1 : -1));
    default:
      return voidAct(state, act, env);
  }
}

/** The view knows how many pages there are, and shows the last one where this is behind it. */
function turned(state: Clerk, by: 1 | -1): Clerk {
  if (state.screen !== 'found' && state.screen !== 'void') return state;
  return { ...state, desk: { ...state.desk, page: Math.max(0, state.desk.page + by) } };
}

function lookUp(state: Clerk, acct: string): Step {
  const { session, desk } = state;
  return {
    state: { ...state, waitsFor: 'card' },
    effects: [{ type: 'look-up', session, acct, last4: desk.by === 'last4' ? desk.keys : null }],
  };
}

/** Behind the clerk's PIN a resident is served, but never the clerk's own account. `present`: the card lies here. */
export function servedBy(state: Clerk, holder: Holder, present: boolean, env: Environment): Step {
  if (holder.kind === 'clerk') return remarked(state, 'other-card', env);
  if (holder.kind === 'unknown') return remarked(state, 'unknown-card', env);
  if (holder.kind === 'blocked') return remarked(state, 'card-blocked', env);
  const { acct, token, name, last4, hasPin } = holder.person;
  if (acct === state.clerk.acct) return remarked(state, 'own-card', env);
  const served = { acct, token, name, last4, hasPin, triesLeft: holder.pinTriesLeft, present };
  return {
    state: { ...home(state), screen: 'card', served, idleFromMs: env.nowMs, remark: null },
    effects: [{ type: 'beep', kind: 'success' }],
  };
}

/** Who was picked from the list, as the roster has them now. */
export interface LookedUp {
  readonly type: 'looked-up';
  readonly session: string;
  readonly holder: Holder;
}
export function lookedUp(state: Clerk, { holder }: LookedUp, env: Environment): Step {
  if (state.waitsFor !== 'card' || state.screen !== 'found') return stay(state);
  return servedBy({ ...state, waitsFor: 'nothing', idleFromMs: env.nowMs }, holder, false, env);
}

/** Asks for the person's session: who helps whom is durable before anything of it shows. */
export function beginHelp(state: Clerk): Step {
  const { session, clerk, served } = state;
  if (served === null) return stay(state);
  return {
    state: { ...state, waitsFor: 'card' },
    effects: [{ type: 'begin-help', session, clerk: clerk.id, token: served.token }],
  };
}

export interface HelpBegun {
  readonly type: 'help-begun';
  readonly session: string;
  readonly holder: Holder;
}
/** The same screens as with a card of one's own; looked at again, as a sync may have come between. */
export function helpBegun(state: Clerk, { holder }: HelpBegun, env: Environment): Step {
  if (state.waitsFor !== 'card' || state.screen !== 'card') return stay(state);
  const free: Clerk = { ...state, waitsFor: 'nothing', idleFromMs: env.nowMs };
  if (holder.kind !== 'resident' || holder.person.acct === state.clerk.acct) return servedBy(free, holder, false, env);
  // What a visitor may spend here is the hub's to say, and it is asked with the card itself.
  if (holder.visitor) return remarked(free, 'help-visitor', env);
  const helper: Helper = { clerk: state.clerk, language: state.language };
  return {
    state: { ...residentOf(state, holder, null, null, env), helper },
    effects: [{ type: 'beep', kind: 'success' }],
  };
}

/** The person has been helped, or wanted nothing: back to the clerk's tasks, or to the attract screen where nobody helped. */
export function afterwards(helper: Helper | null, env: Environment): State {
  return helper === null ? IDLE : home(newClerk(helper.language, helper.clerk, PIN_TRIES, env));
}

function voidAct(state: Clerk, act: Act, env: Environment): Step {
  const { voiding } = state.desk;
  if (act.type === 'void-pick' && state.screen === 'void' && env.canVoid(act.seq)) {
    const desk = { ...state.desk, voiding: { seq: act.seq, reason: null } };
    return stay({ ...state, screen: 'void-one', desk });
  }
  if (state.screen !== 'void-one' || voiding === null) return stay(state);
  if (act.type === 'void-reason') {
    return stay({ ...state, desk: { ...state.desk, voiding: { ...voiding, reason: act.reason } } });
  }
  if (act.type !== 'void-confirm' || act.seq !== voiding.seq || voiding.reason === null) return stay(state);
  const { session, clerk } = state;
  return {
    state: { ...state, waitsFor: 'void' },
    effects: [{ type: 'void', session, clerk: clerk.id, ref: voiding.seq, reason: voiding.reason }],
  };
}

/** A day close may come while a clerk thinks about a reason: then the list says what still can be undone. */
export function stillUndoing(state: Clerk, env: Environment): Clerk {
  const { voiding } = state.desk;
  if (state.screen !== 'void-one' || voiding === null || env.canVoid(voiding.seq)) return state;
  return { ...state, screen: 'void', desk: { ...state.desk, voiding: null } };
}

/** The till has undone it, or says why not. */
export interface Voided {
  readonly type: 'voided';
  readonly session: string;
  readonly ok: boolean;
  readonly code: RemarkCode;
}
export function voided(state: Clerk, { ok, code }: Voided, env: Environment): Step {
  if (state.waitsFor !== 'void') return stay(state);
  const desk = { ...state.desk, voiding: null };
  const next: Clerk = { ...state, waitsFor: 'nothing', screen: 'void', desk, idleFromMs: env.nowMs };
  if (!ok) return remarked(next, code, env);
  return { state: told(next, code, env).state, effects: [{ type: 'beep', kind: 'success' }] };
}
