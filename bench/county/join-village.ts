import { hashPin } from '../../hub/operators/passwords.ts';
import type { HubParts } from '../../hub/parts.ts';
import { peopleOf } from './people.ts';
import { secretOf, type VillagePlan } from './plan.ts';
import { storePeople } from './store-people.ts';

/** Puts one more village into the books, with a shop and people, and no terminal yet. */
export async function joinVillage(
  { store, seal }: Pick<HubParts, 'store' | 'seal'>,
  seed: number,
  place: VillagePlan,
  nowMs: number,
): Promise<void> {
  const { n, village, shop } = place;
  const pin = await hashPin('1357');
  const pepperSealed = seal.seal(secretOf(seed, `pepper ${village}`), `pepper:${village}.1`);
  const names = { name: `新村${n + 1}`, nameEn: `New Village ${n + 1}` };
  await store.books.write(async (books) => {
    await books.add('villages', [{ village, ...names, pepperVersion: 1, pepperSealed }]);
    await books.add('shops', [{ shop, village, ...names, phone: '' }]);
    // Far above the county's own cards, which are numbered from one.
    const cardsBefore = n * CARDS_OF_VILLAGE_MAX;
    await storePeople(books, village, peopleOf(seed, place), { seal, pin, nowMs, cardsBefore });
  });
}

const CARDS_OF_VILLAGE_MAX = 100_000;
