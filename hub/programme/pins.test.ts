import { afterEach, beforeEach, expect, it } from 'vitest';
import { cardToken } from '../../protocol/cards/token.ts';
import { toBase64url } from '../../protocol/primitives/base64url.ts';
import { fromHex } from '../../protocol/primitives/bytes.ts';
import type { PinSet, SyncRequest } from '../../protocol/sync/messages.ts';
import { type BooksFixture, booksFixture, crypto, DAY_MS } from '../../test/support/books-fixture.ts';
import { describeEngines, type OpenBooks } from '../../test/support/engines.ts';
import { takePins } from '../fleet/take-pins.ts';
import type { Books } from '../ledger/books.ts';
import { createSeal } from './seal.ts';

/** PINs set at kiosks, in a clerk's presence, as the hub takes them; and those set at the hub. */

const seal = createSeal(new Uint8Array(32));
const uid = (n: number) => `04${n.toString(16).padStart(12, '0')}`;
const token = (n: number) => cardToken({ version: 1, key: new Uint8Array(32) }, 'uid', uid(n), crypto);
const scryptOf = (n: number) => toBase64url(new Uint8Array(32).fill(n));
const NOW = 1_000_000;
const pin = (id: string, change: Partial<PinSet> = {}): PinSet => ({
  ...{ id, token: token(1), salt: `salt-${id}`, scrypt: scryptOf(1), clerk: 'c1', at: NOW - 1_000, ...change },
});

