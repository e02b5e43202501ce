/**
 * Trusted time = max(last record's time, last hub time + monotonic time since). A clock that steps back is clamped; one
 * that is far ahead of all we know is not believed until the hub or a clerk has said the date; a dead one neither ends
 * allowances nor resets limits. Pure: the caller reads the clocks.
 */
export interface TimeSources {
  /** `at` of the last record; 0 before the first. */
  readonly lastRecordAt: number;
  /** Hub time as last heard, with the monotonic clock's reading then; null when not heard since this start. */
  readonly hub: Heard | null;
  /** What was known when this start began, or what a clerk has said since; null where nothing ever was. */
  readonly known: Heard | null;
  readonly monotonicMs: number;
  /** The machine's own clock, put right by what a clerk corrected: used only until the hub has been heard. */
  readonly wallMs: number;
}
export interface Heard {
  readonly at: number;
  /** The monotonic clock's reading then. */
  readonly monotonicMs: number;
}
export interface TrustedTime {
  readonly at: number;
  /** False: the machine's clock is far ahead, and nobody has said the date. Nothing is sold; `at` stays at what is known. */
  readonly sure: boolean;
}

/** A wall clock further ahead than this of all we know is not believed without a person. */
export const MAX_STEP_AHEAD_MS = 12 * 3_600_000;

export function trustedTime({ lastRecordAt, hub, known, monotonicMs, wallMs }: TimeSources): TrustedTime {
  const since = (heard: Heard) => heard.at + Math.max(0, Math.round(monotonicMs - heard.monotonicMs));
  if (hub !== null) return { at: Math.max(lastRecordAt, since(hub)), sure: true };
  const least = Math.max(lastRecordAt, known === null ? 0 : since(known));
  // The very first start, before any word of the hub: there is nothing to be ahead of, and nothing to sell.
  if (least === 0) return { at: wallMs, sure: true };
  if (wallMs - least > MAX_STEP_AHEAD_MS) return { at: least, sure: false };
  return { at: Math.max(least, wallMs), sure: true };
}
