import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { CutPoint } from '../simulate/power.ts';
import { ANN, BEN, secretsOf } from './county.ts';
import { balancesOf, MATCHED, recordsOf, stagesOf } from './exported.ts';
import type { Run } from './run.ts';
import type { Story } from './story.ts';

/** Crashes, copies, people, disks: what must hold when things go wrong on purpose. */

const CUTS: readonly CutPoint[] = ['before-commit', 'before-fence', 'torn-fence', 'after-fence'];

async function printedIsDurable(run: Run): Promise<void> {
  const kiosk = await run.honest();
  const [a, b] = kiosk.place.accts;
  for (const cut of CUTS) {
    expect(kiosk.sell(a, 'salt')?.ok, cut).toBe(true);
    kiosk.node.cutAt(cut);
    kiosk.sell(b, 'salt');
    expect(kiosk.node.running, cut).toBeNull();
    kiosk.node.start();
    await kiosk.sync();
    expect(kiosk.node.stop(), cut).toBeNull();
  }
  expect(kiosk.papers.filter((paper) => !paper.durable || !paper.fenced)).toEqual([]);
  const numbers = kiosk.papers.map(({ record }) => record.seq);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers).toHaveLength(CUTS.length);
  // Everything on paper is at the hub; what the power took the paper of is too, for a copy.
  const held = new Set(recordsOf(await run.books(), kiosk.place.tid).map((line) => line.jws));
  for (const { record } of kiosk.papers) expect(held.has(record.jws)).toBe(true);
  const redeems = kiosk.records().filter(({ payload }) => payload.type === 'redeem');
  expect(redeems).toHaveLength(CUTS.length + 3);
  for (const { jws } of redeems) expect(held.has(jws)).toBe(true);
}

async function oldCopySellsNothing(run: Run): Promise<void> {
  const kiosk = await run.honest();
  const [a] = kiosk.place.accts;
  kiosk.sell(a, 'salt');
  await kiosk.sync();
  const clone = kiosk.clone();
  const backup = kiosk.image(false);
  kiosk.sell(a, 'salt');
  kiosk.sell(a, 'rice');
  await kiosk.sync();

  // Put back from a backup that does not reach the fence: it sells nothing, before it has spoken to anybody.
  const newest = kiosk.image(true);
  kiosk.putBack(backup);
  expect(kiosk.sell(a, 'salt')).toMatchObject({ ok: false, code: 'rolled-back' });
  expect(await run.hub.shown(kiosk.place.tid)).not.toContain('rollback');
  await kiosk.sync();
  expect(kiosk.sell(a, 'salt')).toMatchObject({ ok: false });
  expect(await run.hub.shown(kiosk.place.tid)).toContain('rollback');
  kiosk.putBack(newest);

  // A clone brings its own fence. It sells until its first contact; then no more, and an operator is shown why.
  const cloned = clone.sell(a, 'rice', 2);
  expect(cloned?.ok).toBe(true);
  await clone.sync();
  expect(clone.sell(a, 'salt')).toMatchObject({ ok: false });
  expect(clone.node.stop()).not.toBeNull();
  const shown = await run.hub.shown(kiosk.place.tid);
  expect(shown).toEqual(expect.arrayContaining(['rollback', 'fork']));
  await kiosk.sync();
  expect(kiosk.sell(a, 'salt')).toMatchObject({ ok: false });

  // No sale that any copy still holds is lost.
  const held = new Set(recordsOf(await run.books(), kiosk.place.tid).map((line) => line.jws));
  for (const { jws } of [...kiosk.records(), ...clone.records()]) expect(held.has(jws)).toBe(true);
  expect(cloned?.ok && held.has(cloned.record.jws)).toBe(true);
}

