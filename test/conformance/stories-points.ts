import { expect } from 'vitest';
import { verifyExport } from '../../hub/export/verify.ts';
import { CREDIT_PTS, type Place } from './county.ts';
import { balancesOf, type Exported, ledgerOf, MATCHED, payloadOf, recordsOf, stagesOf } from './exported.ts';
import type { Honest } from './honest.ts';
import type { Run } from './run.ts';
import type { Story } from './story.ts';

/** Points: that none is made, none is lost, and both sides count the same. */

const DAY_MS = 86_400_000;
const NEVER_NEGATIVE = /^(account|pending|allowance|suspense):/;

async function neverBelowZero(run: Run): Promise<void> {
  const kiosk = await run.hostile();
  const [a, b] = kiosk.place.accts;
  await kiosk.send([kiosk.open(), kiosk.redeem(a, 25), kiosk.redeem(a, 4), kiosk.redeem(b, 9), kiosk.redeem(b, 9)]);
  await kiosk.send([kiosk.giveBack(b, 500), kiosk.void(5), kiosk.void(2), kiosk.void(2)]);
  const visitor = await run.honest();
  visitor.running().outbox.visit('uid', kiosk.place.uids[0]);
  await visitor.sync();
  const books = await run.books();
  const fallen: string[] = [];
  balancesOf(books.transfers, (account, pts, { id }) => {
    if (pts < 0 && NEVER_NEGATIVE.test(account)) fallen.push(`${account} fell to ${pts} by ${id}`);
  });
  expect(fallen).toEqual([]);
  // What was undone while it was held lies nowhere any more; what was not is held, each for itself.
  const held = [2, 3, 4, 5].map((seq) => balancesOf(books.transfers).get(`suspense:${kiosk.tid}:1:${seq}`) ?? 0);
  expect(held).toEqual([0, 40, 0, 0]);
  // It was tried: what the allowance lacked was lent by the programme, and not taken from the resident.
  expect(balancesOf(books.transfers).get('loss')).toBeLessThan(0);
}

/** What the hub holds of an honest kiosk's allowance is what the kiosk itself believes. */
async function expectLevel(run: Run, kiosk: Honest): Promise<Exported> {
  const books = await run.books();
  const balances = balancesOf(books.transfers);
  for (const acct of kiosk.place.accts) {
    expect(balances.get(`allowance:${acct}:${kiosk.place.tid}:1`) ?? 0, acct).toBe(kiosk.spendable(acct));
  }
  return books;
}

async function bothCountTheSame(run: Run): Promise<void> {
  const kiosk = await run.honest();
  const { tid, accts } = kiosk.place;
  const [a, b] = accts;
  kiosk.sell(a, 'rice', 3);
  kiosk.sell(b, 'rice', 6);
  kiosk.void(2);
  // Until the hub has heard of it, it stands behind the kiosk and never before it.
  const behind = balancesOf((await run.books()).transfers).get(`allowance:${b}:${tid}:1`) ?? 0;
  expect(behind).toBeGreaterThan(kiosk.spendable(b));
  await kiosk.sync();

  // Its requests overtake each other, and so do the grants in their answers: the larger one stays.
  const before = kiosk.allowance(b).G;
  const [slow, quick] = [kiosk.node.ask(), kiosk.node.ask()];
  if (slow === null || quick === null) throw new Error('the kiosk does not run');
  await run.credit(`some-${b}`, b, 10);
  const old = await run.hub.sync(tid, quick.body, quick.signature);
  await run.credit(`more-${b}`, b, 30);
  const fresh = await run.hub.sync(tid, slow.body, slow.signature);
  for (const answer of [fresh, old]) {
    if (!answer.ok) throw new Error(answer.says);
    expect(kiosk.node.hear(answer.body, answer.signature, () => undefined)).not.toBeNull();
  }
  expect(kiosk.allowance(b).G).toBe(before + 40);
  await kiosk.sync();
  const books = await expectLevel(run, kiosk);

  // The four numbers, over all judged records of this chain.
  const last: Map<string, { S: number; V: number; R: number }> = new Map();
  for (const { jws } of recordsOf(books, tid)) {
    const payload = payloadOf(jws);
    if (!('S' in payload)) continue;
    const { acct, S, V, R } = payload;
    const was = last.get(acct) ?? { S: 0, V: 0, R: 0 };
    expect(S - V + R).toBeLessThanOrEqual(kiosk.allowance(acct).G);
    expect([S >= was.S, V >= was.V, R >= was.R]).toEqual([true, true, true]);
    last.set(acct, { S, V, R });
  }
  expect(last.size).toBe(2);
}

