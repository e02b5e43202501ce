import { expect } from 'vitest';
import { nodeHashing, nodeSigner, nodeVerifying } from '../../protocol/node/crypto.ts';
import { utf8 } from '../../protocol/primitives/bytes.ts';
import { decodeRecord } from '../../protocol/records/record.ts';
import { PRICES } from './county.ts';
import { balancesOf, JUDGED, ledgerOf, MATCHED, payloadOf, recordsOf, stagesOf } from './exported.ts';
import { createChain, respelt, type Signed } from './hostile.ts';
import type { Run } from './run.ts';
import type { Story } from './story.ts';

/** Records: that they are kept, once, whatever stands beside them, and judged in their order. */

const foreignSeed = nodeHashing.sha256(utf8('somebody else'));
/** A real key of this county's form, but of nobody it has enrolled: what it signs is junk. */
const forger = (run: Run, tid: string) =>
  createChain({ ...run.place(), tid }, foreignSeed, 'A'.repeat(43), run.hub.nowMs());

async function keptForEver(run: Run): Promise<void> {
  const kiosk = await run.hostile();
  const [a] = kiosk.place.accts;
  const [open, sale] = [kiosk.open(), kiosk.redeem(a)];
  const odd = ['junk', '\u0000 and 字', `${sale.jws}=`, respelt(sale.jws), kiosk.forkOf(sale).jws];
  const told = await kiosk.send([open, ...odd, sale]);
  expect(told.stored.seq).toBe(2);
  const bytes = [open.jws, sale.jws, ...odd].sort();
  const held = async () =>
    recordsOf(await run.books(), kiosk.tid)
      .map((line) => line.jws)
      .sort();
  // It dies right behind its answer.
  await run.hub.kill();
  expect(await run.hub.sync(kiosk.tid, utf8('{}'), '')).toMatchObject({ ok: false });
  await run.hub.start();
  expect(await held()).toEqual(bytes);
  await kiosk.send([sale, open, ...odd]);
  expect(await held()).toEqual(bytes);
}

async function effectOnce(run: Run): Promise<void> {
  const kiosk = await run.hostile();
  const [a, b] = kiosk.place.accts;
  const chain = [kiosk.open(), kiosk.redeem(a, 3), kiosk.redeem(b, 2), kiosk.void(2), kiosk.redeem(a, 5)];
  await kiosk.send([...chain, ...chain]);
  const before = ledgerOf(await run.books(), kiosk.place);
  for (const part of [chain, chain.slice(2), [...chain].reverse()]) await kiosk.send([...part, ...part]);
  await run.hub.kill();
  await run.hub.start();
  await kiosk.send(chain);
  expect(before.filter((line) => /^(redeem|void) /.test(line))).toHaveLength(4);

  // A second void of one sale has none either.
  await kiosk.send([kiosk.void(2)]);
  const books = await run.books();
  expect(stagesOf(books, kiosk.tid).at(-1)).toBe('quarantined');
  expect(ledgerOf(books, kiosk.place)).toEqual(before);
  expect(balancesOf(books.transfers).get(`shop:${kiosk.place.shop}`)).toBe(70);
}

