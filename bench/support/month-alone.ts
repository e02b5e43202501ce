import { onStoppedKiosk, type StoppedKiosk, written } from './stopped-kiosk.ts';

/**
 * A month without the hub, lived in seconds: a stopped kiosk's own journal is written on by its own till, a sale and its undoing
 * in turn and a close each evening, until so many records stand unsent. One commit for all of it, which no kiosk has.
 */
export function liveAlone(folder: string, records: number): { readonly seq: number; readonly head: string } {
  const clock = { at: Date.now() - DAYS * DAY_MS };
  return onStoppedKiosk(
    folder,
    () => clock.at,
    (kiosk) => liveDays(kiosk, clock, records),
  );
}

const DAYS = 30;
const DAY_MS = 86_400_000;

function liveDays({ till, book, store, ep }: StoppedKiosk, clock: { at: number }, records: number): void {
  const [item] = [...(book.catalogue()?.items ?? [])].sort((a, b) => a.pts - b.pts);
  const accounts = store
    .allowances(ep)
    .filter((row) => item !== undefined && row.G - row.S + row.V - row.R >= item.pts);
  if (item === undefined || accounts.length === 0)
    throw new Error('this kiosk has nothing to sell, or nobody to sell to');
  const line = { sku: item.sku, rev: item.rev, qty: 1, pts: item.pts };
  const slip = (beforePts: number, afterPts: number) => ({ name: '张*芳', last4: '6105', beforePts, afterPts });
  const pairs = Math.floor((records - DAYS) / 2);
  for (let n = 0; n < pairs; n++) {
    const { acct } = accounts[n % accounts.length] ?? { acct: '' };
    clock.at += Math.floor((DAYS * DAY_MS) / (pairs + 1));
    const token = `1.${'A'.repeat(22)}`;
    const sold = written(till.redeem({ acct, token, lines: [line], pinChecked: false }, slip));
    written(till.void(sold, 'mistake', 'clerk'));
    if (n % Math.ceil(pairs / DAYS) === 0) written(till.close(true));
  }
}