async function noGoodsFromNothing(run: Run): Promise<void> {
  const [lost, guest] = [await run.honest(), await run.honest()];
  const [a] = lost.place.accts;
  lost.node.online = false;
  lost.sell(a, 'rice', 3);
  // It is gone, and nobody knows what it sold. Two people end it and make its residents whole.
  expect(await run.two('end-epoch', { tid: lost.place.tid, ep: 1 })).toMatchObject({ ok: true });
  expect(await run.two('cover', { tid: lost.place.tid, ep: 1, acct: null })).toMatchObject({ ok: true });
  expect(await run.two('cover', { tid: lost.place.tid, ep: 1, acct: a })).toMatchObject({ ok: true });
  // The resident goes to the next village and spends what is allowed there.
  guest.running().outbox.visit('uid', lost.place.uids[0]);
  await guest.sync();
  let sold = 0;
  while (guest.sell(a, 'rice')?.ok) sold += 1;
  expect(sold).toBeGreaterThan(0);
  await guest.sync();
  // The disk turns up.
  lost.node.online = true;
  await lost.sync();
  const { transfers } = await run.books();
  const sum = (kind: string, account: RegExp) =>
    transfers
      .filter((t) => t.kind === kind && account.test(`${t.debit} ${t.credit}`))
      .reduce((total, t) => total + t.amount, 0);
  const mine = new RegExp(`(account|allowance):${a}(:| |$)`);
  const [delivered, credited, covered] = [sum('redeem', mine), sum('post', mine), sum('cover', mine)];
  expect(delivered).toBe(30 + sold * 10);
  expect([credited, covered]).toEqual([CREDIT_PTS, CREDIT_PTS]);
  expect(delivered).toBeLessThanOrEqual(credited + covered);
  // Cover outstanding: never more than what is left, held or sold of that allowance.
  const left = balancesOf(transfers).get(`allowance:${a}:${lost.place.tid}:1`) ?? 0;
  expect(covered - sum('repay', mine)).toBeLessThanOrEqual(left + 30);
  expect(sum('hold', mine)).toBe(0);
}

async function nothingIsMade(run: Run): Promise<void> {
  const kiosk = await run.honest();
  const { accts, shop, tid } = kiosk.place;
  kiosk.sell(accts[0], 'rice', 2);
  kiosk.sell(accts[1], 'salt');
  kiosk.void(3);
  kiosk.sell(accts[2], 'rice', 7);
  kiosk.giveBack(accts[1], 20);
  await kiosk.sync();
  // More than it may hold: some of it stays at the hub.
  await run.credit(`extra-${accts[2]}`, accts[2], 155);
  await kiosk.sync();
  const books = await run.books();
  // After each transfer all accounts together hold nothing.
  let all = 0;
  for (const { debit, credit, amount } of books.transfers) {
    expect(amount).toBeGreaterThan(0);
    expect(debit).not.toBe(credit);
    all += amount - amount;
  }
  const balances = balancesOf(books.transfers);
  expect([...balances.values()].reduce((sum, pts) => sum + pts, all)).toBe(0);
  // And as the kiosk tells it, who has never seen the ledger: all that was credited is here, there, or sold.
  const elsewhere = accts.map((acct) => kiosk.running().book.account(acct)?.elsewhere ?? 0);
  const there = accts.map((acct) => kiosk.spendable(acct));
  const known = [...elsewhere, ...there].reduce((sum, pts) => sum + pts, kiosk.soldPts());
  expect(known).toBe(3 * CREDIT_PTS + 155);
  expect(balances.get(`shop:${shop}`)).toBe(kiosk.soldPts());
  // An auditor with nothing but the export finds the same, of this whole hub.
  expect((await verifyExport(books.dir)).findings).toEqual([]);
  expect(stagesOf(books, tid).every((stage) => MATCHED.has(stage))).toBe(true);
}

async function clocksMoveNothing(run: Run): Promise<void> {
  const [calm, wild] = [await run.honest(), await run.honest()];
  const day = async (kiosk: Honest, jump: (byMs: number) => Promise<void>) => {
    const [a, b] = kiosk.place.accts;
    kiosk.sell(a, 'rice', 2);
    await jump(9 * DAY_MS);
    kiosk.sell(b, 'salt');
    await jump(-20 * DAY_MS);
    kiosk.void(2);
    await kiosk.sync();
    await jump(11 * DAY_MS);
    kiosk.sell(a, 'salt', 2);
    kiosk.close();
    await kiosk.sync();
  };
  await day(calm, async () => undefined);
  await day(wild, async (byMs) => {
    wild.clock.skewMs += byMs;
    await run.hub.jump(byMs);
  });
  expect(wild.records().map(({ payload }) => payload.type)).toEqual(calm.records().map(({ payload }) => payload.type));
  // A clock that lies outright is marked, and changes no verdict.
  const liar = await run.hostile();
  const [a] = liar.place.accts;
  const at = [run.hub.nowMs() - 900 * DAY_MS, run.hub.nowMs() + 900 * DAY_MS, 5];
  await liar.send([liar.open(), ...at.map((ms) => liar.redeem(a, 1, { at: ms }))]);
  const books = await run.books();
  const told = recordsOf(books, liar.tid);
  expect(told.map((line) => line.stage)).toEqual(['matched', 'matched', 'matched', 'matched']);
  expect(told.at(-1)?.flags).toContain('clock');
  expect(ledgerOf(books, wild.place)).toEqual(ledgerOf(books, calm.place));
  expect(stagesOf(books, wild.place.tid)).toEqual(stagesOf(books, calm.place.tid));
}