async function matchedOnlyWhatHolds(run: Run): Promise<void> {
  const kiosk = await run.hostile();
  const [a, b, c] = kiosk.place.accts;
  const dear = { lines: [{ sku: 'rice', rev: 1, qty: 2, pts: 5 }] };
  const unknown = { lines: [{ sku: 'rice', rev: 7, qty: 1, pts: 10 }] };
  const thief = forger(run, kiosk.tid);
  const table: readonly (readonly [Signed, string])[] = [
    [kiosk.open(), 'matched'],
    [kiosk.redeem(a, 1), 'matched'],
    [kiosk.redeem(a, 1, dear), 'quarantined'],
    [kiosk.redeem(b, 11), 'quarantined'],
    [kiosk.redeem(a, 1), 'matched'],
    // More than its own lines say: the sum is refused, and the next record stands on the counters it was told.
    [kiosk.redeem(c, 2, { lines: [{ sku: 'rice', rev: 1, qty: 1, pts: 10 }] }), 'quarantined'],
    [kiosk.redeem(c, 1), 'matched'],
    [kiosk.redeem(c, 1, unknown), 'received'],
    [kiosk.redeem(c, 1), 'received'],
  ];
  const stolen = [thief.open(), thief.redeem(a, 1)];
  await kiosk.send([...stolen, ...table.map(([record]) => record)]);
  const books = await run.books();
  expect(stagesOf(books, kiosk.tid)).toEqual(table.map(([, stage]) => stage));
  const junk = recordsOf(books, kiosk.tid).filter((line) => line.seq === null);
  expect(junk.map((line) => line.jws).sort()).toEqual(stolen.map((record) => record.jws).sort());

  // And so it is with every matched record that this hub has from any kiosk.
  const balances: Map<string, number> = new Map();
  balancesOf(books.transfers, (account, pts) => balances.set(account, Math.min(pts, balances.get(account) ?? pts)));
  let matched = 0;
  for (const line of books.records.filter(({ stage }) => MATCHED.has(stage))) {
    const keyOf = (tid: string, ep: number) => books.keys.get(`${tid}.${ep}`) ?? null;
    const decoded = decodeRecord(line.jws, keyOf, { ...nodeHashing, ...nodeVerifying });
    expect(decoded.ok, `${line.tid}.${line.seq}`).toBe(true);
    const payload = payloadOf(line.jws);
    if (payload.type !== 'redeem') continue;
    matched += 1;
    for (const sold of payload.lines) expect([sold.rev, sold.pts]).toEqual([1, PRICES[sold.sku]]);
    expect(balances.get(`allowance:${payload.acct}:${line.tid}:${line.ep}`)).toBeGreaterThanOrEqual(0);
  }
  expect(matched).toBeGreaterThanOrEqual(3);
}

async function forkFreezes(run: Run): Promise<void> {
  const kiosk = await run.hostile();
  const [a] = kiosk.place.accts;
  const chain = [kiosk.open(), kiosk.redeem(a), kiosk.redeem(a)];
  const [, sale] = chain as [Signed, Signed, Signed];
  await kiosk.send(chain);

  // Whoever has not the key cannot freeze it: other spellings, other keys, another header.
  const thief = forger(run, kiosk.tid);
  const stolen = nodeSigner(`${kiosk.tid}.1`, foreignSeed);
  const forged = [respelt(sale.jws), `${sale.jws}=`, thief.forkOf(sale).jws, sale.jws.replace('.', '..')];
  expect(Buffer.compare(stolen.publicKey, kiosk.signer.publicKey)).not.toBe(0);
  expect((await kiosk.send(forged)).state).toBe('open');

  // Its own key on a second record in one place: frozen in the very answer, and behind any crash.
  expect((await kiosk.send([kiosk.forkOf(sale)])).state).toBe('frozen');
  await run.hub.kill();
  await run.hub.start();
  const told = await kiosk.send([kiosk.redeem(a)]);
  expect([told.state, told.stored.seq]).toEqual(['frozen', 4]);
  const books = await run.books();
  const branches = recordsOf(books, kiosk.tid).filter((line) => line.seq === sale.seq);
  expect(branches.map((line) => line.flags.includes('forked'))).toEqual([true, true]);
  expect(await run.hub.shown(kiosk.tid)).toContain('fork');
}

async function gapWaits(run: Run): Promise<void> {
  const [gapped, whole] = [await run.hostile(), await run.hostile()];
  const chainOf = ({ open, redeem, void: undo, place: { accts } }: typeof whole) => [
    ...[open(), redeem(accts[0], 2), redeem(accts[1], 11), redeem(accts[0], 1), undo(2), redeem(accts[1], 1)],
  ];
  const [first, all] = [chainOf(gapped), chainOf(whole)];
  await gapped.send(first.slice(0, 2));
  const told = await gapped.send(first.slice(3));
  expect(told.stored.seq).toBe(2);
  const waiting = await run.books();
  expect(stagesOf(waiting, gapped.tid)).toEqual(['matched', 'matched', 'gap', 'gap', 'gap']);
  expect(ledgerOf(waiting, gapped.place).filter((line) => /^(redeem|void|hold) /.test(line))).toHaveLength(1);
  await gapped.send(first.slice(2, 3));
  await whole.send(all);
  const books = await run.books();
  expect(stagesOf(books, gapped.tid)).toEqual(stagesOf(books, whole.tid));
  expect(ledgerOf(books, gapped.place)).toEqual(ledgerOf(books, whole.place));

  // Of every kiosk this hub has: judged is a prefix.
  for (const { tid } of books.enrolments) {
    if (recordsOf(books, tid).some(({ flags }) => flags.includes('forked'))) continue;
    const stages = stagesOf(books, tid).map((stage) => JUDGED.has(stage));
    expect(stages.lastIndexOf(true), tid).toBeLessThan(stages.includes(false) ? stages.indexOf(false) : 1e9);
  }
}

