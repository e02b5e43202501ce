import { expect, it } from 'vitest';
import { businessDay, localClock, localTime } from './calendar.ts';

/** As `Intl` says it at each moment, which is what ours must equal. */
function clockOf(timeZone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return (at) => format.format(at);
}

it.each(['Asia/Shanghai', 'Asia/Kathmandu', 'UTC', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia'])(
  'shows the clock of %s, also on the days on which it is put forward or back',
  (zone) => {
    const [from, to] = [Date.UTC(2026, 11, 28), Date.UTC(2028, 0, 3)];
    const asked = clockOf(zone);
    // 37 minutes and a bit: no step of any clock is missed by always asking at the same minute.
    for (let at = from; at < to; at += 37 * 60_000 + 1_013) expect(localClock(at, zone)).toBe(asked(at));
  },
);

it('calls the day and the hour by that clock', () => {
  const lateInLondon = Date.UTC(2027, 0, 15, 16, 30);
  expect(localTime(lateInLondon, 'Asia/Shanghai')).toEqual({ day: '2027-01-16', hour: 0 });
  expect(businessDay(lateInLondon, 'Europe/London')).toBe('2027-01-15');
});
