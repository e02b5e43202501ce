import type { CounterAct, FindBy, VoidReason } from '../../protocol/api/counter.ts';

/** What lies on a clerk's counter beside the person they serve: what is typed, which page shows, what is to be undone. */
export interface Desk {
  readonly by: FindBy;
  readonly keys: string;
  readonly page: number;
  readonly voiding: { readonly seq: number; readonly reason: VoidReason | null } | null;
  /** The slip a copy was just asked for. */
  readonly copiedSeq: number | null;
}

export const EMPTY_DESK: Desk = { by: 'initials', keys: '', page: 0, voiding: null, copiedSeq: null };

/** More letters than any name here has. */
const INITIALS_MAX = 8;
const LAST4 = 4;
/** A kiosk's records are numbered from 1; it will not see its hundred millionth. */
const SLIP_DIGITS_MAX = 8;

/** Whether there is enough to look for. */
export function canFind({ by, keys }: Desk): boolean {
  return by === 'last4' ? keys.length === LAST4 : keys.length > 0;
}

/** A letter where letters are asked for, a digit where digits are; the rest is not taken. */
export function typed(desk: Desk, act: CounterAct, into: 'find' | 'slip'): Desk {
  if (act.type === 'key-erase') return { ...desk, keys: desk.keys.slice(0, -1) };
  if (act.type !== 'key') return desk;
  const letters = into === 'find' && desk.by === 'initials';
  const most = into === 'slip' ? SLIP_DIGITS_MAX : letters ? INITIALS_MAX : LAST4;
  const fits = letters ? /^[a-z]$/.test(act.key) : /^[0-9]$/.test(act.key);
  return fits && desk.keys.length < most ? { ...desk, keys: `${desk.keys}${act.key}` } : desk;
}

/** The record that was typed; null where no record can have that number. */
export function slipSeq({ keys }: Desk): number | null {
  const seq = Number(keys);
  return seq > 0 ? seq : null;
}
