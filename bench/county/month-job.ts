import type { HubParts } from '../../hub/parts.ts';
import type { MonthJob } from './month.ts';
import { MADE_ITEMS } from './places.ts';
import type { CountyPlan, VillagePlan } from './plan.ts';

/** What signing a terminal's month takes from the hub's own store: its enrolment, its village's pepper. */

const DAY_MS = 86_400_000;

/** Midnight of the month's first day. A whole day lies between its end and now, for a day that is still to come. */
export function monthBegins(nowMs: number, days: number): number {
  return Math.floor(nowMs / DAY_MS) * DAY_MS - (days + 1) * DAY_MS;
}

export async function monthJob(
  { store, seal }: Pick<HubParts, 'store' | 'seal'>,
  { seed, days, recordsADay }: CountyPlan,
  place: VillagePlan,
  nowMs: number,
): Promise<MonthJob> {
  const { tid, village: name } = place;
  return store.books.read(async (books) => {
    const epoch = await books.get('epochs', { tid, ep: 1 });
    const village = await books.get('villages', { village: name });
    if (epoch?.enrolmentHash == null || village === undefined) throw new Error(`${tid} of ${name} was not enrolled`);
    const { pepperVersion: version, pepperSealed } = village;
    const pepper = { version, key: seal.open(pepperSealed, `pepper:${name}.${version}`) };
    const { enrolmentHash } = epoch;
    const fromMs = monthBegins(nowMs, days);
    return { seed, days, recordsADay, fromMs, place, enrolmentHash, pepper, items: MADE_ITEMS };
  });
}
