import type { Act, RemarkCode } from '../../protocol/api/kiosk.ts';
import { PIN_LENGTH, pinRefusal } from '../../protocol/cards/pin.ts';
import { dateShown, moved } from './confirm-date.ts';
import { beginHelp, counterAct, home, servedBy, wentBack } from './counter.ts';
import { type Clerk, type Environment, type Holder, IDLE, type Step } from './state.ts';
import { ended, PIN_TRIES, REMARK_MS, remarked, stay, told } from './steps.ts';

/** A clerk's touches: PIN first, then the tasks of the counter, receipts, a resident's card, or the date. */
export function clerkAct(state: Clerk, act: Act, env: Environment): Step {
  if (state.waitsFor !== 'nothing') return stay(state);
  if (act.type === 'cancel' || act.type === 'finish') return stay(IDLE);
  if (act.type === 'back') return stay(wentBack(state));
  switch (state.screen) {
    case 'pin':
    case 'new-pin':
      return pad(state, act, env);
    case 'prints':
    case 'slip':
      return act.type === 'reprint' ? reprint(state, act.seq, env) : counterAct(state, act, env);
    case 'card':
      return cardAct(state, act);
    case 'date':
      return dateAct(state, act, env);
    default:
      return counterAct(state, act, env);
  }
}

function pad(state: Clerk, act: Act, env: Environment): Step {
  switch (act.type) {
    case 'pin-digit':
      return stay(state.pin.length < PIN_LENGTH ? { ...state, pin: `${state.pin}${act.digit}` } : state);
    case 'pin-erase':
      return stay({ ...state, pin: state.pin.slice(0, -1) });
    case 'pin-ok':
      if (state.pin.length < PIN_LENGTH) return stay(state);
      return state.screen === 'pin' ? checkOwn(state) : takeNew(state, env);
    default:
      return stay(state);
  }
}

function checkOwn(state: Clerk): Step {
  const { session, pin, clerk } = state;
  return {
    state: { ...state, pin: '', waitsFor: 'pin' },
    effects: [{ type: 'check-pin', session, token: clerk.token, pin }],
  };
}

/** The resident types the new PIN twice; what anybody tries first is refused before the second time. */
function takeNew(state: Clerk, env: Environment): Step {
  const { session, served, pin, newPin, clerk } = state;
  if (served === null) return stay(state);
  if (newPin === '') {
    if (pinRefusal(pin) !== null) return remarked({ ...state, pin: '' }, 'pin-weak', env);
    return stay({ ...state, pin: '', newPin: pin });
  }
  const empty = { ...state, pin: '', newPin: '' };
  if (pin !== newPin) return remarked(empty, 'pin-differs', env);
  return {
    state: { ...empty, waitsFor: 'card' },
    effects: [{ type: 'set-pin', session, clerk: clerk.id, token: served.token, pin }],
  };
}

/** While it says that the copy is on its way, a second touch or a replay of the first asks for no second one. */
function reprint(state: Clerk, seq: number, env: Environment): Step {
  if (state.remark?.code === 'print-sent' && state.desk.copiedSeq === seq) return stay(state);
  const remark = { id: (state.remark?.id ?? 0) + 1, code: 'print-sent' as const, untilMs: env.nowMs + REMARK_MS };
  const effect = { type: 'print-copy' as const, session: state.session, clerk: state.clerk.id, seq };
  return { state: { ...state, remark, desk: { ...state.desk, copiedSeq: seq } }, effects: [effect] };
}

function cardAct(state: Clerk, act: Act): Step {
  const { session, served, clerk } = state;
  if (act.type === 'help-begin') return beginHelp(state);
  // A PIN is the card's: without the card in the clerk's hands nobody sets or unlocks one.
  if (served === null || !served.present) return stay(state);
  if (act.type === 'set-pin') return stay({ ...state, screen: 'new-pin', pin: '', newPin: '' });
  if (act.type !== 'unlock' || !served.hasPin || served.triesLeft === PIN_TRIES) return stay(state);
  return {
    state: { ...state, waitsFor: 'card' },
    effects: [{ type: 'unlock-card', session, clerk: clerk.id, token: served.token, reason: act.reason }],
  };
}

function dateAct(state: Clerk, act: Act, env: Environment): Step {
  if (act.type !== 'date-confirm') return stay({ ...state, dateShift: moved(state.dateShift, act, env.clock) });
  const at = dateShown(state.dateShift, env.clock);
  return {
    state: { ...state, waitsFor: 'date' },
    effects: [{ type: 'confirm-date', session: state.session, clerk: state.clerk.id, at }],
  };
}

export function clerkPinChecked(
  state: Clerk,
  outcome: { readonly ok: boolean; readonly triesLeft: number },
  env: Environment,
): Step {
  if (state.waitsFor !== 'pin') return stay(state);
  const next: Clerk = { ...state, waitsFor: 'nothing', pinTriesLeft: outcome.triesLeft, idleFromMs: env.nowMs };
  if (outcome.ok) return stay(env.clock.sure ? home(next) : { ...next, screen: 'date' });
  return outcome.triesLeft > 0 ? remarked(next, 'pin-wrong', env) : ended('pin-locked', next, env);
}

/** Where a resident's card may be laid down: on the tasks and their lists, not while anybody types or decides. */
const SERVES: ReadonlySet<Clerk['screen']> = new Set(['home', 'prints', 'card', 'find', 'found', 'void']);

export function clerkTapped(state: Clerk, holder: Holder, env: Environment): Step {
  if (holder.kind === 'clerk' && holder.clerk.token === state.clerk.token) return stay(state);
  const serving = SERVES.has(state.screen) && state.waitsFor === 'nothing';
  return serving ? servedBy(state, holder, true, env) : remarked(state, 'other-card', env);
}

/** What came of a PIN that was set, or a card that was unlocked. */
export interface CardServed {
  readonly type: 'card-served';
  readonly session: string;
  readonly ok: boolean;
  readonly code: RemarkCode;
}
export function cardServed(state: Clerk, { ok, code }: CardServed, env: Environment): Step {
  if (state.waitsFor !== 'card' || state.served === null) return stay(state);
  const hasPin = state.served.hasPin || (ok && code === 'pin-set');
  const served = ok ? { ...state.served, hasPin, triesLeft: PIN_TRIES } : state.served;
  const next: Clerk = { ...state, waitsFor: 'nothing', screen: 'card', served, idleFromMs: env.nowMs };
  return ok ? told(next, code, env) : remarked(next, code, env);
}

export function dateAnswered(state: Clerk, ok: boolean, env: Environment): Step {
  if (state.waitsFor !== 'date') return stay(state);
  const next: Clerk = { ...state, waitsFor: 'nothing', idleFromMs: env.nowMs };
  return ok ? stay(home(next)) : remarked(next, 'date-refused', env);
}
