/** Business days and hours in the county's time zone. Formatters are costly to make, so one is kept a zone. */

const formats: Map<string, Intl.DateTimeFormat> = new Map();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en-CA', { timeZone, ...parts });
    formats.set(timeZone, format);
  }
  return format;
}

export interface LocalTime {
  /** `YYYY-MM-DD`: a label for people, and what limits count by. */
  readonly day: string;
  readonly hour: number;
}

const HOUR_MS = 3_600_000;
/** A day's sales ask for the same few quarters again and again. */
const known: Map<string, LocalTime> = new Map();
const KNOWN_MAX = 8_192;

export function localTime(at: number, timeZone: string): LocalTime {
  // Zones shift by quarters of an hour at the least; within one the label stays.
  const key = `${Math.floor(at / (HOUR_MS / 4))} ${timeZone}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
  const local = { day: `${parts.year}-${parts.month}-${parts.day}`, hour: Number(parts.hour) };
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(key, local);
  return local;
}

export function businessDay(at: number, timeZone: string): string {
  return localTime(at, timeZone).day;
}
