import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failingBooks } from '../../test/support/failing-books.ts';
import { createChain, enrolTerminal, type FakeTerminal } from '../../test/support/fake-terminal.ts';
import { COUNTY, hubSigner, openTestHub, type TestHub } from '../../test/support/hub-fixture.ts';
import { verifyExport } from '../export/verify.ts';
import { writeExport } from '../export/write-export.ts';

/** A fork stops what follows it, dirt stops nothing, and a judging that fails takes nothing back. */

let hub: TestHub;
let k1: FakeTerminal;
let judgingFails = false;
beforeEach(async () => {
  judgingFails = false;
  hub = await openTestHub({ store: failingBooks({ judging: () => judgingFails }) });
  k1 = await enrolTerminal(hub);
  await k1.sync([]);
});
afterEach(() => hub.close());

const rows = (sql: string) => hub.sql((db) => db.prepare(sql).all() as Record<string, unknown>[]);
const stages = () => rows('SELECT seq, stage FROM judgements ORDER BY seq').map((row) => `${row.seq} ${row.stage}`);
const shop = () => rows("SELECT amount FROM balances WHERE account = 'shop:s1'")[0]?.amount ?? 0;
const granted = () => rows('SELECT g FROM allowances ORDER BY acct');
const waits = () => hub.now.waitsCode('k1', 1);
async function findings() {
  const about = { county: COUNTY, inc: hub.now.inc, at: hub.clock.ms };
  expect((await writeExport(hub.now.store.exports, join(hub.dir, 'out'), hubSigner, about)).ok).toBe(true);
  return (await verifyExport(join(hub.dir, 'out'))).findings;
}

describe('junk', () => {
  it('of every kind occupies no ID, freezes nothing, and stands in nobody’s way', async () => {
    const [open, one] = [k1.open(), k1.redeem('r1')];
    const [head, body, tail = ''] = one.jws.split('.');
    const stray = `${tail.slice(0, -1)}${String.fromCharCode(tail.charCodeAt(85) + 1)}`;
    const stranger = createChain('k1', undefined, new Uint8Array(32).fill(3));
    const deep = JSON.parse(`{"x":${'['.repeat(2_000)}${']'.repeat(2_000)}}`) as Record<string, unknown>;
    const junk = [
      ...['', 'rubbish', `${one.jws}\n`, `${head}.${body}.${tail}==`, `${head}.${body}.${stray}`],
      ...[stranger.open().jws, createChain('k2').open().jws, k1.sign({ ...deep, tid: 'k1', ep: 1, seq: 2 }).jws],
    ];
    const answer = await k1.sync([...junk, open.jws, ...junk, one.jws]);
    expect(answer).toMatchObject({ stored: { seq: 2, head: one.hash }, state: 'open' });
    expect(stages()).toEqual(['1 matched', '2 matched']);
    const kept = rows('SELECT jws FROM records WHERE seq IS NULL').map((row) => row.jws);
    expect(kept.toSorted()).toEqual(junk.toSorted());
  });
});

