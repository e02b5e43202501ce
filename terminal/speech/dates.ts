import { enNumber, zhCount, zhDigits, zhNumber } from './numbers.ts';

/** Days (`YYYY-MM-DD`) and times (`HH:MM`) as they are said. */

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
] as const;
/** Those that no rule makes. */
const ORDINALS: Readonly<Record<number, string>> = {
  ...{ 1: 'first', 2: 'second', 3: 'third', 5: 'fifth', 8: 'eighth', 9: 'ninth', 12: 'twelfth' },
  ...{ 20: 'twentieth', 30: 'thirtieth' },
};

/** 2027-03-05: 二零二七年三月五日. */
export function zhDay(day: string): string {
  const [year = '', month, date] = day.split('-');
  return `${zhDigits(year)}年${zhNumber(Number(month))}月${zhNumber(Number(date))}日`;
}

/** 2027-03-05: the fifth of March, two thousand and twenty-seven. */
export function enDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `the ${enOrdinal(date ?? 1)} of ${MONTHS[(month ?? 1) - 1]}, ${enNumber(year ?? 0)}`;
}

/** A day of late, in a list, where everybody knows the year. */
export function zhDate(day: string): string {
  return zhDay(day).replace(/^.*年/, '');
}

export function enDate(day: string): string {
  return enDay(day).replace(/, .*$/, '');
}

function enOrdinal(n: number): string {
  const own = ORDINALS[n];
  if (own !== undefined) return own;
  return n > 20 ? `${enNumber(n - (n % 10))}-${ORDINALS[n % 10] ?? `${enNumber(n % 10)}th`}` : `${enNumber(n)}th`;
}

/** 08:05: 上午八点零五分; 14:00: 下午两点整. */
export function zhTime(time: string): string {
  const { hour, minute } = parts(time);
  const part = hour < 6 ? '凌晨' : hour < 12 ? '上午' : hour === 12 ? '中午' : hour < 18 ? '下午' : '晚上';
  const spoken = hour > 12 ? hour - 12 : hour;
  const rest = minute === 0 ? '整' : `${minute < 10 ? '零' : ''}${zhNumber(minute)}分`;
  return `${part}${zhCount(spoken)}点${rest}`;
}

/** 08:05: eight oh five in the morning; 14:00: two o’clock in the afternoon. */
export function enTime(time: string): string {
  const { hour, minute } = parts(time);
  const part = hour < 12 ? 'in the morning' : hour < 18 ? 'in the afternoon' : 'in the evening';
  const rest = minute === 0 ? 'o’clock' : `${minute < 10 ? 'oh ' : ''}${enNumber(minute)}`;
  return `${enNumber(hour % 12 === 0 ? 12 : hour % 12)} ${rest} ${part}`;
}

function parts(time: string): { readonly hour: number; readonly minute: number } {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return { hour, minute };
}