async function anyOrder(run: Run): Promise<void> {
  const orders: readonly ((records: readonly Signed[]) => readonly (readonly Signed[])[])[] = [
    (all) => [all],
    (all) => all.map((record) => [record]),
    (all) => [...all].reverse().map((record) => [record]),
    (all) => [all.filter((_, n) => n % 2 === 1), all, all.filter((_, n) => n % 2 === 0)],
    (all) => [all.slice(5), [...all.slice(0, 6), ...all.slice(0, 6)], all.slice(2, 4)],
  ];
  const ledgers: (readonly string[])[] = [];
  const kiosks = [];
  for (const order of orders) {
    const kiosk = await run.hostile();
    const [a, b, c] = kiosk.place.accts;
    const { open, redeem, void: undo, giveBack, close } = kiosk;
    const all = [
      ...[open(), redeem(a, 2), redeem(b, 12), redeem(a, 1), undo(2), undo(3), close()],
      ...[redeem(c, 1), giveBack(c, 20), redeem(a, 3), undo(10), close()],
    ];
    for (const batch of order(all)) await kiosk.send(batch);
    kiosks.push(kiosk);
  }
  const books = await run.books();
  const total = balancesOf(books.transfers);
  for (const { tid, place } of kiosks) {
    expect(stagesOf(books, tid)).toHaveLength(12);
    // What comes back may be granted again sooner or later, as answers go: where it lies differs, what there is does not.
    const moved = ledgerOf(books, place).filter((line) => !line.startsWith('grant '));
    const held = place.accts.map(
      (acct) => (total.get(`account:${acct}`) ?? 0) + (total.get(`allowance:${acct}:${tid}:1`) ?? 0),
    );
    ledgers.push([...moved, `holds ${held}`, ...stagesOf(books, tid)]);
  }
  for (const ledger of ledgers) expect(ledger).toEqual(ledgers[0]);
}

async function custodyAlone(run: Run): Promise<void> {
  const [kiosk, other] = [await run.hostile(), await run.hostile()];
  const [a] = kiosk.place.accts;
  const good = [kiosk.open(), kiosk.redeem(a), kiosk.append({ type: 'no-such-type', what: 1 }), kiosk.redeem(a)];
  const foreign = [other.open(), other.redeem(other.place.accts[0])];
  const dirt = ['', '.', 'a.b.c', respelt(good[1]?.jws ?? ''), foreign[1]?.jws ?? '', 'x'.repeat(3_000)];
  const mixed = good.flatMap((record, n) => [dirt[n] ?? '', record.jws]);
  const told = await kiosk.send([...mixed, ...dirt.slice(4)]);
  expect(told.stored).toMatchObject({ seq: 4, head: good[3]?.hash });
  const books = await run.books();
  const lines = recordsOf(books, kiosk.tid);
  expect(lines.filter((line) => line.seq !== null).map((line) => line.jws)).toEqual(good.map((record) => record.jws));
  expect(new Set(lines.filter((line) => line.seq === null).map((line) => line.jws))).toEqual(new Set(dirt));
  // Judging waits where it cannot judge; custody did not.
  expect(stagesOf(books, kiosk.tid)).toEqual(['matched', 'matched', 'received', 'received']);
  // What was junk in another's batch is a record where it belongs.
  expect((await other.send(foreign)).judged.map((verdict) => verdict.stage)).toEqual(['matched', 'matched']);
}

export const RECORD_STORIES: readonly Story[] = [
  { n: 1, says: 'what was answered as stored is given back byte for byte, behind a crash', tell: keptForEver },
  { n: 3, says: 'a record has its effect once, however it arrives', tell: effectOnce },
  { n: 8, says: 'nothing is matched without signature, price and allowance', tell: matchedOnlyWhatHolds },
  { n: 9, says: 'a fork freezes at once; bytes made without the key never do', tell: forkFreezes },
  { n: 10, says: 'judged records are a prefix, and a filled gap ends as no gap', tell: gapWaits },
  { n: 11, says: 'the ledger is the same for every order, batching and doubling', tell: anyOrder },
  { n: 12, says: 'no record’s custody depends on another; junk takes no place', tell: custodyAlone },
];
