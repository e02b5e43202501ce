import type { ErrorCode, RemarkCode } from '../../protocol/api/kiosk.ts';
import { type Environment, IDLE, type Resident, type State, type Step } from './state.ts';

/** The few moves every part of the session machine makes. */

export const ERROR_MS = 12_000;
export const REMARK_MS = 4_000;
export const PIN_TRIES = 3;

export function stay(state: State): Step {
  return { state, effects: [] };
}

/** A remark that passes; the screen stays. */
export function remarked(state: State, code: RemarkCode, env: Environment): Step {
  const remark = { id: (state.remark?.id ?? 0) + 1, code, untilMs: env.nowMs + REMARK_MS };
  return { state: { ...state, remark }, effects: [{ type: 'beep', kind: 'failure' }] };
}

/** The error screen; `back` is where the person goes on, null when the session is over. */
export function failed(code: ErrorCode, back: Resident | null, env: Environment, missingPts = 0): Step {
  const language = back?.language ?? IDLE.language;
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
