import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeHashing, nodeSigner } from '../../protocol/node/crypto.ts';
import type { Db } from '../../protocol/node/durable-sqlite.ts';
import type { Payload } from '../../protocol/records/payload.ts';
import { encodeRecord } from '../../protocol/records/record.ts';
import { epochRow } from '../../test/support/kiosk-fixture.ts';
import { memoryStore } from './memory-store.ts';
import type { AllowanceRow, BookCard, JournalRecord, JournalStore, PeopleQuery } from './port.ts';
import { openJournal, sqliteStore } from './sqlite-store.ts';

/** What every store of a kiosk must do and refuse: the simulator's silence counts only where both are alike. */

const dir = mkdtempSync(join(tmpdir(), 'tally-store-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let n = 0;

interface Disk {
  readonly store: JournalStore;
  fill(): void;
  free(): void;
}
const DISKS: Record<string, () => Disk> = {
  memory() {
    let full = false;
    return {
      store: memoryStore(() => full),
      fill: () => {
        full = true;
      },
      free: () => {
        full = false;
      },
    };
  },
  sqlite() {
    const db: Db = openJournal(join(dir, `${++n}.sqlite`));
    const pages = () => Number(db.pragma('page_count', { simple: true }));
    return {
      store: sqliteStore(db),
      fill: () => void db.pragma(`max_page_count = ${pages()}`),
      free: () => void db.pragma('max_page_count = 1073741823'),
    };
  },
};

const slip = { name: '张*芳', last4: '6105', beforePts: 100, afterPts: 94 };
const card = (token: string, owner: Partial<BookCard> = { acct: 'a1' }): BookCard => ({
  ...{ token, acct: null, clerk: null, last4: '1', state: 'good', pinSalt: null, pinVerifier: null, ...owner },
});
const allowance = (change: Partial<AllowanceRow> = {}): AllowanceRow => ({
  ...{ acct: 'a1', G: 20, S: 6, V: 2, R: 1, notAfter: 9, grantJws: 'g', ...change },
});
function record(seq: number, change: { ep?: number; acct?: string; at?: number } = {}): JournalRecord {
  const { ep = 1, acct = 'a1', at = seq } = change;
  const payload = {
    ...{ v: 1, type: 'return', tid: 'k1', ep, seq, prev: 'A'.repeat(43), at, up: 1, boot: 'b', day: '2027-01-15' },
    ...{ tot: 0, acct, pts: 1, S: 0, V: 0, R: seq },
  } as Payload;
  return signed(payload);
}
function close(seq: number): JournalRecord {
  const none = { count: 0, pts: 0 };
  return signed({
    ...{
      v: 1,
      type: 'close',
      tid: 'k1',
      ep: 1,
      seq,
      prev: 'A'.repeat(43),
      at: seq,
      up: 1,
      boot: 'b',
      day: '2027-01-15',
    },
    ...{ tot: 0, from: 1, to: seq - 1, redeemed: none, voided: none, byItem: {}, auto: true, unresolved: [] },
  } as unknown as Payload);
}
function signed(payload: Payload): JournalRecord {
  const { ep, seq } = payload;
  const { jws, hash } = encodeRecord(payload, nodeSigner(`k1.${ep}`, new Uint8Array(32).fill(1)), nodeHashing);
  return { ep, seq, jws, hash, payload };
}

describe.each(Object.keys(DISKS))('a kiosk’s store in %s', (name) => {
  let disk: Disk;
  let store: JournalStore;
  beforeEach(() => {
    disk = (DISKS[name] as () => Disk)();
    store = disk.store;
    store.addEpoch(epochRow(1));
  });

  it('gives back what was put in, byte for byte', () => {
    const used = { day: '2027-01-15', pts: 3, items: { rice: 1 } };
    const account = { acct: 'a1', name: '张*芳', initials: 'zf', elsewhere: 4, language: 'en' as const };
    store.putAccount({ ...account, visitor: true, used });
    store.putCards({ acct: 'a1' }, [card('t1')]);
    store.putClerk('c1', '李*');
    store.putAllowance(1, allowance());
    store.addRecord(record(1), slip);
    expect(store.epochs()).toEqual([epochRow(1)]);
    expect(store.account('a1')).toEqual({ ...account, visitor: true, used });
    expect([store.card('t1'), store.clerkName('c1')]).toEqual([card('t1'), '李*']);
    expect([store.allowance(1, 'a1'), store.allowances(1)]).toEqual([allowance(), [allowance()]]);
    expect([store.record(1, 1), store.last(1)]).toEqual([record(1), record(1)]);
    expect([store.lastClose(1), store.record(1, 2), store.account('a2'), store.card('t2')]).toEqual(
      Array(4).fill(null),
    );
  });

  it('finds the last close, whatever came behind it', () => {
    const records = [record(1), close(2), close(3), record(4)];
    for (const each of records) store.addRecord(each, null);
    expect([store.lastClose(1), store.lastClose(2)]).toEqual([close(3), null]);
    expect([1, 2, 3, 4].map((seq) => store.record(1, seq))).toEqual(records);
  });

  it('keeps epochs apart and in order, and an account’s records across them', () => {
    store.addEpoch(epochRow(3));
    store.addEpoch(epochRow(2));
    store.addRecord(record(1), null);
    store.addRecord(record(1, { ep: 2, at: 50 }), null);
    store.addRecord(record(2, { ep: 2, at: 60, acct: 'a2' }), null);
    store.putAllowance(2, allowance());
    expect(store.epochs().map(({ ep }) => ep)).toEqual([1, 2, 3]);
    expect(store.after(2, 0, 10).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(store.after(2, 0, 1)).toHaveLength(1);
    expect(store.ofAccount('a1', 0).map(({ ep, seq }) => [ep, seq])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(store.ofAccount('a1', 2)).toHaveLength(1);
    expect(store.allowance(1, 'a1')).toBeNull();
  });

  it.each([
    ['a hole in a chain', (s: JournalStore) => s.addRecord(record(3), null)],
    ['a second record in a place', (s: JournalStore) => s.addRecord(record(1, { at: 99 }), null)],
    ['an epoch that is there', (s: JournalStore) => s.addEpoch(epochRow(1))],
    ['G that falls', (s: JournalStore) => s.putAllowance(1, allowance({ G: 19 }))],
    ['S that falls', (s: JournalStore) => s.putAllowance(1, allowance({ S: 5 }))],
    ['V that falls', (s: JournalStore) => s.putAllowance(1, allowance({ V: 1 }))],
    ['R that falls', (s: JournalStore) => s.putAllowance(1, allowance({ R: 0 }))],
    ['more voided than spent', (s: JournalStore) => s.putAllowance(1, allowance({ V: 7 }))],
    ['more spent than granted', (s: JournalStore) => s.putAllowance(1, allowance({ S: 22 }))],
    ['more than granted from the first row on', (s: JournalStore) => s.putAllowance(1, allowance({ acct: 'b', G: 4 }))],
    ['a card of nobody', (s: JournalStore) => s.putCard(card('t9', {}))],
    ['a card of two', (s: JournalStore) => s.putCard(card('t9', { acct: 'a1', clerk: 'c1' }))],
  ])('refuses %s, and nothing of it stays', (_fault, play) => {
    store.addRecord(record(1), null);
    store.putAllowance(1, allowance());
    expect(() => play(store)).toThrow();
    expect([store.last(1), store.allowances(1), store.epochs().length]).toEqual([record(1), [allowance()], 1]);
    expect(store.card('t9')).toBeNull();
  });

  it('leaves nothing of a transaction that fails at its end', () => {
    store.setFact('f', 'before');
    const play = () =>
      store.transact(() => {
        store.addEpoch(epochRow(2));
        store.addRecord(record(1), slip);
        store.putAllowance(1, allowance());
        store.putCards({ acct: 'a1' }, [card('t1')]);
        store.putVerdict(1, 1, { stage: 'matched', code: null });
        store.addText({ hash: 'h', salt: 's', text: 't' });
        store.setPinTries('t1', 2);
        store.setFact('f', null);
        throw new Error('power cut');
      });
    expect(play).toThrow('power cut');
    expect([store.last(1), store.allowance(1, 'a1'), store.card('t1'), store.verdict(1, 1)]).toEqual(
      Array(4).fill(null),
    );
    expect([store.texts(9), store.pinTries('t1'), store.fact('f')]).toEqual([[], 0, 'before']);
    expect(store.epochs()).toHaveLength(1);
    // And works on as if it had never been.
    store.addRecord(record(1), slip);
    expect(store.last(1)?.seq).toBe(1);
  });

  it('leaves nothing of what a full disk refused, and takes it when there is room again', () => {
    disk.fill();
    const big = { hash: 'A'.repeat(43), salt: 's', text: 't'.repeat(60_000) };
    const play = () => store.transact(() => store.addText(big));
    expect(play).toThrow(/full/);
    expect(store.texts(9)).toEqual([]);
    disk.free();
    play();
    expect(store.texts(9)).toHaveLength(1);
  });

  it('replaces an owner’s cards, lets a card change its owner, and forgets people but no tries', () => {
    store.putAccount({
      acct: 'a1',
      name: 'n',
      initials: 'i',
      elsewhere: 0,
      language: null,
      visitor: false,
      used: null,
    });
    store.putClerk('c1', '李*');
    store.putCards({ acct: 'a1' }, [card('t1'), card('t2')]);
    store.putCards({ acct: 'a1' }, [card('t2')]);
    store.putCards({ clerk: 'c1' }, [card('t2', { clerk: 'c1' })]);
    expect([store.card('t1'), store.card('t2')?.clerk]).toEqual([null, 'c1']);
    store.setPinTries('t2', 3);
    store.forgetPeople();
    expect([store.account('a1'), store.clerkName('c1'), store.card('t2'), store.pinTries('t2')]).toEqual([
      null,
      null,
      null,
      3,
    ]);
  });

  it('finds people by the beginning of their initials, or by the last four of any of their cards', () => {
    const add = (acct: string, initials: string, last4: readonly string[], visitor = false) => {
      store.putAccount({ acct, name: '张*芳', initials, elsewhere: 0, language: null, visitor, used: null });
      store.putCards(
        { acct },
        last4.map((each, nth) => ({ ...card(`${acct}-${nth}`, { acct }), last4: each })),
      );
    };
    add('a3', 'zgf', ['1111']);
    add('a2', 'zgt', ['2222', '1111']);
    add('a1', 'ZG', []);
    add('a4', 'zh', ['3333']);
    add('a5', 'zg', ['1111'], true);
    store.putCards({ clerk: 'c1' }, [{ ...card('t9', { clerk: 'c1' }), last4: '1111' }]);
    const found = (by: PeopleQuery, limit = 9) => store.findPeople(by, limit).map(({ acct }) => acct);
    expect(found({ initials: 'zg' })).toEqual(['a1', 'a3', 'a2']);
    expect([found({ initials: 'Z' }, 2), found({ initials: 'zgx' }), found({ initials: 'g' })]).toEqual([
      ['a1', 'a3'],
      [],
      [],
    ]);
    expect([found({ last4: '1111' }), found({ last4: '111' }), found({ last4: '1111' }, 1)]).toEqual([
      ['a3', 'a2'],
      [],
      ['a3'],
    ]);
    expect(store.cardsOf('a2').map(({ token, last4 }) => [token, last4])).toEqual([
      ['a2-0', '2222'],
      ['a2-1', '1111'],
    ]);
    expect([store.cardsOf('a1'), store.cardsOf('c1')]).toEqual([[], []]);
  });

  it('learns a verdict anew, also where only its code changed', () => {
    for (const seq of [1, 2, 3]) store.addRecord(record(seq), null);
    store.putVerdict(1, 1, { stage: 'quarantined', code: 'price' });
    store.putVerdict(1, 2, { stage: 'quarantined', code: 'price' });
    store.putVerdict(1, 3, { stage: 'matched', code: null });
    store.putVerdict(1, 1, { stage: 'quarantined', code: 'counters' });
    expect(store.verdict(1, 1)).toEqual({ stage: 'quarantined', code: 'counters' });
    expect([store.quarantined(1, 0), store.quarantined(1, 1)]).toEqual([[1, 2], [2]]);
    store.putVerdict(1, 2, { stage: 'closed', code: null });
    expect(store.quarantined(1, 0)).toEqual([1]);
  });

  it('keeps what waits to be sent as it was first said, until it is dropped', () => {
    const pin = { id: 'p', token: 't', salt: 's', scrypt: 'x', clerk: 'c1', at: 1 };
    store.addPin(pin);
    store.addPin({ ...pin, scrypt: 'other' });
    store.addText({ hash: 'h', salt: 's', text: 'one' });
    store.addText({ hash: 'h', salt: 's', text: 'two' });
    expect([store.pins(9), store.texts(9)]).toEqual([[pin], [{ hash: 'h', salt: 's', text: 'one' }]]);
    expect([store.pins(0), store.texts(0)]).toEqual([[], []]);
    store.dropPins(['p', 'unknown']);
    store.dropTexts(['h']);
    expect([store.pins(9), store.texts(9)]).toEqual([[], []]);
  });
});
