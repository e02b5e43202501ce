import type { ClosePayload, Payload } from '../../protocol/records/payload.ts';
import type { Static } from '../../protocol/schema.ts';

/** A day close: everything since the close before it, added up from the records themselves. */

export type CloseSums = Pick<Static<typeof ClosePayload>, 'from' | 'to' | 'redeemed' | 'voided' | 'byItem'>;

/** `records`: all behind the last close (or the chain's beginning), in order, to the last one. */
export function closeSums(lastCloseSeq: number, records: readonly Payload[]): CloseSums {
  let redeemed = { count: 0, pts: 0 };
  let voided = { count: 0, pts: 0 };
  const byItem: Record<string, { count: number; pts: number }> = {};
  const redeems: Map<number, Extract<Payload, { type: 'redeem' }>> = new Map();
  const add = (payload: Extract<Payload, { type: 'redeem' }> | undefined, sign: 1 | -1) => {
    for (const { sku, qty, pts } of payload?.lines ?? []) {
      const sum = byItem[sku] ?? { count: 0, pts: 0 };
      byItem[sku] = { count: sum.count + sign * qty, pts: sum.pts + sign * qty * pts };
    }
  };
  for (const payload of records) {
    if (payload.type === 'redeem') {
      redeemed = { count: redeemed.count + 1, pts: redeemed.pts + payload.pts };
      redeems.set(payload.seq, payload);
      add(payload, 1);
    } else if (payload.type === 'void') {
      voided = { count: voided.count + 1, pts: voided.pts + payload.pts };
      add(redeems.get(payload.ref), -1);
    }
  }
  const standing = Object.entries(byItem).filter(([, sum]) => sum.count !== 0 || sum.pts !== 0);
  const to = records.at(-1)?.seq ?? lastCloseSeq;
  return { from: lastCloseSeq + 1, to, redeemed, voided, byItem: Object.fromEntries(standing) };
}

/**
 * Whether the agent must close by itself: something was written since the last close on an earlier business day, or today
 * before the county's hour. What was sold behind that hour waits for the next day, so that it can still be undone.
 */
export function autoCloseDue(
  first: { readonly day: string; readonly hour: number } | null,
  now: { readonly day: string; readonly hour: number },
  closeHour: number,
): boolean {
  if (first === null) return false;
  return first.day < now.day || (first.hour < closeHour && now.hour >= closeHour);
}
