/**
 * Trusted time = max(last record's time, last hub time + monotonic time since). A clock that steps back is clamped; a
 * dead one neither ends allowances nor resets limits. Pure: the caller reads the clocks.
 */
export interface TimeSources {
  /** `at` of the last record; 0 before the first. */
  readonly lastRecordAt: number;
  /** Hub time as last heard, with the monotonic clock's reading then; null when not heard since this start. */
  readonly hub: { readonly at: number; readonly monotonicMs: number } | null;
  readonly monotonicMs: number;
  /** The machine's own clock, used only until the hub has been heard. */
  readonly wallMs: number;
}

/** A wall clock further ahead than this of all we know is not believed without a person. */
const MAX_STEP_AHEAD_MS = 12 * 3_600_000;

export function trustedTime(t: TimeSources): number {
  if (t.hub !== null)
    return Math.max(t.lastRecordAt, t.hub.at + Math.max(0, Math.round(t.monotonicMs - t.hub.monotonicMs)));
  const believable = t.lastRecordAt === 0 || t.wallMs - t.lastRecordAt <= MAX_STEP_AHEAD_MS;
  return believable ? Math.max(t.lastRecordAt, t.wallMs) : t.lastRecordAt;
}
