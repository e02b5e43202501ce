import { assertNever } from '../../protocol/primitives/assert.ts';
import { isPrinting } from './about.ts';
import { afterwards, stillUndoing } from './counter.ts';
import { type Clerk, type Environment, IDLE, type Resident, type State, type Step } from './state.ts';
import { resumed } from './steps.ts';

/** What time does to a session: a warning, then the end; never while committing, checking or printing. */

export const IDLE_WARNING_MS = 60_000;
export const IDLE_END_MS = 90_000;

export function tick(state: State, env: Environment): Step {
  const plain = state.remark !== null && env.nowMs >= state.remark.untilMs ? { ...state, remark: null } : state;
  return { state: aged(plain, env), effects: [] };
}

function aged(state: State, env: Environment): State {
  switch (state.at) {
    case 'idle':
      return state.helpFromMs !== null && env.nowMs - state.helpFromMs >= IDLE_WARNING_MS ? IDLE : state;
    case 'visit':
      return state; // it has a time of its own
    case 'done':
      return env.nowMs >= state.untilMs ? afterwards(state.helper, env) : state;
    case 'error':
      return env.nowMs >= state.untilMs ? resumed(state.back, env) : state;
    case 'clerk':
      return idleSecondsLeft(state, env.nowMs) === 0 ? IDLE : stillUndoing(state, env);
    case 'resident':
      return idleSecondsLeft(state, env.nowMs) === 0 ? IDLE : state;
    default:
      return assertNever(state);
  }
}

/** Null while no warning shows; 0 when the time is over. */
export function idleSecondsLeft(state: Resident | Clerk, nowMs: number): number | null {
  if (state.waitsFor !== 'nothing' || (state.at === 'resident' && isPrinting(state))) return null;
  const idleMs = nowMs - state.idleFromMs;
  return idleMs < IDLE_WARNING_MS ? null : Math.max(0, Math.ceil((IDLE_END_MS - idleMs) / 1000));
}