async function twoPeople(run: Run): Promise<void> {
  const { hub } = run;
  const place = run.place();
  const { tid, shop, accts } = place;
  // Enrolment: who gave the code out cannot confirm.
  await hub.issueCode(tid, shop, ANN);
  expect(await hub.confirm(tid, 'AAAA-AAAA-AAAA', ANN)).toMatchObject({ ok: false });
  const kiosk = await run.honest();
  // Credits.
  const credit = `alone-${accts[0]}`;
  expect(await hub.makeCredit({ credit, acct: accts[0], pts: 50 }, ANN)).toMatchObject({ ok: true });
  expect(await hub.approveCredit(credit, ANN)).toMatchObject({ ok: false, code: 'same-person' });
  // Acts: refused by the rules, and by the store to who goes around them.
  const detail = { tid: kiosk.place.tid, ep: 1 };
  const act = await hub.propose('end-epoch', detail, BEN);
  expect(await hub.approve(act, BEN)).toMatchObject({ ok: false, code: 'same-person' });
  expect(await hub.forgeApproval(act)).toMatch(/CHECK|check|own act/);
  expect((await kiosk.sync()).state).toBe('open');
  expect(await hub.approve(act, ANN)).toMatchObject({ ok: true });
  expect(await hub.approve(act, ANN)).toMatchObject({ ok: false, code: 'not-open' });
  expect((await kiosk.sync()).state).toBe('ended');
  const { transfers } = await run.books();
  expect(transfers.filter((t) => t.ref === credit)).toEqual([]);
}

async function noNames(run: Run): Promise<void> {
  const [home, kiosk] = [await run.honest(), await run.honest()];
  kiosk.running().outbox.visit('uid', home.place.uids[0]);
  const told = await kiosk.sync();
  kiosk.sell(kiosk.place.accts[0], 'rice', 6);
  kiosk.sell(home.place.accts[0], 'salt');
  await kiosk.sync();
  const secrets = secretsOf([home.place, kiosk.place]);
  const { dir, records } = await run.books();
  const files = readdirSync(dir).map((name) => readFileSync(join(dir, name), 'utf8'));
  const payloads = records.map(({ jws }) => Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString());
  const paper = kiosk.papers.map(({ record }) => JSON.stringify(record.payload));
  const said = await run.hub.said();
  for (const secret of secrets) {
    for (const text of [...files, ...payloads, ...paper, said, JSON.stringify(told)])
      expect(text).not.toContain(secret);
  }
  // The same look finds what is there to be found.
  expect(payloads.some((text) => text.includes(kiosk.place.accts[0]))).toBe(true);
  expect(files.some((text) => text.includes(`shop:${kiosk.place.shop}`))).toBe(true);
}

async function onlyDurable(run: Run): Promise<void> {
  const says = await run.hub.startUndurable();
  if (says !== null) {
    expect(says).toMatch(/synchronous(_commit = off| reads 1, not 2)/);
    expect(says).toMatch(/a power cut could lose redemptions/);
    return;
  }
  // It has no disk: all there is to show is that an acknowledged record is in what would be kept of it.
  const kiosk = await run.hostile();
  await kiosk.send([kiosk.open()]);
  const kept = await run.hub.backup();
  expect(
    JSON.stringify([...(kept as { tables: Map<string, { all(): unknown[] }> }).tables.values()].map((t) => t.all())),
  ).toContain(kiosk.head().head);
}

async function fullDisk(run: Run): Promise<void> {
  const kiosk = await run.honest();
  const { tid, accts } = kiosk.place;
  kiosk.sell(accts[0], 'salt');
  await kiosk.sync();
  const seq = kiosk.records().length;
  // At the kiosk: no record, no paper, no goods; then it goes on where it was.
  kiosk.disk.full = true;
  expect(kiosk.sell(accts[0], 'rice')).toBeNull();
  expect([kiosk.records().length, kiosk.papers.length, kiosk.soldPts()]).toEqual([seq, 1, 3]);
  kiosk.disk.full = false;
  expect(kiosk.sell(accts[0], 'rice')?.ok).toBe(true);
  // At the hub: not answered as stored, nothing of it kept; and taken whole once there is room.
  await run.hub.diskFull(true);
  const asked = kiosk.node.ask();
  if (asked === null) throw new Error('the kiosk does not run');
  expect(await run.hub.sync(tid, asked.body, asked.signature)).toMatchObject({ ok: false });
  await run.hub.diskFull(false);
  expect(recordsOf(await run.books(), tid)).toHaveLength(seq);
  await kiosk.sync();
  const books = await run.books();
  expect(stagesOf(books, tid).every((stage) => MATCHED.has(stage))).toBe(true);
  expect(recordsOf(books, tid)).toHaveLength(seq + 1);
  expect(kiosk.records().at(-1)?.seq).toBe(seq + 1);
}