describe('a fork', () => {
  it('at a judged record: what was posted stays, nothing after it has an effect', async () => {
    const [open, one] = [k1.open(), k1.redeem('r1')];
    await k1.sync([open, one]);
    const fork = k1.forkOf(one, { pts: 30, S: 30, tot: 30, lines: [{ sku: 'rice', rev: 1, qty: 3, pts: 10 }] });
    expect(await k1.sync([fork])).toMatchObject({ state: 'frozen', stored: { seq: 2, head: one.hash } });
    expect(await k1.sync([k1.redeem('r1'), k1.redeem('r1')])).toMatchObject({ state: 'frozen', stored: { seq: 4 } });
    expect([stages(), shop(), await waits()]).toEqual([['1 matched', '2 matched'], 10, 'forked']);
    await hub.restart();
    await hub.now.judging.judgeAll((what, error) => expect.fail(`${what}: ${error}`));
    expect(shop()).toBe(10);
    expect(await findings()).toEqual([]);
  });

  it('ends grants: what was spent before it is not topped up', async () => {
    const before = granted();
    const [open, one, two] = [k1.open(), k1.redeem('r1'), k1.redeem('r1')];
    expect((await k1.sync([open, one, two, k1.forkOf(two)])).judged).toHaveLength(2);
    expect(granted()).toEqual(before);
  });

  it.each([
    ['in one batch', (a: string, b: string) => [[a, b]]],
    ['in two, one first', (a: string, b: string) => [[a], [b]]],
    ['in two, the other first', (a: string, b: string) => [[b], [a]]],
  ])('beyond a gap, %s: neither branch is judged when the gap is filled', async (_what, batches) => {
    const [open, one, two] = [k1.open(), k1.redeem('r1'), k1.redeem('r1')];
    for (const batch of batches(two.jws, k1.forkOf(two).jws)) await k1.sync([open.jws, ...batch]);
    expect(await k1.sync([one])).toMatchObject({ state: 'frozen', stored: { seq: 3 } });
    expect([stages(), shop()]).toEqual([['1 matched', '2 matched'], 10]);
    expect(await k1.sync([k1.redeem('r1')])).toMatchObject({ stored: { seq: 4 } });
    expect(await findings(), 'whichever branch the next one follows').toEqual([]);
  });

  it('freezes in the transaction that stores it: a store that cannot freeze stores nothing', async () => {
    const [open, one] = [k1.open(), k1.redeem('r1')];
    await k1.sync([open, one]);
    const refusing = "CREATE TRIGGER no_freeze BEFORE UPDATE OF state ON epochs BEGIN SELECT RAISE(ABORT, 'no'); END";
    hub.sql((db) => db.exec(refusing));
    expect((await k1.post(k1.body([k1.forkOf(one)]))).statusCode).toBe(500);
    expect(rows('SELECT seq FROM records ORDER BY seq')).toEqual([{ seq: 1 }, { seq: 2 }]);
  });
});

describe('judging', () => {
  it('that fails takes nothing back: stored, answered, and judged at the next sync, though nothing new came', async () => {
    judgingFails = true;
    expect(await k1.sync([k1.open(), k1.redeem('r1')])).toMatchObject({ stored: { seq: 2 }, judged: [] });
    expect(hub.logs.join()).toContain('the disk is on fire');
    judgingFails = false;
    expect((await k1.sync([])).judged.map((judged) => judged.stage)).toEqual(['matched', 'matched']);
    expect(shop()).toBe(10);
  });

  it('waits at what it does not know; custody and the records before it do not', async () => {
    const stock = { type: 'barter', goods: 'eggs' };
    const records = [k1.open(), k1.redeem('r1'), k1.append(stock), k1.redeem('r1')];
    expect(await k1.sync(records)).toMatchObject({ stored: { seq: 4 }, state: 'open' });
    expect([stages(), shop(), await waits()]).toEqual([['1 matched', '2 matched'], 10, 'unknown-type']);
    await k1.sync([k1.redeem('r1')]);
    expect(stages()).toHaveLength(2);
  });

  it('of three requests at once ends as of one after the other', async () => {
    const records = [k1.open(), ...Array.from({ length: 20 }, () => k1.redeem('r1'))];
    await Promise.all([k1.sync(records.slice(0, 15)), k1.sync(records), k1.sync(records.slice(5))]);
    expect([stages().length, shop()]).toEqual([21, 200]);
  });

  it('past a hole says nothing, and neither does an auditor: sums behind it need not continue', async () => {
    const [open, , two, three] = [k1.open(), k1.redeem('r1'), k1.redeem('r1'), k1.redeem('r1')];
    await k1.sync([open, two, three]);
    expect(stages()).toEqual(['1 matched']);
    expect(await findings()).toEqual([]);
  });
});
