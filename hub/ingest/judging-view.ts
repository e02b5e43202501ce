import { recordNumber } from '../../protocol/records/number.ts';
import { readTrusted, type SignedRecord } from '../../protocol/records/record.ts';
import { ledgerAccount } from '../ledger/accounts.ts';
import type { Reading } from '../ledger/books.ts';
import {
  type AllowanceState,
  type Hold,
  type Hole,
  type JudgedRedeem,
  type Judgement,
  type JudgeView,
  NO_ALLOWANCE,
} from '../ledger/judgement.ts';
import { undoId } from '../ledger/points.ts';
import type { AllowanceRow, EpochRow, ItemRow } from '../ledger/tables.ts';

/**
 * What judging a run of one chain's records may look at: loaded in a few sets, then moved on record by record, so that
 * each is judged on what the ones before it did.
 */
export interface Loaded {
  readonly view: JudgeView;
  /** Takes a judgement's outcome into the view. */
  move(record: SignedRecord, judgement: Judgement): void;
  /** The rows behind it, to write them back. */
  readonly allowanceRows: ReadonlyMap<string, AllowanceRow>;
}

export async function loadView(books: Reading, epoch: EpochRow, records: readonly SignedRecord[]): Promise<Loaded> {
  const { tid, ep } = epoch;
  const holes = (await books.list('holes', 'ofChain', { tid, ep })).map(
    (row): Hole => ({ from: row.fromSeq, to: row.toSeq }),
  );
  const ends = records.some((record) => record.payload?.type === 'end');
  const rows = ends ? await books.list('allowances', 'ofChain', { tid, ep }) : [];
  // Asked side by side: none waits for the answer to another, over a network.
  const [allowances, redeems, prices, holds, decisions] = await Promise.all([
    loadAllowances(books, epoch, records, rows),
    loadRedeems(books, epoch, records),
    loadPrices(books, records),
    loadHolds(books, epoch, records, holes),
    books.list('decisions', 'ofChain', { tid, ep }, { from: epoch.judgedSeq + 1 }),
  ]);
  const overruled = new Set(decisions.filter((row) => row.kind === 'overrule').map((row) => row.seq));
  const view: JudgeView = {
    allowance: (acct) => allowances.states.get(acct) ?? NO_ALLOWANCE,
    price: (sku, rev) => prices.get(`${sku}.${rev}`) ?? null,
    redeem: (seq) => redeems.get(seq) ?? null,
    hold: (seq, acct) => holds.get(`${seq}.${acct}`) ?? null,
    hole: (seq) => holes.find((hole) => hole.from <= seq && seq <= hole.to) ?? null,
    holeBetween: (after, before) => holes.findLast((hole) => hole.from > after && hole.to < before) ?? null,
    openAccounts: () => rows.map((row) => row.acct).sort(),
    overruled: (seq) => overruled.has(seq),
  };
  return {
    view,
    allowanceRows: allowances.rows,
    move(record, judgement) {
      for (const { acct, after } of judgement.allowances) allowances.states.set(acct, after);
      for (const hold of judgement.holds) holds.set(`${hold.seq}.${hold.acct}`, hold);
      const payload = record.payload;
      if (payload?.type === 'redeem') {
        const { acct, pts, lines } = payload;
        redeems.set(record.seq, { acct, pts, lines, held: judgement.stage === 'quarantined', undone: false });
      }
      const undone = judgement.undoes === null ? undefined : redeems.get(judgement.undoes);
      if (undone !== undefined && judgement.undoes !== null) redeems.set(judgement.undoes, { ...undone, undone: true });
    },
  };
}