async function hubTimeFreesNothing(run: Run): Promise<void> {
  const kiosk = await run.honest();
  const { tid, accts } = kiosk.place;
  const [a] = accts;
  // It is cut off, and sells in that time; nobody at the hub knows.
  kiosk.node.online = false;
  kiosk.sell(a, 'rice', 4);
  await run.hub.jump(90 * DAY_MS);
  await run.hub.calendar();
  const books = await run.books();
  const moved = ledgerOf(books, kiosk.place).filter((line) => !/^(earn|post|grant) /.test(line));
  expect(moved).toEqual([]);
  expect(balancesOf(books.transfers).get(`allowance:${a}:${tid}:1`)).toBe(CREDIT_PTS);
  // What it gives back it gives back itself, in its chain: then it is free, and the sale stands.
  kiosk.node.online = true;
  await kiosk.sync();
  const after = ledgerOf(await expectLevel(run, kiosk), kiosk.place).filter((line) =>
    /^(redeem|return) .*A0/.test(line),
  );
  expect(after.some((line) => line.startsWith('redeem ') && line.includes(' 40 '))).toBe(true);
  expect(after.some((line) => line.startsWith('return ') && line.includes(' 60 '))).toBe(true);
  await run.hub.jump(-90 * DAY_MS);
}

async function closesAddUp(run: Run): Promise<void> {
  const kiosk = await run.honest();
  const [a, b] = kiosk.place.accts;
  kiosk.sell(a, 'rice', 2);
  kiosk.sell(b, 'salt', 3);
  kiosk.void(2);
  kiosk.close();
  await kiosk.sync();
  kiosk.sell(a, 'rice');
  await kiosk.sync();
  kiosk.sell(a, 'salt');
  kiosk.close();
  kiosk.sell(b, 'rice');
  await kiosk.sync();
  const liar = await run.hostile();
  const wrong = { redeemed: { count: 9, pts: 900 } };
  await liar.send([liar.open(), liar.redeem(liar.place.accts[0]), liar.close(wrong), liar.redeem(liar.place.accts[1])]);
  const books = await run.books();
  expect(stagesOf(books, liar.tid)).toEqual(['matched', 'matched', 'quarantined', 'matched']);
  expect(books.closes.filter(({ tid }) => tid === liar.tid)).toEqual([]);
  expectClosed(books, kiosk.place, [
    { redeemedCount: 2, redeemedPts: 29, voidedCount: 1, voidedPts: 20 },
    { redeemedCount: 2, redeemedPts: 13, voidedCount: 0, voidedPts: 0 },
  ]);
  // No statement is made yet; so nothing may say that it was settled in one.
  expect(books.statements).toEqual([]);
  expect(books.records.filter(({ stage }) => stage === 'settled')).toEqual([]);
}

function expectClosed(books: Exported, { tid }: Place, days: readonly object[]): void {
  const closes = books.closes.filter((close) => close.tid === tid);
  expect(closes).toMatchObject(days);
  for (const { seq, stage } of recordsOf(books, tid)) {
    const inside = closes.filter(({ from, to }) => from <= (seq ?? 0) && (seq ?? 0) <= to).length;
    const isClose = closes.some((close) => close.seq === seq);
    // A close record itself stands in the next one.
    expect(inside, `${tid}.${seq}`).toBe(stage === 'closed' ? 1 : 0);
    expect(isClose && stage === 'quarantined').toBe(false);
  }
  const sums = closes.map((close) => {
    const paid = recordsOf(books, tid).filter(({ seq }) => (seq ?? 0) >= close.from && (seq ?? 0) <= close.to);
    const pts = (type: string) =>
      paid.map(({ jws }) => payloadOf(jws)).reduce((sum, p) => sum + (p.type === type && 'pts' in p ? p.pts : 0), 0);
    return [pts('redeem'), pts('void')];
  });
  expect(sums).toEqual(closes.map(({ redeemedPts, voidedPts }) => [redeemedPts, voidedPts]));
}

export const POINT_STORIES: readonly Story[] = [
  { n: 4, says: 'no account falls below zero, whatever a kiosk claims', tell: neverBelowZero },
  { n: 5, says: 'the hub counts an allowance as its kiosk does, and never runs ahead', tell: bothCountTheSame },
  { n: 6, says: 'goods never exceed what was credited and covered', tell: noGoodsFromNothing },
  { n: 7, says: 'all transfers sum to zero, and to what kiosks know', tell: nothingIsMade },
  { n: 13, says: 'clock jumps change no points, no order, no verdict', tell: clocksMoveNothing },
  { n: 14, says: 'hub time frees no allowance', tell: hubTimeFreesNothing },
  { n: 15, says: 'every closed record is in exactly one close, and the sums agree', tell: closesAddUp },
];