async function restoredKnowsAll(shared: Run): Promise<void> {
  const run = await shared.fresh();
  const [kiosk, other] = [await run.honest(), await run.honest()];
  const [a, b] = kiosk.place.accts;
  kiosk.sell(a, 'rice', 6);
  await kiosk.sync();
  const yesterday = await run.hub.backup();
  // A day that the backup does not know: a sale, a credit, a grant out of it, a sale on that grant, a new kiosk.
  await run.credit('of-today', a, 70);
  await kiosk.sync();
  kiosk.sell(a, 'rice', 9);
  kiosk.sell(b, 'salt');
  await kiosk.sync();
  const G = kiosk.allowance(a).G;
  const before = await run.books();
  const incBefore = kiosk.running().outbox.inc();
  await run.hub.restore(yesterday);

  // It waits for what its kiosks hold, and is not called whole before.
  const early = await run.two('end-restore', { early: false });
  expect(early).toMatchObject({ ok: false, code: 'not-reported' });
  kiosk.sell(b, 'salt');
  await kiosk.sync();
  await other.sync();
  expect(kiosk.running().outbox.inc()).not.toBe(incBefore);
  // What people did is entered again; then two people end it.
  await run.credit('of-today', a, 70, true);
  expect(await run.two('end-restore', { early: false })).toMatchObject({ ok: true });
  await kiosk.sync();

  const books = await run.books();
  const held = recordsOf(books, kiosk.place.tid);
  for (const { jws } of recordsOf(before, kiosk.place.tid)) expect(held.map((line) => line.jws)).toContain(jws);
  expect(held.map((line) => line.jws)).toEqual(kiosk.records().map((record) => record.jws));
  expect(held.every(({ stage }) => MATCHED.has(stage))).toBe(true);
  expect(kiosk.allowance(a).G).toBeGreaterThanOrEqual(G);
  const balances = balancesOf(books.transfers, (account, pts, { id }) => {
    if (/^(account|pending|allowance|suspense):/.test(account))
      expect(pts, `${account} by ${id}`).toBeGreaterThanOrEqual(0);
  });
  for (const acct of kiosk.place.accts) {
    expect(balances.get(`allowance:${acct}:${kiosk.place.tid}:1`) ?? 0).toBe(kiosk.spendable(acct));
  }
  // No point more than was credited: what was lent meanwhile is repaid.
  expect(balances.get('loss') ?? 0).toBe(0);
  const mine = (balances.get(`account:${a}`) ?? 0) + kiosk.spendable(a);
  expect(mine).toBe(100 + 70 - 60 - 90);
}

export const SAFETY_STORIES: readonly Story[] = [
  { n: 2, says: 'what was printed was durable and fenced first, and has one original', tell: printedIsDurable },
  {
    n: 16,
    says: 'an old copy sells nothing after first contact, loses no sale, and is shown',
    tell: oldCopySellsNothing,
  },
  { n: 17, says: 'what takes two people cannot be done by one', tell: twoPeople },
  { n: 18, says: 'no UID, name or PIN is in records, logs, metrics or exports', tell: noNames },
  { n: 19, says: 'nothing starts on a store that could lose what it acknowledged', tell: onlyDurable },
  { n: 20, says: 'a full disk refuses before the commit, never after', tell: fullDisk },
  { n: 21, says: 'a restored hub ends with every record and grant, and no point more', tell: restoredKnowsAll },
];
