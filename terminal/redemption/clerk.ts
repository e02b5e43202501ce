import type { Act } from '../../protocol/api/kiosk.ts';
import { PIN_LENGTH } from '../../protocol/cards/pin.ts';
import { type Clerk, type Environment, IDLE, type Step } from './state.ts';
import { ended, REMARK_MS, remarked, stay } from './steps.ts';

/** A clerk's touches: PIN first, then what did and did not come out of the printer. */
export function clerkAct(state: Clerk, act: Act, env: Environment): Step {
  if (state.waitsFor !== 'nothing') return stay(state);
  switch (act.type) {
    case 'cancel':
    case 'back':
    case 'finish':
      return stay(IDLE);
    case 'pin-digit':
      if (state.screen !== 'pin' || state.pin.length >= PIN_LENGTH) return stay(state);
      return stay({ ...state, pin: `${state.pin}${act.digit}` });
    case 'pin-erase':
      return stay({ ...state, pin: state.pin.slice(0, -1) });
    case 'pin-ok':
      if (state.screen !== 'pin' || state.pin.length < PIN_LENGTH) return stay(state);
      return {
        state: { ...state, pin: '', waitsFor: 'pin' },
        effects: [{ type: 'check-pin', session: state.session, token: state.clerk.token, pin: state.pin }],
      };
    case 'reprint': {
      if (state.screen !== 'prints') return stay(state);
      const remark = { id: (state.remark?.id ?? 0) + 1, code: 'print-sent' as const, untilMs: env.nowMs + REMARK_MS };
      const effect = { type: 'print-copy' as const, session: state.session, clerk: state.clerk.id, seq: act.seq };
      return { state: { ...state, remark }, effects: [effect] };
    }
    default:
      return stay(state);
  }
}

export function clerkPinChecked(
  state: Clerk,
  outcome: { readonly ok: boolean; readonly triesLeft: number },
  env: Environment,
): Step {
  if (state.waitsFor !== 'pin') return stay(state);
  const next: Clerk = { ...state, waitsFor: 'nothing', pinTriesLeft: outcome.triesLeft, idleFromMs: env.nowMs };
  if (outcome.ok) return stay({ ...next, screen: 'prints' });
  return outcome.triesLeft > 0 ? remarked(next, 'pin-wrong', env) : ended('pin-locked', next, env);
}
