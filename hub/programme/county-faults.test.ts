import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestHub, preparedCounty, START_MS, type TestHub } from '../../test/support/hub-fixture.ts';
import { tinyCounty } from '../../test/support/tiny-county.ts';
import { openSqliteStore } from '../store/open.ts';
import type { CountyFile } from './county-file.ts';
import { readCountyFile } from './read-county-file.ts';
import { storeCounty } from './store-county.ts';

/** A county file with faults is refused with a line for each, and nothing of it is stored. */

const faultsOf = (change: (county: CountyFile) => void) => {
  const county = tinyCounty();
  change(county);
  const read = readCountyFile(county);
  return read.ok ? [] : read.faults;
};
const first = <T>(list: readonly T[]): T => {
  const [one] = list;
  if (one === undefined) throw new Error('nothing there');
  return one;
};
const uid = '04a1b2c3d4e5f6';

describe('a county file', () => {
  it('without faults is taken as it is', () => {
    expect(readCountyFile(tinyCounty())).toEqual({ ok: true, county: tinyCounty() });
  });

  it.each<[string, (county: CountyFile) => void, string]>([
    ['a village twice', (c) => c.villages.push(first(c.villages)), '/villages/2/village: v1 stands twice'],
    ['a shop twice', (c) => c.shops.push(first(c.shops)), '/shops/2/shop: s1 stands twice'],
    ['a category twice', (c) => c.categories.push(first(c.categories)), '/categories/1/id: food stands twice'],
    ['a revision twice', (c) => c.items.push(first(c.items)), '/items/2: rice revision 1 stands twice'],
    [
      'an account twice',
      (c) => c.residents.push({ ...first(c.residents), cards: [], credits: [] }),
      '/residents/3/acct: r1 stands twice',
    ],
    [
      'a clerk named like an account',
      (c) => c.clerks.push({ ...first(c.clerks), clerk: 'r1', cards: [] }),
      '/clerks/1/clerk: r1 stands twice',
    ],
    ['an operator twice', (c) => c.operators.push(first(c.operators)), '/operators/4/user: ann stands twice'],
    [
      'a UID of two people',
      (c) => first(c.clerks).cards.push(first(first(c.residents).cards)),
      'card 1 of c1: this UID stands twice',
    ],
    [
      'a credit twice',
      (c) => first(c.residents).credits.push(first(first(c.residents).credits)),
      '/residents/0/credits: e1 stands twice',
    ],
    [
      'a shop in no village',
      (c) => Object.assign(first(c.shops), { village: 'v9' }),
      '/shops/0/village: there is no v9',
    ],
    [
      'a resident of no village',
      (c) => Object.assign(first(c.residents), { village: 'v9' }),
      '/residents/0/village: there is no v9',
    ],
    [
      'a clerk of no village',
      (c) => Object.assign(first(c.clerks), { village: 'v9' }),
      '/clerks/0/village: there is no v9',
    ],
    [
      'an item of no category',
      (c) => Object.assign(first(c.items), { category: 'toys' }),
      '/items/0/category: there is no toys',
    ],
    [
      'a time zone of nowhere',
      (c) => Object.assign(c, { timeZone: 'Asia/Atlantis' }),
      '/timeZone: not a time zone of the IANA list',
    ],
  ])('%s is one line', (_what, change, line) => {
    expect(faultsOf(change)).toEqual([line]);
  });

  it.each<[string, (county: CountyFile) => void, RegExp]>([
    [
      'a negative credit',
      (c) => Object.assign(first(first(c.residents).credits), { pts: -1 }),
      /residents\/0\/credits\/0\/pts/,
    ],
    ['a price of nothing', (c) => Object.assign(first(c.items), { pts: 0 }), /items\/0\/pts/],
    [
      'a PIN of letters',
      (c) => Object.assign(first(first(c.residents).cards), { pin: 'abcd' }),
      /residents\/0\/cards\/0\/pin/,
    ],
    ['a short password', (c) => Object.assign(first(c.operators), { password: 'short' }), /operators\/0\/password/],
    ['an account with a colon', (c) => Object.assign(first(c.residents), { acct: 'r:1' }), /residents\/0\/acct/],
    ['a field nobody knows', (c) => Object.assign(first(c.residents), { idNumber: '1' }), /residents\/0/],
    ['no villages', (c) => Object.assign(c, { villages: [] }), /villages/],
  ])('%s is refused at its place', (_what, change, place) => {
    expect(faultsOf(change).join('\n')).toMatch(place);
  });

  it('names no secret in its lines, and at most twenty of them', () => {
    const doubled = faultsOf((c) => {
      for (let n = 0; n < 40; n++) first(c.clerks).cards.push(first(first(c.residents).cards));
    });
    expect(doubled).toHaveLength(20);
    expect(doubled.join()).not.toContain(uid);
  });
});

describe('an import', () => {
  let hub: TestHub;
  beforeEach(async () => {
    hub = await openTestHub();
  });
  afterEach(() => hub.close());
  const counts = () =>
    hub.sql((db) => {
      const tables = ['counties', 'residents', 'cards', 'transfers', 'credits', 'operators', 'audit', 'items'];
      return tables.map((table) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
    });

  it('into a store that holds this county changes nothing', async () => {
    const before = counts();
    expect(before).toEqual([1, 3, 3, 6, 3, 4, 1, 2]);
    const county = await preparedCounty();
    const again = hub.now.store.books.write((books) => storeCounty(books, 'test-county', county, START_MS));
    expect(await again).toBe(false);
    expect(counts()).toEqual(before);
  });

  it('that fails at its last line stores nothing', async () => {
    const good = await preparedCounty();
    const other = openSqliteStore(`${hub.dir}/fresh.sqlite`, 'test-county');
    const broken = { ...good, operators: good.operators.slice(1) };
    const store = (county: typeof good) =>
      other.books.write((books) => storeCounty(books, 'test-county', county, START_MS));
    await expect(store(broken)).rejects.toThrow(/ann was not prepared/);
    expect(await other.books.read((books) => books.get('counties', {}))).toBeUndefined();
    expect(await store(good)).toBe(true);
    await other.close();
  });

  it('keeps PIN, password, UID and one-time-code secret sealed or hashed', () => {
    const all = hub.sql((db) =>
      ['cards', 'operators', 'residents', 'villages'].map((table) =>
        JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all()),
      ),
    );
    for (const secret of [uid, '737373', 'correct horse battery', 'JBSWY3DPEHPK3PXP'])
      expect(all.join()).not.toContain(secret);
    expect(
      hub.sql((db) => db.prepare('SELECT account, amount FROM balances WHERE amount <> 0 ORDER BY account').all()),
    ).toEqual([
      { account: 'account:r1', amount: 300 },
      { account: 'account:r2', amount: 40 },
      { account: 'account:r3', amount: 50 },
      { account: 'programme', amount: -390 },
    ]);
  });
});
