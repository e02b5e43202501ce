import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entry, grant, NOON, roster, TOKEN } from '../../test/support/kiosk-fixture.ts';
import { obedient } from '../../test/support/obedient-printer.ts';
import { type PrintDesk, printDesk } from '../../test/support/print-desk.ts';
import { clerkTrail } from '../journal/clerk-trail.ts';
import { type Desk, EMPTY_DESK } from '../redemption/desk.ts';
import { createCounter, FOUND_MAX } from './counter.ts';

/** What the clerk's counter reads of the books, and what of a clerk's deeds stays. */

const other = `1.${'B'.repeat(22)}`;
const spare = `1.${'C'.repeat(22)}`;
const card = (token: string, last4: string, change: object = {}) => ({
  token,
  last4,
  state: 'good' as const,
  ...change,
});
const pin = { salt: 'c2FsdA', verifier: 'v'.repeat(43) };

describe('the clerk’s counter', () => {
  let desk: PrintDesk;
  beforeEach(() => {
    desk = printDesk();
  });
  afterEach(() => desk.close());

  function shop() {
    const kiosk = desk.kioskWith(obedient('absent').port);
    const { store, book, journal, till, jobs } = kiosk;
    const counter = createCounter({ store, book, journal, till, jobs, tid: 'k1', nowAt: () => kiosk.clock.at });
    return { kiosk, counter, sell: () => kiosk.sell() };
  }
  const typed = (keys: string, change: Partial<Desk> = {}): Desk => ({ ...EMPTY_DESK, keys, ...change });

  it('shows six people a page with the card that would be used, and never more than can be leafed through', () => {
    const { kiosk, counter } = shop();
    const many = Array.from({ length: FOUND_MAX + 5 }, (_, nth) => entry(`b${nth}`, { initials: 'zz', cards: [] }));
    const cards = [card(other, '1111', { state: 'blocked' }), card(spare, '2222'), card(TOKEN, '3333', { pin })];
    kiosk.told({ roster: roster(2, entry('a1', { initials: 'zgf', cards }), ...many) });
    expect(counter.find(typed('zg'), true)).toMatchObject({
      ...{ count: 1, more: false, people: [{ acct: 'a1', name: '张*芳', initials: 'zgf', last4: '3333' }] },
    });
    const digits = typed('2222', { by: 'last4' });
    expect(counter.find(digits, true).people.map(({ last4 }) => last4)).toEqual(['2222']);
    expect(counter.find(typed('z'), false)).toMatchObject({ count: FOUND_MAX, more: true, people: [] });
    expect(counter.find(typed('zz', { page: 99 }), true)).toMatchObject({ page: 9, pages: 10 });
    expect(counter.find(typed('zz', { page: 1 }), true).people).toHaveLength(6);
    expect(counter.find(typed(''), true)).toMatchObject({ count: 0, people: [] });
  });

  it('looks somebody up by their account: the card named, else one with a PIN, or why not', () => {
    const { kiosk, counter } = shop();
    const cards = [card(spare, '2222', { pin }), card(TOKEN, '3333')];
    kiosk.told({
      roster: roster(2, entry('a1', { cards }), entry('a2', { cards: [card(other, '1111', { state: 'blocked' })] })),
    });
    expect(counter.lookUp('a1', null)).toMatchObject({ kind: 'resident', person: { token: spare, spendablePts: 100 } });
    expect(counter.lookUp('a1', '3333')).toMatchObject({ person: { token: TOKEN, hasPin: false } });
    expect([counter.lookUp('a2', null).kind, counter.lookUp('a9', null).kind]).toEqual(['blocked', 'unknown']);
  });

  it('notes who helps whom before a session begins, and not where none does', () => {
    const { kiosk, counter } = shop();
    const clerks = [{ clerk: 'c1', name: '李*', acct: 'a2', cards: [] }];
    const mine = entry('a2', { cards: [card(other, '1111')] });
    kiosk.told({ roster: { ...roster(2, mine), clerks }, grants: [grant('a2', 50)] });
    expect(counter.beginHelp(TOKEN, 'c1')).toMatchObject({ kind: 'resident', person: { acct: 'a1' } });
    counter.beginHelp(other, 'c1');
    counter.beginHelp(spare, 'c1');
    expect(clerkTrail(kiosk.store)).toEqual([{ at: NOON, deed: 'help', clerk: 'c1', token: TOKEN }]);
  });

  it('lists what still can be undone, newest first, and undoes it once', () => {
    const { kiosk, counter, sell } = shop();
    for (let n = 0; n < 3; n++) sell();
    expect(counter.voidRows(0, null)).toMatchObject({ page: 0, pages: 1, rows: [{ seq: 4 }, { seq: 3 }, { seq: 2 }] });
    expect(counter.voidRows(0, 'a1').rows[0]).toMatchObject({ number: 'k1.1.4', time: '12:00', pts: 10, own: true });
    expect(counter.undoing(3, null)).toMatchObject({ row: { seq: 3 }, lines: [{ sku: 'rice', qty: 1, pts: 10 }] });
    expect(counter.undo(3, 'wrong-item', 'c1')).toEqual({ ok: true, code: 'voided' });
    expect(kiosk.store.last(1)?.payload).toMatchObject({ type: 'void', ref: 3, reason: 'wrong-item', clerk: 'c1' });
    expect([counter.voidRows(0, null).rows.map(({ seq }) => seq), counter.undoing(3, null)]).toEqual([[4, 2], null]);
    expect([2, 3, 5].map(counter.canVoid)).toEqual([true, false, false]);
    expect(counter.undo(3, 'other', 'c1')).toEqual({ ok: false, code: 'void-twice' });
    kiosk.till.close(false, 'c1');
    expect(counter.voidRows(0, null).rows).toEqual([]);
    expect(counter.undo(2, 'other', 'c1')).toEqual({ ok: false, code: 'void-closed' });
    sell();
    expect(counter.voidRows(0, null).rows.map(({ seq }) => seq)).toEqual([7]);
    expect(counter.undo(99, 'other', 'c1')).toEqual({ ok: false, code: 'void-nothing' });
    kiosk.clock.stop = 'revoked';
    expect(counter.undo(7, 'other', 'c1')).toEqual({ ok: false, code: 'void-stopped' });
  });

  it('finds a slip by its number, copies it, and notes who asked', () => {
    const { kiosk, counter, sell } = shop();
    sell();
    expect([counter.print(9), counter.print(1), counter.printCopy(1, 'c1')]).toEqual([null, null, false]);
    expect(counter.print(2)).toMatchObject({ number: 'k1.1.2', name: '苏*𠮷', pts: 10, state: 'queued', copies: 0 });
    const job = kiosk.jobs.original(2)?.job ?? 0;
    kiosk.jobs.move(job, 'sending');
    kiosk.jobs.move(job, 'unknown');
    expect(counter.unsurePrints()).toBe(1);
    expect(counter.printCopy(2, 'c1')).toBe(true);
    expect([counter.print(2)?.copies, counter.unsurePrints()]).toEqual([1, 0]);
    expect(clerkTrail(kiosk.store)).toEqual([{ at: NOON, deed: 'print-copy', clerk: 'c1', seq: 2 }]);
  });
});
