/** The date in the county's time zone, `YYYY-MM-DD`, as kiosks label their days. Formatters are costly: one a zone is kept. */

const formats: Map<string, Intl.DateTimeFormat> = new Map();

export function localDay(at: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  return format.format(at);
}
