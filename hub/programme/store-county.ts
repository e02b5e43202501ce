import type { Books } from '../ledger/books.ts';
import type { CardRow } from '../ledger/tables.ts';
import type { PreparedCounty, SealedCard } from './import.ts';

/** A county's beginning: all of it in one transaction. False where the books hold a county: nothing was written. */
export async function storeCounty(
  books: Books,
  county: string,
  prepared: PreparedCounty,
  at: number,
): Promise<boolean> {
  if ((await books.get('counties', {})) !== undefined) return false;
  const { file, inc, catalogueJws } = prepared;
  await books.add('counties', [
    {
      ...{ id: county, name: file.name, nameEn: file.nameEn, timeZone: file.timeZone, inc, downlinkVersion: 0 },
      ...{ policyJson: JSON.stringify(file.policy), policyVersion: 1, catalogueJws, catalogueVersion: 1 },
      ...{ hotlistVersion: 1, restoring: 0 },
    },
  ]);
  await storePlaces(books, prepared);
  await storePeople(books, prepared);
  await storeOperators(books, prepared);
  await storeCredits(books, prepared);
  const detail = { residents: file.residents.length, items: file.items.length };
  await books.audit({ at, user: 'import', act: 'county-imported', subject: county, detail });
  return true;
}

async function storePlaces(books: Books, { file, peppers }: PreparedCounty): Promise<void> {
  await books.add(
    'villages',
    file.villages.map(({ village, name, nameEn }) => {
      const pepperSealed = peppers.get(village);
      if (pepperSealed === undefined) throw new Error(`village ${village} was not prepared`);
      return { village, name, nameEn, pepperVersion: 1, pepperSealed };
    }),
  );
  await books.add('shops', file.shops);
  await books.add(
    'items',
    file.items.map(({ sku, rev, pts, name, reimburseFen }) => ({
      sku,
      rev,
      pts,
      name: name.zh,
      reimburseFen,
      fromAt: 0,
    })),
  );
}

async function storePeople(books: Books, { file, cards }: PreparedCounty): Promise<void> {
  let card = 0;
  const rows: CardRow[] = [];
  const addCards = (sealed: readonly SealedCard[], acct: string | null, clerk: string | null) => {
    for (const each of sealed) {
      card += 1;
      rows.push({ card, ...each, acct, clerk, unlockedAt: null });
    }
  };
  const residents = [];
  for (const { acct, village, name, initials } of file.residents) {
    const rosterVersion = await books.nextVersion();
    residents.push({ acct, village, name, initials, rosterVersion, preferencesJson: null, leftAt: null });
    addCards(cards.get(acct) ?? [], acct, null);
  }
  const clerks = [];
  for (const { clerk, village, name, acct = null } of file.clerks) {
    clerks.push({ clerk, village, name, acct, rosterVersion: await books.nextVersion() });
    addCards(cards.get(clerk) ?? [], null, clerk);
  }
  await books.add('residents', residents);
  await books.add('clerks', clerks);
  await books.add('cards', rows);
}

async function storeOperators(books: Books, { file, operators }: PreparedCounty): Promise<void> {
  await books.add(
    'operators',
    file.operators.map(({ user, name, role }) => {
      const hashed = operators.find((each) => each.user === user);
      if (hashed === undefined) throw new Error(`operator ${user} was not prepared`);
      const secrets = { passwordSalt: hashed.salt, passwordHash: hashed.hash, totpSealed: hashed.totpSealed };
      return { user, name, role, ...secrets, totpLastStep: 0 };
    }),
  );
}

/** Opening credits were agreed before the hub began: they are posted, and do not expire. */
async function storeCredits(books: Books, { file, transfers }: PreparedCounty): Promise<void> {
  const all = file.residents.flatMap(({ acct, credits }) => credits.map((credit) => ({ acct, ...credit })));
  await books.add(
    'credits',
    all.map(({ credit, acct, activity, pts, at }) => ({
      ...{ credit, acct, activity, reason: activity, pts, at, madeBy: 'import' },
      ...{ approvedBy: null, approvedAt: null, postsAt: at, state: 'posted', again: 0 },
    })),
  );
  for (const { transfer, at } of transfers) await books.post([transfer], at);
  await books.put(
    'lots',
    all.map(({ credit, acct, pts }) => ({ lot: credit, acct, pts, expired: 0, expiresAt: null })),
  );
}
