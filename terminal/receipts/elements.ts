/** What stands on a paper, as elements a printer of any width can lay out. */
export type Element =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly align?: 'left' | 'center';
      readonly scale?: 1 | 2;
      readonly bold?: true;
    }
  /** Left and right on one line; the right one is never cut. */
  | {
      readonly kind: 'columns';
      readonly left: string;
      readonly right: string;
      readonly scale?: 1 | 2;
      readonly bold?: true;
    }
  | { readonly kind: 'rule' }
  | { readonly kind: 'qr'; readonly text: string }
  | { readonly kind: 'feed'; readonly lines: number }
  | { readonly kind: 'cut' };

/** The last line of every paper: where to go with a question. */
export function complaint(phone: string): string {
  return phone === '' ? '如有疑问，请带小票到村委会' : `如有疑问，请带小票到村委会或致电 ${phone}`;
}

/** Costly to make, and a receipt waits for it: one is kept a zone. */
const formats: Map<string, Intl.DateTimeFormat> = new Map();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone, hour12: false, year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** `2027-01-15 09:02:03` of that zone. */
export function localTime(at: number, timeZone: string): string {
  const parts = formatOf(timeZone).formatToParts(new Date(at));
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}
