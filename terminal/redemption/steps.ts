import type { ErrorCode, Language, RemarkCode, VisitNote } from '../../protocol/api/kiosk.ts';
import { type Environment, type Holder, IDLE, type Resident, type State, type Step } from './state.ts';

/** The few moves every part of the session machine makes. */

export const ERROR_MS = 12_000;
export const REMARK_MS = 4_000;
export const PIN_TRIES = 3;

export function stay(state: State): Step {
  return { state, effects: [] };
}

/** A remark that passes; the screen stays. */
export function remarked(state: State, code: RemarkCode, env: Environment): Step {
  return { ...told(state, code, env), effects: [{ type: 'beep', kind: 'failure' }] };
}

/** A remark on something that is not wrong: no beep. */
export function told(state: State, code: RemarkCode, env: Environment): Step {
  const remark = { id: (state.remark?.id ?? 0) + 1, code, untilMs: env.nowMs + REMARK_MS };
  return { state: { ...state, remark }, effects: [] };
}

/** The error screen inside a session; the person goes on at `back`. */
export function failed(code: ErrorCode, back: Resident, env: Environment, missingPts = 0): Step {
  return failedIn(back.language, code, back, env, missingPts);
}

/** The error screen that ends what there was; in the language that showed. */
export function ended(code: ErrorCode, state: State, env: Environment): Step {
  return failedIn(state.language, code, null, env, 0);
}

function failedIn(
  language: Language,
  code: ErrorCode,
  back: Resident | null,
  env: Environment,
  missingPts: number,
): Step {
  const untilMs = env.nowMs + ERROR_MS;
  const state: State = {
    at: 'error',
    language,
    remark: null,
    session: back?.session ?? null,
    code,
    missingPts,
    back,
    untilMs,
  };
  return { state, effects: [{ type: 'beep', kind: 'failure' }] };
}

/** After an error: where it happened, or the attract screen. */
export function resumed(back: Resident | null, env: Environment): State {
  return back === null ? IDLE : { ...back, idleFromMs: env.nowMs };
}

/** A session on its balance. `session`: the one that waited for the hub; null begins a new one. */
export function residentOf(
  { language }: State,
  holder: Extract<Holder, { kind: 'resident' }>,
  visit: VisitNote | null,
  session: string | null,
  env: Environment,
): Resident {
  return {
    ...{ at: 'resident', language: holder.language ?? language, remark: null, session: session ?? env.newSession() },
    ...{ person: holder.person, screen: 'balance', helpFrom: 'balance', basket: {}, category: 'all', page: 0, sku: '' },
    ...{
      agreedPts: null,
      pin: '',
      pinTriesLeft: holder.pinTriesLeft,
      waitsFor: 'nothing',
      idleFromMs: env.nowMs,
      visit,
      aside: null,
      helper: null,
    },
  };
}
