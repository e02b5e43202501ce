/** The county's zone: every time on the page is told in it. */
const ZONE = 'Asia/Shanghai';
const minute = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' });
const second = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, timeStyle: 'medium' });
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `2026-11-23 17:44` */
export const toMinute = (at: number) => minute.format(at);
/** `2026-11-23 17:44:05` */
export const toSecond = (at: number) => second.format(at);
/** `17:44:05` */
export const toClock = (at: number) => clock.format(at);
/** `12,400`; a true minus sign before a negative. */
export const points = (pts: number) => whole.format(pts).replace('-', '−');

const STEPS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** `3 minutes ago`, in the page's language. */
export function ago(at: number, nowMs: number, language: string): string {
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'always' });
  const past = Math.max(0, nowMs - at);
  const [unit, size] = STEPS.find(([, ms]) => past >= ms) ?? (['second', 1_000] as const);
  return words.format(-Math.floor(past / size), unit);
}

/** A fingerprint without its separators, in groups of four, for eyes. */
export function groups(fingerprint: string): readonly string[] {
  return bare(fingerprint).match(/.{1,4}/g) ?? [];
}

export function bare(fingerprint: string): string {
  return fingerprint.replaceAll(/[^0-9A-Za-z]/g, '');
}

/** True when two people may read the two as the same. */
export function sameFingerprint(a: string, b: string): boolean {
  return bare(a).toUpperCase() === bare(b).toUpperCase();
}
