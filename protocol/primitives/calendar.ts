/** Business days and clock times in the county's time zone. `timeZone`: an IANA name, such as `Asia/Shanghai`. */

export interface LocalTime {
  /** `YYYY-MM-DD`: a label for people, and what limits count by. */
  readonly day: string;
  readonly hour: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export function localTime(at: number, timeZone: string): LocalTime {
  const shown = localClock(at, timeZone);
  return { day: shown.slice(0, 10), hour: Number(shown.slice(11, 13)) };
}

export function businessDay(at: number, timeZone: string): string {
  return localClock(at, timeZone).slice(0, 10);
}

/** `09:02` */
export function timeOfDay(at: number, timeZone: string): string {
  return localClock(at, timeZone).slice(11, 16);
}

/** `2027-01-15 09:02:03`, as that zone's clocks show the moment `at` (ms). */
export function localClock(at: number, timeZone: string): string {
  return new Date(at + offsetMs(at, timeZone)).toISOString().slice(0, 19).replace('T', ' ');
}

/** By zone and day of UTC: how far its clocks are ahead, in ms; null on a day on which they are put forward or back. */
const offsets: Map<string, number | null> = new Map();
const OFFSETS_MAX = 4_096;

/** Asking a formatter is costly, and a confirm waits for it: it is asked twice a day of UTC. */
function offsetMs(at: number, timeZone: string): number {
  const day = Math.floor(at / DAY_MS);
  const key = `${day} ${timeZone}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    const first = askedOffsetMs(day * DAY_MS, timeZone);
    offset = first === askedOffsetMs((day + 1) * DAY_MS - HOUR_MS / 60, timeZone) ? first : null;
    if (offsets.size >= OFFSETS_MAX) offsets.clear();
    offsets.set(key, offset);
  }
  return offset ?? askedOffsetMs(at, timeZone);
}

const formats: Map<string, Intl.DateTimeFormat> = new Map();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    const date = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en-CA', { timeZone, ...date, ...clock });
    formats.set(timeZone, format);
  }
  return format;
}

function askedOffsetMs(at: number, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((each) => each.type === type)?.value);
  const shown = Date.UTC(
    ...([part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')] as const),
  );
  return shown - Math.floor(at / 1_000) * 1_000;
}
