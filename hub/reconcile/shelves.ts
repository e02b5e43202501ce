import type { Line } from '../../protocol/records/payload.ts';
import { readTrusted, type SignedRecord } from '../../protocol/records/record.ts';
import type { Books } from '../ledger/books.ts';
import type { Judgement } from '../ledger/judgement.ts';
import { moveShelf, type ShelfMove } from '../ledger/shelf.ts';
import type { EpochRow, ShelfRow } from '../ledger/tables.ts';
import { openException, settleException } from './exceptions.ts';

/**
 * Journal and stock side by side: what a shop should hold of an item by its records, against what was counted. A difference
 * is an exception of that shelf, and closes itself by the next count that agrees.
 */
export async function writeShelves(
  books: Books,
  epoch: EpochRow,
  judged: readonly { readonly record: SignedRecord; readonly judgement: Judgement }[],
  at: number,
): Promise<void> {
  const shelves = await shelvesOf(books, epoch.shop, judged);
  if (shelves === null) return;
  const { shop } = epoch;
  const moves: ShelfMove[] = [];
  for (const { record, judgement } of judged) {
    const known = movesOf(record, judgement);
    moves.push(...(known ?? (await movesOfVoid(books, record, judgement, judged))));
  }
  const touched: Set<string> = new Set();
  for (const move of moves) {
    const before = shelves.get(move.sku);
    // A shop that never recorded an item's stock keeps no shelf of it.
    if (before === undefined && (move.kind === 'sold' || move.kind === 'undone')) continue;
    const after: ShelfRow = { shop, sku: move.sku, ...moveShelf(before ?? null, move) };
    if (move.kind === 'count') await noteCount(books, after, epoch.tid, at);
    shelves.set(move.sku, after);
    touched.add(move.sku);
  }
  await books.put(
    'shelves',
    [...touched].flatMap((sku) => shelves.get(sku) ?? []),
  );
}

/**
 * The shop's shelves by sku; null where it keeps none and begins none now, as in most runs of most shops. A void names no
 * item: what it brings back is looked for on every shelf there is.
 */
async function shelvesOf(
  books: Books,
  shop: string,
  judged: readonly { readonly record: SignedRecord }[],
): Promise<Map<string, ShelfRow> | null> {
  const rows = await books.list('shelves', 'ofShop', { shop });
  const begins = judged.some(({ record }) => record.payload?.type === 'stock');
  return rows.length === 0 && !begins ? null : new Map(rows.map((row) => [row.sku, row]));
}

async function noteCount(books: Books, { shop, sku, qty, difference }: ShelfRow, tid: string, at: number) {
  const subject = `${shop}.${sku}`;
  if (difference === 0) return settleException(books, 'stock-difference', subject, at);
  const detail = { counted: qty, expected: qty - difference, difference };
  return openException(books, 'stock-difference', subject, at, detail, tid);
}

const linesMoved = (record: SignedRecord, kind: ShelfMove['kind'], lines: readonly Pick<Line, 'sku' | 'qty'>[]) => {
  const where = { at: record.payload?.at ?? 0, chain: `${record.tid}.${record.ep}` };
  return lines.map(({ sku, qty }) => ({ ...where, kind, sku, qty }));
};

/** Goods left the shop with every sale on paper, held ones too. Null of a void that had effect: its sale says what came back. */
function movesOf(record: SignedRecord, judgement: Judgement): ShelfMove[] | null {
  const { payload } = record;
  if (payload?.type === 'redeem') return linesMoved(record, 'sold', payload.lines);
  if (payload?.type === 'stock' && judgement.stage === 'matched')
    return linesMoved(record, payload.kind, payload.lines);
  return payload?.type === 'void' && judgement.undoes !== null ? null : [];
}

async function movesOfVoid(
  books: Books,
  record: SignedRecord,
  { undoes }: Judgement,
  run: readonly { readonly record: SignedRecord }[],
): Promise<ShelfMove[]> {
  const seq = undoes ?? 0;
  const near = run.find((each) => each.record.seq === seq)?.record.payload;
  const sale = near ?? (await storedPayload(books, { tid: record.tid, ep: record.ep, seq }));
  return sale?.type === 'redeem' ? linesMoved(record, 'undone', sale.lines) : [];
}

/** Null of a sale behind an accepted hole: nobody knows what it was. */
async function storedPayload(books: Books, id: { tid: string; ep: number; seq: number }) {
  const row = await books.get('judgements', id);
  const stored = row === undefined ? undefined : await books.get('records', { ...id, hash: row.hash });
  return stored === undefined ? null : readTrusted(stored.jws, stored.hash).payload;
}
