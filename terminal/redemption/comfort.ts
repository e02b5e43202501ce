import type { Act, Comfort, Language } from '../../protocol/api/kiosk.ts';
import type { Event } from './session.ts';
import type { State } from './state.ts';

/** How a person wants the screens: text size, speech, volume. Beside the session, as it changes nothing that is charged. */

export const PLAIN: Comfort = { large: false, aloud: false, volume: 2 };
/** Nobody has touched anything for so long before the attract screen: the next one begins with plain screens. */
export const UNTOUCHED_MS = 60_000;

/** What is remembered for a card; the volume is nobody's. */
export interface Kept {
  readonly language: Language;
  readonly large: boolean;
  readonly aloud: boolean;
}
export interface Comforted {
  readonly comfort: Comfort;
  /** When it was last changed, ms. */
  readonly touchedMs: number;
}
export const UNTOUCHED: Comforted = { comfort: PLAIN, touchedMs: 0 };

export interface Moved {
  readonly before: State;
  readonly after: State;
  readonly event: Event;
  readonly nowMs: number;
  /** What is kept for a card. */
  readonly keptOf: (token: string) => Kept | null;
}

/** The comfort after an event; `keep` says what the card is remembered by from now on. */
export function comforted(now: Comforted, moved: Moved): Comforted & { readonly keep?: { token: string; kept: Kept } } {
  const { before, after, event, nowMs } = moved;
  const started = begun(now, moved);
  if (event.type !== 'act' || event.session !== sessionOf(before)) return started;
  const comfort = changed(started.comfort, event.act);
  if (comfort === null && event.act.type !== 'language') return started;
  const next = { comfort: comfort ?? started.comfort, touchedMs: nowMs };
  const token = tokenOf(after);
  if (token === null) return next;
  const { large, aloud } = next.comfort;
  return { ...next, keep: { token, kept: { language: after.language, large, aloud } } };
}

/** The end of a session resets it; a card brings its own. Who set it before tapping a new card keeps it. */
function begun(now: Comforted, { before, after, nowMs, keptOf }: Moved): Comforted {
  if (after.at === 'idle' && before.at !== 'idle') return UNTOUCHED;
  if (after.at === 'idle' && nowMs - now.touchedMs >= UNTOUCHED_MS) return UNTOUCHED;
  const another = sessionOf(before) !== sessionOf(after);
  const token = tokenOf(after);
  const base = another && before.at !== 'idle' ? UNTOUCHED : now;
  if (token === null || (!another && token === tokenOf(before))) return base;
  const kept = keptOf(token);
  return kept === null
    ? base
    : { ...base, comfort: { ...base.comfort, large: kept.large, aloud: kept.aloud }, touchedMs: nowMs };
}

function changed(comfort: Comfort, act: Act): Comfort | null {
  switch (act.type) {
    case 'large-text':
      return { ...comfort, large: act.on };
    case 'read-aloud':
      return { ...comfort, aloud: act.on };
    case 'volume':
      return { ...comfort, volume: act.step };
    default:
      return null;
  }
}

function sessionOf(state: State): string | null {
  return 'session' in state ? state.session : null;
}

/** The card whose holder looks at the screen; a clerk's are plain. */
function tokenOf(state: State): string | null {
  switch (state.at) {
    case 'resident':
    case 'done':
      return state.person.token;
    case 'visit':
      return state.known?.person.token ?? state.token;
    case 'error':
      return state.back?.person.token ?? null;
    case 'idle':
    case 'clerk':
      return null;
  }
}
