import type { Act } from '../../protocol/api/kiosk.ts';
import type { Clerk, ClockFacts } from './state.ts';

/** The date a clerk is asked for: what the machine shows, moved day by day, or begun from the last day known here. */

type Shift = Clerk['dateShift'];
const DAY_MS = 86_400_000;

/** Never before what is known: no record here may be older than the one before it. */
export function dateShown(shift: Shift, { wallAt, knownAt }: ClockFacts): number {
  return Math.max(knownAt, (shift.from === 'machine' ? wallAt : knownAt) + shift.days * DAY_MS);
}

export function moved(shift: Shift, act: Act, clock: ClockFacts): Shift {
  switch (act.type) {
    case 'date-last':
      return { days: 0, from: shift.from === 'last' ? 'machine' : 'last' };
    case 'date-later':
      return { ...shift, days: shift.days + 1 };
    case 'date-earlier':
      return dateShown(shift, clock) > clock.knownAt ? { ...shift, days: shift.days - 1 } : shift;
    default:
      return shift;
  }
}