describeEngines('PINs', (openBooks) => {
  let hub: BooksFixture;
  let open: OpenBooks;
  const write = <T>(work: (books: Books) => Promise<T>) => hub.store.write(work);

  /** Card 1 is a1's, 2 is a2's, 3 is clerk c1's, 4 is a stranger's of another village, 5 is a1's and blocked. */
  beforeEach(async () => {
    open = await openBooks();
    hub = await booksFixture(open.books);
    await hub.kiosk();
    await write(async (books) => {
      const village = await books.get('villages', { village: 'v1' });
      if (village === undefined) throw new Error('no village');
      await books.put('villages', [
        { ...village, pepperSealed: seal.seal(new Uint8Array(32), 'pepper:v1.1') },
        { ...village, village: 'v2', pepperSealed: seal.seal(new Uint8Array(32), 'pepper:v2.1') },
      ]);
      const person = { name: '人', initials: 'r', preferencesJson: null, leftAt: null };
      await books.add('residents', [
        { acct: 'a9', village: 'v2', rosterVersion: await books.nextVersion(), ...person },
      ]);
      const clerk = { name: '店', rosterVersion: await books.nextVersion() };
      await books.add('clerks', [
        { clerk: 'c1', village: 'v1', acct: 'a2', ...clerk },
        { clerk: 'c9', village: 'v2', acct: null, ...clerk },
      ]);
      const owners = [
        ['a1', null],
        ['a2', null],
        [null, 'c1'],
        ['a9', null],
        ['a1', null],
      ] as const;
      await books.add(
        'cards',
        owners.map(([acct, clerkId], n) => {
          const bytes = fromHex(uid(n + 1)) ?? new Uint8Array();
          const sealed = {
            kind: 'uid',
            uidIndex: seal.index(bytes),
            uidSealed: seal.seal(bytes, 'uid'),
            last4: '0000',
          };
          const state = n === 4 ? ('blocked' as const) : ('good' as const);
          const none = { pinSalt: null, pinSealed: null, unlockedAt: null };
          return { card: n + 1, ...sealed, acct, clerk: clerkId, state, ...none };
        }),
      );
    });
  });
  afterEach(() => open.close());

  const request = (pins: readonly PinSet[], change: Partial<SyncRequest> = {}): SyncRequest => ({
    ...{ v: 1, tid: 'k1', ep: 1, via: 'net', id: 'q', inc: 'inc-1', have: { seq: 0, head: '' }, records: [] },
    want: { visits: [], judged: 0, roster: 0, catalogue: 0, hotlist: 0, policy: 0 },
    ...{ texts: [], pins: [...pins], ...change },
  });
  const take = (pins: readonly PinSet[], change: Partial<SyncRequest> = {}) =>
    write(async (books) => {
      const epoch = await books.get('epochs', { tid: 'k1', ep: 1 });
      if (epoch === undefined) throw new Error('no epoch');
      await takePins(books, epoch, request(pins, change), { seal, hashing: crypto, at: hub.clock.ms });
    });
  const card = async (n = 1) => {
    const row = await hub.store.read((books) => books.get('cards', { card: n }));
    const scrypt = row?.pinSealed ? toBase64url(new Uint8Array(seal.open(row.pinSealed, 'pin'))) : null;
    return { salt: row?.pinSalt, scrypt, unlockedAt: row?.unlockedAt };
  };
  const heard = async (acct = 'a1') =>
    hub.store.read(async (books) => (await books.get('residents', { acct }))?.rosterVersion ?? 0);
  const outcome = async (id: string) =>
    hub.store.read(async (books) => (await books.get('pins', { tid: 'k1', pin: id }))?.outcome);

  it('are sealed with the card, told to the village, and kept with who set them', async () => {
    const before = await heard();
    await take([pin('p1', { scrypt: scryptOf(8) })]);
    expect(await card()).toMatchObject({ salt: 'salt-p1', scrypt: scryptOf(8) });
    expect(await heard()).toBeGreaterThan(before);
    const row = await hub.store.read((books) => books.get('pins', { tid: 'k1', pin: 'p1' }));
    expect(row).toEqual({
      ...{ tid: 'k1', pin: 'p1', card: 1, at: NOW - 1_000, setBy: 'c1', takenAt: NOW, outcome: 'set' },
    });
  });

  it('count once by their id, however often they come, and whatever they say the second time', async () => {
    await take([pin('p1'), pin('p1')]);
    const before = await heard();
    await take([pin('p1', { at: NOW, scrypt: scryptOf(9) })]);
    expect([(await card()).scrypt, await heard()]).toEqual([scryptOf(1), before]);
  });

  it('never go over a newer one, and the kiosk that believes the older is told', async () => {
    await take([pin('late', { at: NOW - 10 })]);
    const before = await heard();
    await take([pin('early', { at: NOW - 20 })]);
    expect([(await card()).salt, await outcome('early')]).toEqual(['salt-late', 'older']);
    expect(await heard()).toBeGreaterThan(before);
    await take([pin('later', { at: NOW - 10 })]);
    expect((await card()).salt, 'of two at one time the higher id').toBe('salt-later');
    await take([pin('kept', { at: NOW - 10 })]);
    expect((await card()).salt).toBe('salt-later');
  });

  it('end the same in any order', async () => {
    const pins = [pin('a', { at: 5 }), pin('b', { at: 7 }), pin('c', { at: 7 }), pin('d', { at: 6 })];
    await take(pins);
    expect((await card()).salt).toBe('salt-c');
  });

  it('from a clock that is ahead keep no later one out', async () => {
    await take([pin('ahead', { at: NOW + 400 * DAY_MS })]);
    hub.clock.ms += 60_000;
    await take([pin('now', { at: hub.clock.ms })]);
    expect((await card()).salt).toBe('salt-now');
  });

  it('that are not this kiosk’s or this clerk’s to set are refused, and noted', async () => {
    const cases: readonly (readonly [what: string, change: Partial<PinSet>, code: string])[] = [
      ['a card of another village', { token: token(4) }, 'unknown-card'],
      ['no card at all', { token: `1.${'Z'.repeat(22)}` }, 'unknown-card'],
      ['a blocked card', { token: token(5) }, 'card-blocked'],
      ['a clerk nobody knows', { clerk: 'c7' }, 'unknown-clerk'],
      ['a clerk of another village', { clerk: 'c9' }, 'unknown-clerk'],
      ['the clerk’s own clerk card', { token: token(3) }, 'own-card'],
      ['the clerk’s own account', { token: token(2) }, 'own-card'],
    ];
    await take(cases.map(([, change], n) => pin(`p${n}`, change)));
    for (const [n, [what, , code]] of cases.entries()) expect(await outcome(`p${n}`), what).toBe(code);
    for (const n of [1, 2, 3, 4, 5]) expect((await card(n)).salt).toBeNull();
  });

  it('for a visitor it served are taken', async () => {
    await write((books) =>
      books.add('visits', [{ tid: 'k1', ep: 1, rid: 'r', acct: 'a9', reason: 'granted', grantedPts: 5, at: NOW }]),
    );
    await take([pin('p1', { token: token(4) })]);
    expect((await card(4)).salt).toBe('salt-p1');
  });

  it('that are none hurt nothing beside them, be it what no database takes for text', async () => {
    const bad = [{ id: 'p\u0000' }, { clerk: 'c\u0000' }, { scrypt: 'short' }, { salt: 'a b' }, { token: '\u0000' }];
    await take([...bad.map((change, n) => pin(`bad${n}`, change)), pin('good')]);
    expect([(await card()).salt, await outcome('good'), await outcome('bad2')]).toEqual([
      'salt-good',
      'set',
      undefined,
    ]);
  });

  it('on a stick, or from an epoch that may not sell, are not taken', async () => {
    await take([pin('p1')], { via: 'courier' });
    await write(async (books) => {
      const epoch = await books.get('epochs', { tid: 'k1', ep: 1 });
      if (epoch !== undefined) await books.put('epochs', [{ ...epoch, state: 'frozen' }]);
    });
    await take([pin('p2')]);
    expect([(await card()).salt, await outcome('p1'), await outcome('p2')]).toEqual([null, undefined, undefined]);
  });

  it('are set at the hub by an operator, over whatever a kiosk set before', async () => {
    await take([pin('p1', { at: NOW })]);
    expect(await hub.core.desk.setPin(1, '1234', 'ann')).toMatchObject({ ok: false, code: 'pin-weak' });
    expect(await hub.core.desk.setPin(1, '73', 'ann')).toMatchObject({ ok: false, code: 'pin-form' });
    expect(await hub.core.desk.setPin(99, '7391', 'ann')).toMatchObject({ ok: false, code: 'no-card' });
    expect(await hub.core.desk.setPin(5, '7391', 'ann')).toMatchObject({ ok: false, code: 'card-blocked' });
    const before = await heard();
    expect(await hub.core.desk.setPin(1, '7391', 'ann')).toMatchObject({ ok: true });
    const now = await card();
    expect([now.salt === 'salt-p1', now.scrypt?.length, (await heard()) > before]).toEqual([false, 43, true]);
    await take([pin('p2', { at: NOW })]);
    expect((await card()).salt).toBe(now.salt);
    hub.clock.ms += 5_000;
    await take([pin('p3', { at: hub.clock.ms })]);
    expect((await card()).salt, 'and a later one at a kiosk goes over it').toBe('salt-p3');
  });

  it('are unlocked at the hub: a roster change that only grows; the PIN stays', async () => {
    expect(await hub.core.desk.unlockPin(1, 'forgot', 'ann')).toMatchObject({ ok: false, code: 'pin-missing' });
    await take([pin('p1')]);
    const before = await heard();
    expect(await hub.core.desk.unlockPin(1, 'mistyped', 'ann')).toMatchObject({ ok: true });
    await hub.core.desk.unlockPin(1, 'again', 'ann');
    expect(await card()).toMatchObject({ salt: 'salt-p1', unlockedAt: NOW + 1 });
    expect(await heard()).toBeGreaterThan(before);
  });
});
