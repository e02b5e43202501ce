import type { CountyFile } from './county-file.ts';

/** What no schema can see in a county file: names used twice, and names of things that are not there. */

type Named = readonly [place: string, name: string];

export function countyFaults(county: CountyFile): string[] {
  const villages = new Set(county.villages.map((v) => v.village));
  const categories = new Set(county.categories.map((c) => c.id));
  const owners = [...county.residents, ...county.clerks];
  return [
    ...(isTimeZone(county.timeZone) ? [] : ['/timeZone: not a time zone of the IANA list']),
    ...doubled(county.villages.map((v, i) => [`/villages/${i}/village`, v.village])),
    ...doubled(county.shops.map((s, i) => [`/shops/${i}/shop`, s.shop])),
    ...doubled(county.categories.map((c, i) => [`/categories/${i}/id`, c.id])),
    ...doubled(county.items.map((item, i) => [`/items/${i}`, `${item.sku} revision ${item.rev}`])),
    // One list: cards are kept by the id of their owner, so a clerk named like an account would get its cards.
    ...doubled([
      ...county.residents.map((r, i): Named => [`/residents/${i}/acct`, r.acct]),
      ...county.clerks.map((c, i): Named => [`/clerks/${i}/clerk`, c.clerk]),
    ]),
    ...doubled(county.operators.map((o, i) => [`/operators/${i}/user`, o.user])),
    // A UID is named by its place only: what is printed here may end in a log.
    ...doubled(owners.flatMap((o) => o.cards.map((c, i): Named => [`card ${i} of ${ownerOf(o)}`, c.uid]))).map(
      (fault) => `${fault.slice(0, fault.indexOf(':'))}: this UID stands twice`,
    ),
    ...doubled(county.residents.flatMap((r, i) => r.credits.map((c): Named => [`/residents/${i}/credits`, c.credit]))),
    ...absent(
      county.shops.map((s, i) => [`/shops/${i}/village`, s.village]),
      villages,
    ),
    ...absent(
      county.residents.map((r, i) => [`/residents/${i}/village`, r.village]),
      villages,
    ),
    ...absent(
      county.clerks.map((c, i) => [`/clerks/${i}/village`, c.village]),
      villages,
    ),
    ...absent(
      county.items.map((item, i) => [`/items/${i}/category`, item.category]),
      categories,
    ),
  ];
}

function ownerOf(owner: CountyFile['residents'][number] | CountyFile['clerks'][number]): string {
  return 'acct' in owner ? owner.acct : owner.clerk;
}

function doubled(all: readonly Named[]): string[] {
  const seen: Set<string> = new Set();
  const faults: string[] = [];
  for (const [place, name] of all) {
    if (seen.has(name)) faults.push(`${place}: ${name} stands twice`);
    seen.add(name);
  }
  return faults;
}

function absent(all: readonly Named[], known: ReadonlySet<string>): string[] {
  return all.filter(([, name]) => !known.has(name)).map(([place, name]) => `${place}: there is no ${name}`);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}
