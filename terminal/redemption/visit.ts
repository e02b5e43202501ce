import type { Act, ErrorCode, VisitNote } from '../../protocol/api/kiosk.ts';
import { type Environment, type Holder, IDLE, type Resident, type State, type Step, type Visit } from './state.ts';
import { ended, residentOf, stay } from './steps.ts';

/** Somebody of another village: the hub is asked who this is and what may be spent here, and the session waits for it. */

/** The hub answers within a moment, or not at all. */
export const VISIT_WAIT_MS = 8_000;
/** Home gives back at its next sync: seconds where it is online. */
export const RECALL_WAIT_MS = 12_000;

/** What the hub said; `holder` is the card as the roster knows it now. */
export interface VisitAnswered {
  readonly type: 'visit-answered';
  readonly session: string;
  readonly reason: string;
  readonly more: boolean;
  readonly holder: Holder;
}
type ResidentHolder = Extract<Holder, { kind: 'resident' }>;

/** `known`: a visitor who was here before, with what is left here; null where nobody here knows the card. */
export function beginVisit(state: State, token: string, known: ResidentHolder | null, env: Environment): Step {
  if (env.offline) {
    return known === null ? ended('visitor-offline', state, env) : toBalance(state, known, 'offline', null, env);
  }
  const session = env.newSession();
  const language = known?.language ?? state.language;
  return {
    state: {
      ...{ at: 'visit', language, remark: null, session, token, known, phase: 'asking' },
      untilMs: env.nowMs + VISIT_WAIT_MS,
    },
    effects: [
      { type: 'ask-visit', session, token },
      { type: 'beep', kind: 'success' },
    ],
  };
}

export function visitAct(state: Visit, act: Act): Step {
  return act.type === 'cancel' || act.type === 'back' ? { state: IDLE, effects: dropped(state) } : stay(state);
}

/** A late answer still finds the visitor who went on with what was here before. */
export function visitAnswered(state: State, event: VisitAnswered, env: Environment): Step {
  if (state.at === 'resident' && state.session === event.session) return stay(refreshed(state, event));
  if (state.at !== 'visit' || state.session !== event.session) return stay(state);
  const { holder, reason } = event;
  if (reason === 'card-blocked' || holder.kind === 'blocked') return ended('card-blocked', state, env);
  if (reason === 'unknown-card' || holder.kind !== 'resident') return ended('unknown-card', state, env);
  if (reason === 'recalling' && holder.person.spendablePts === 0) {
    return stay({ ...state, known: holder, phase: 'recalling', untilMs: env.nowMs + RECALL_WAIT_MS });
  }
  return toBalance(state, holder, noteOf(event), state.session, env);
}

function refreshed(state: Resident, event: VisitAnswered): Resident {
  const { holder } = event;
  if (holder.kind !== 'resident' || holder.person.acct !== state.person.acct) return state;
  return { ...state, person: holder.person, visit: noteOf(event) };
}

/** What of the hub's reason the balance still has to say; null where all is as anybody would expect. */
function noteOf({ reason, more }: VisitAnswered): VisitNote | null {
  switch (reason) {
    case 'granted':
      return more ? 'more-later' : null;
    case 'recalling':
    case 'not-now':
    case 'visits-used-up':
    case 'nothing-free':
      return reason;
    default:
      // A newer hub may have reasons this kiosk has no words for.
      return 'not-now';
  }
}

/** Points that came from home while it was waited for. */
export function visitPoints(
  state: Visit,
  points: { spendablePts: number; elsewherePts: number },
  env: Environment,
): Step {
  if (state.known === null) return stay(state);
  const known = { ...state.known, person: { ...state.known.person, ...points } };
  if (state.phase === 'asking' || points.spendablePts === 0) return stay({ ...state, known });
  return toBalance(state, known, null, state.session, env);
}

export function visitTick(state: Visit, env: Environment): Step {
  if (!env.offline && env.nowMs < state.untilMs) {
    const over = state.remark !== null && env.nowMs >= state.remark.untilMs;
    return stay(over ? { ...state, remark: null } : state);
  }
  const { known } = state;
  if (known === null) return gaveUp(state, env.offline ? 'visitor-offline' : 'visit-late', env);
  const note = env.offline ? 'offline' : state.phase === 'recalling' ? 'recalling' : 'late';
  const step = toBalance(state, known, note, state.session, env);
  return { state: step.state, effects: [...dropped(state), ...step.effects] };
}

function gaveUp(state: Visit, code: ErrorCode, env: Environment): Step {
  const step = ended(code, state, env);
  return { state: step.state, effects: [...dropped(state), ...step.effects] };
}

/** What was not answered is not asked any more: nobody stands here for it. */
const dropped = (state: Visit): Step['effects'] =>
  state.phase === 'asking' ? [{ type: 'drop-visit', session: state.session }] : [];

function toBalance(
  state: State,
  holder: ResidentHolder,
  note: VisitNote | null,
  session: string | null,
  env: Environment,
): Step {
  return {
    state: residentOf(state, holder, note, session, env),
    effects: [{ type: 'beep', kind: 'success' }],
  };
}
