import type { Line, Payload } from '../../protocol/records/payload.ts';
import type { Limits, RosterEntry } from '../../protocol/sync/messages.ts';

/** What a household may redeem, counted over its records here and what the hub said of other kiosks. */

export type LimitRefusal =
  | 'limit-redemption'
  | 'limit-day-points'
  | 'limit-day-count'
  | 'limit-item'
  | 'limit-item-visitor';

export interface LimitCase {
  readonly limits: Limits;
  readonly lines: readonly Pick<Line, 'sku' | 'qty'>[];
  readonly pts: number;
  /** The business day of the redemption, and its time, ms. */
  readonly day: string;
  readonly at: number;
  /** The account's records at this kiosk, as far back as any limit reaches. */
  readonly past: readonly Payload[];
  readonly used: RosterEntry['used'] | null;
  /** Not of this village: an item with a period is sold to it only while the hub can be asked. */
  readonly visitorOffline: boolean;
}

const DAY_MS = 86_400_000;

/** Null where nothing stands against it. */
export function limitRefusal(it: LimitCase): LimitRefusal | null {
  const { limits, pts } = it;
  if (limits.redemptionPts !== undefined && pts > limits.redemptionPts) return 'limit-redemption';
  const standing = standingRedeems(it.past);
  const today = standing.filter((redeem) => redeem.day === it.day);
  const elsewhere = it.used?.day === it.day ? it.used.pts : 0;
  const spent = today.reduce((sum, redeem) => sum + redeem.pts, elsewhere);
  if (limits.dayPts !== undefined && spent + pts > limits.dayPts) return 'limit-day-points';
  if (limits.dayCount !== undefined && today.length + 1 > limits.dayCount) return 'limit-day-count';
  for (const limit of limits.items) {
    const wanted = unitsOf(it.lines, limit.sku);
    if (wanted === 0) continue;
    if (it.visitorOffline) return 'limit-item-visitor';
    const since = standing.filter((redeem) => redeem.at > it.at - limit.days * DAY_MS);
    const had = since.reduce((sum, redeem) => sum + unitsOf(redeem.lines, limit.sku), it.used?.items[limit.sku] ?? 0);
    if (had + wanted > limit.qty) return 'limit-item';
  }
  return null;
}

/** How far back the longest limit looks, ms. */
export function reachMs(limits: Limits): number {
  return Math.max(1, ...limits.items.map((limit) => limit.days)) * DAY_MS;
}

type Redeem = Extract<Payload, { type: 'redeem' }>;

/** Redeems that no later record voided. */
function standingRedeems(past: readonly Payload[]): Redeem[] {
  const voided = new Set(past.flatMap((payload) => (payload.type === 'void' ? [`${payload.ep} ${payload.ref}`] : [])));
  return past.filter(
    (payload): payload is Redeem => payload.type === 'redeem' && !voided.has(`${payload.ep} ${payload.seq}`),
  );
}

function unitsOf(lines: readonly Pick<Line, 'sku' | 'qty'>[], sku: string): number {
  return lines.reduce((sum, line) => sum + (line.sku === sku ? line.qty : 0), 0);
}