async function loadAllowances(
  books: Reading,
  { tid, ep }: EpochRow,
  records: readonly SignedRecord[],
  known: readonly AllowanceRow[],
) {
  const named = records.flatMap(({ payload }) => (payload !== null && 'S' in payload ? [payload.acct] : []));
  const accts = [...new Set([...known.map((row) => row.acct), ...named])];
  const [rows, balances, loans] = await Promise.all([
    books.many(
      'allowances',
      accts.map((acct) => ({ tid, ep, acct })),
    ),
    books.balances(accts.map((acct) => ledgerAccount.allowance(acct, tid, ep))),
    books.many(
      'loans',
      accts.map((acct) => ({ acct })),
    ),
  ]);
  const states: Map<string, AllowanceState> = new Map();
  const byAcct: Map<string, AllowanceRow> = new Map();
  accts.forEach((acct, i) => {
    const row = rows[i];
    if (row !== undefined) byAcct.set(acct, row);
    states.set(acct, {
      ...{ G: row?.g ?? 0, S: row?.s ?? 0, V: row?.v ?? 0, R: row?.r ?? 0, said: row?.said ?? null },
      ...{ covered: row?.covered ?? 0, atSeq: row?.atSeq ?? 0, balance: balances[i] ?? 0, owed: loans[i]?.owed ?? 0 },
    });
  });
  return { states, rows: byAcct };
}

/** Redeems that a void of this run names and that were judged before it. */
async function loadRedeems(books: Reading, { tid, ep }: EpochRow, records: readonly SignedRecord[]) {
  const refs = [...new Set(records.flatMap(({ payload }) => (payload?.type === 'void' ? [payload.ref] : [])))];
  const redeems: Map<number, JudgedRedeem> = new Map();
  const [rows, undone] = await Promise.all([
    books.many(
      'judgements',
      refs.map((seq) => ({ tid, ep, seq })),
    ),
    books.transfers(refs.map((seq) => undoId(recordNumber({ tid, ep, seq })))),
  ]);
  for (const [i, seq] of refs.entries()) {
    const row = rows[i];
    if (row?.type !== 'redeem') continue;
    const stored = await books.get('records', { tid, ep, hash: row.hash });
    const payload = stored === undefined ? null : readTrusted(stored.jws, stored.hash).payload;
    if (payload?.type !== 'redeem') continue;
    const held = row.stage === 'quarantined' && (await isHeld(books, tid, ep, seq, payload.acct));
    redeems.set(seq, {
      ...{ acct: payload.acct, pts: payload.pts, lines: payload.lines, held },
      undone: undone[i] !== undefined || row.undoneBy !== null,
    });
  }
  return redeems;
}

/** A released hold stands at the shop like any matched sale. */
async function isHeld(books: Reading, tid: string, ep: number, seq: number, acct: string): Promise<boolean> {
  return (await books.get('holds', { tid, ep, seq, acct }))?.state === 'held';
}

async function loadHolds(
  books: Reading,
  { tid, ep }: EpochRow,
  records: readonly SignedRecord[],
  holes: readonly Hole[],
) {
  const keys = records.flatMap(({ payload }) => {
    if (payload?.type !== 'void') return [];
    const { acct, ref } = payload;
    const hole = holes.find((each) => each.from <= ref && ref <= each.to);
    return [{ tid, ep, seq: hole?.from ?? ref, acct }];
  });
  const holds: Map<string, Hold> = new Map();
  for (const row of await books.many('holds', keys)) {
    if (row === undefined || row.state !== 'held') continue;
    const { seq, acct, leftPts, lentPts, backPts } = row;
    holds.set(`${seq}.${acct}`, { seq, acct, left: leftPts, lent: lentPts, back: backPts });
  }
  return holds;
}

async function loadPrices(books: Reading, records: readonly SignedRecord[]) {
  const skus = new Set(
    records.flatMap(({ payload }) => (payload?.type === 'redeem' ? payload.lines.map((line) => line.sku) : [])),
  );
  const prices: Map<string, { pts: number; supersededAt: number | null }> = new Map();
  for (const sku of skus) {
    const revisions = await books.list('items', 'revisions', { sku });
    revisions.forEach((item: ItemRow, i) => {
      prices.set(`${sku}.${item.rev}`, { pts: item.pts, supersededAt: revisions[i + 1]?.fromAt ?? null });
    });
  }
  return prices;
}
