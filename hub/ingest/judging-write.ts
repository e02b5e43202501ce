import { recordNumber } from '../../protocol/records/number.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import { markDue } from '../fleet/grants.ts';
import type { Books } from '../ledger/books.ts';
import type { ChainState, Effect, Hold, Judgement, QuarantineCode, WaitCode } from '../ledger/judgement.ts';
import type { AllowanceRow, CloseRow, EpochRow, HoldRow, JudgementRow, LoanRow } from '../ledger/tables.ts';
import { markDisputed } from '../programme/requests.ts';
import { type ExceptionKind, openException, settleException, settleOfChain } from '../reconcile/exceptions.ts';
import { writeShelves } from '../reconcile/shelves.ts';

/** Writes what a run of judgements came to: stage, points, allowances, holds, closes, requests, exceptions. */

export interface Judged {
  readonly record: SignedRecord;
  readonly judgement: Judgement;
}
export interface Run {
  readonly epoch: EpochRow;
  readonly chain: ChainState;
  readonly judged: readonly Judged[];
  readonly waits: WaitCode | null;
  /** Allowances as they stood before the run. */
  readonly rows: ReadonlyMap<string, AllowanceRow>;
}

export async function writeJudged(books: Books, run: Run, at: number): Promise<void> {
  const { epoch, judged } = run;
  const rows = judgementRows(run, at);
  // Asked side by side, in this order: none of them reads what another writes.
  await Promise.all([
    books.post(
      judged.flatMap(({ judgement }) => judgement.transfers),
      at,
    ),
    books.add('judgements', rows),
    writeAllowances(books, run),
    markDue(
      books,
      judged.flatMap(({ judgement }) => judgement.allowances.map(({ acct }) => acct)),
    ),
    writeHolds(books, run),
    writeShelves(books, epoch, judged, at),
  ]);
  await writeEffects(books, run, at);
  await Promise.all([markUndone(books, run, rows), noteWaiting(books, run, at), books.put('epochs', [nextEpoch(run)])]);
}

function nextEpoch({ epoch, chain, judged, waits }: Run): EpochRow {
  const froze = judged.some(({ judgement }) => judgement.freeze);
  const ended = judged.some(({ judgement }) => judgement.effects.some((effect) => effect.type === 'end'));
  const { state } = epoch;
  const { seq, head, tot, at, closeSeq, closedSeq, day, endSeq } = chain;
  return {
    ...epoch,
    state: ended && (state === 'open' || state === 'frozen') ? 'ended' : froze && state === 'open' ? 'frozen' : state,
    ...{ judgedSeq: seq, judgedHead: head, judgedTot: tot, judgedAt: at, closeSeq, closedSeq, day, endSeq },
    waitsCode: waits,
  };
}

/** The few fields that lists show, so that no list has to parse records. */
function judgementRows({ judged }: Run, at: number): JudgementRow[] {
  const undone = undoneBy(judged);
  return judged.map(({ record, judgement }) => {
    const { payload } = record;
    const acct = payload !== null && 'acct' in payload ? payload.acct : null;
    const sums = payload !== null && 'S' in payload ? payload : null;
    return {
      tid: record.tid,
      ep: record.ep,
      seq: record.seq,
      hash: record.hash,
      stage: judgement.stage,
      flags: judgement.flags,
      code: judgement.code ?? null,
      judgedAt: at,
      type: record.type,
      acct,
      card: payload?.type === 'redeem' ? payload.card : null,
      pts: payload !== null && 'pts' in payload ? payload.pts : null,
      at: payload?.at ?? 0,
      day: payload?.day ?? '',
      s: sums?.S ?? null,
      v: sums?.V ?? null,
      r: sums?.R ?? null,
      g: judgement.allowances.find((each) => each.acct === acct)?.after.G ?? null,
      undoneBy: undone.has(record.seq) ? voidedBy(undone.get(record.seq)) : null,
    };
  });
}

async function writeAllowances(books: Books, { epoch, judged, rows }: Run): Promise<void> {
  const { tid, ep } = epoch;
  const next: Map<string, AllowanceRow> = new Map();
  const loans: Map<string, LoanRow> = new Map();
  for (const { judgement } of judged) {
    for (const { acct, after } of judgement.allowances) {
      const { G, S, V, R, said, covered, atSeq, owed } = after;
      const before = next.get(acct) ?? rows.get(acct);
      const kept = { grantJws: before?.grantJws ?? null, grantVersion: before?.grantVersion ?? 0 };
      // What was asked back has come, or was spent: the next sync asks anew where it still matters.
      const asked = before?.keep ?? null;
      const settled =
        judgement.transfers.some((t) => t.kind === 'return') || (asked !== null && after.balance <= asked);
      const keep = settled ? null : asked;
      next.set(acct, { tid, ep, acct, g: G, s: S, v: V, r: R, said, covered, atSeq, ...kept, keep });
      if (judgement.transfers.some((t) => t.kind === 'repay-loan')) loans.set(acct, { acct, owed });
    }
  }
  if (next.size > 0) await books.put('allowances', [...next.values()]);
  if (loans.size > 0) await books.put('loans', [...loans.values()]);
}

async function writeHolds(books: Books, { epoch, judged }: Run): Promise<void> {
  const { tid, ep } = epoch;
  const last: Map<string, { readonly hold: Hold; readonly source: HoldRow['source'] }> = new Map();
  for (const { record, judgement } of judged) {
    for (const hold of judgement.holds) {
      const source = hold.seq === record.seq || isRecordHold(judged, hold) ? 'record' : 'hole';
      last.set(`${hold.seq}.${hold.acct}`, { hold, source });
    }
  }
  const now = [...last.values()];
  const known = await books.many(
    'holds',
    now.map(({ hold: { seq, acct } }) => ({ tid, ep, seq, acct })),
  );
  const rows = now.map(({ hold, source }, i): HoldRow => {
    const { seq, acct, left: leftPts, lent: lentPts, back: backPts } = hold;
    const state = leftPts === 0 ? 'undone' : 'held';
    return { tid, ep, seq, acct, leftPts, lentPts, backPts, source: known[i]?.source ?? source, state };
  });
  await books.put('holds', rows);
}

function isRecordHold(judged: readonly Judged[], hold: Hold): boolean {
  return judged.some(({ record }) => record.seq === hold.seq);
}

/** By the seq of the sale: the void that undid it. */
function undoneBy(judged: readonly Judged[]): ReadonlyMap<number, SignedRecord> {
  return new Map(
    judged.flatMap(({ record, judgement }) => (judgement.undoes === null ? [] : [[judgement.undoes, record] as const])),
  );
}
const voidedBy = (record: SignedRecord | undefined) => `void ${record?.seq}`;

/** Sales of this very run were written as undone. Whatever was to be decided about any of them needs nobody any more. */
async function markUndone(books: Books, { epoch, judged }: Run, written: readonly JudgementRow[]): Promise<void> {
  const { tid, ep } = epoch;
  const undone = undoneBy(judged);
  if (undone.size === 0) return;
  const here = written.filter((row) => undone.has(row.seq));
  const known = new Set(here.map((row) => row.seq));
  const earlier = [...undone.keys()].filter((seq) => !known.has(seq)).map((seq) => ({ tid, ep, seq }));
  const stored = (await books.many('judgements', earlier)).flatMap((row) => row ?? []);
  await books.put(
    'judgements',
    stored.map((row) => ({ ...row, undoneBy: voidedBy(undone.get(row.seq)) })),
  );
  for (const row of [...here, ...stored]) {
    const at = undone.get(row.seq)?.payload?.at ?? 0;
    const number = recordNumber(row);
    if (row.code !== null) await settleException(books, RAISES[row.code as QuarantineCode], number, at);
    if (row.flags.includes('limit')) await settleException(books, 'limit', number, at);
  }
}

/** In the order of the chain: a close that matches covers those before it, and none behind it. */
async function writeEffects(books: Books, { epoch, judged }: Run, at: number): Promise<void> {
  const closes: CloseRow[] = [];
  let settled = false;
  for (const { record, judgement } of judged) {
    for (const effect of judgement.effects) {
      if (effect.type !== 'close') await writeEffect(books, record, effect, epoch.shop, at);
      else {
        closes.push(closeRow(record, effect));
        // A matched close covers the days of those before it that did not match.
        if (!settled) await settleOfChain(books, record, ['close-mismatch'], at);
        settled = true;
      }
    }
    if (judgement.code !== undefined) await raise(books, record, judgement.code, at);
    if (judgement.code === 'close-mismatch') settled = false;
  }
  await books.add('closes', closes);
}

function closeRow({ tid, ep, seq }: SignedRecord, effect: Extract<Effect, { type: 'close' }>): CloseRow {
  const { redeemed, voided, byItem, auto } = effect.payload;
  return {
    ...{ tid, ep, seq, fromSeq: effect.from, toSeq: seq, at: effect.payload.at },
    ...{ redeemedCount: redeemed.count, redeemedPts: redeemed.pts },
    ...{ voidedCount: voided.count, voidedPts: voided.pts },
    ...{ byItem, auto: auto ? 1 : 0, holed: effect.hole ? 1 : 0 },
  };
}

async function writeEffect(
  books: Books,
  record: SignedRecord,
  effect: Exclude<Effect, { type: 'close' }>,
  shop: string,
  at: number,
): Promise<void> {
  const { tid, ep, seq } = record;
  const number = recordNumber(record);
  switch (effect.type) {
    case 'end':
      return;
    case 'stock': {
      const { kind, lines, at: when } = effect.payload;
      const bySku = new Map(lines.map((line) => [line.sku, line.qty] as const));
      return books.add(
        'stock',
        [...bySku].map(([sku, qty]) => ({ tid, ep, seq, shop, kind, sku, qty, at: when })),
      );
    }
    case 'claim': {
      const { acct, activity, units } = effect.payload;
      const due = { at: effect.payload.at, dueAt: at + REQUEST_DUE_MS, state: 'open', answer: null } as const;
      return books.put('requests', [{ number, kind: 'claim', tid, acct, code: activity, units, ref: null, ...due }]);
    }
    case 'case': {
      const { acct, code, ref } = effect.payload;
      const due = { at: effect.payload.at, dueAt: at + REQUEST_DUE_MS, state: 'open', answer: null } as const;
      if (ref !== undefined) await markDisputed(books, acct, ref);
      return books.put('requests', [{ number, kind: 'case', tid, acct, code, units: 0, ref: ref ?? null, ...due }]);
    }
  }
}

/** An answer is owed within this time. */
const REQUEST_DUE_MS = 14 * 86_400_000;

const RAISES: Readonly<Record<QuarantineCode, ExceptionKind>> = {
  'wrong-prev': 'wrong-chain',
  'wrong-counters': 'wrong-chain',
  'wrong-fields': 'wrong-chain',
  'misplaced-open': 'wrong-chain',
  'wrong-price': 'wrong-price',
  'over-allowance': 'over-allowance',
  'wrong-card-proof': 'wrong-card-proof',
  'void-of-nothing': 'void-of-nothing',
  'close-mismatch': 'close-mismatch',
  'end-not-closed': 'close-mismatch',
  'after-end': 'late-record',
  revoked: 'late-record',
  overruled: 'late-record',
};

async function raise(books: Books, record: SignedRecord, code: QuarantineCode, at: number): Promise<void> {
  await openException(books, RAISES[code], recordNumber(record), at, { code }, record.tid);
}

const WAITING: Readonly<Record<WaitCode, ExceptionKind>> = {
  'unknown-revision': 'unknown-revision',
  'unknown-version': 'unknown-record',
  'unknown-type': 'unknown-record',
  'not-reported': 'hub-restored',
};

async function noteWaiting(books: Books, { epoch, waits, chain }: Run, at: number): Promise<void> {
  const subject = `${epoch.tid}.${epoch.ep}`;
  if (epoch.waitsCode !== null && epoch.waitsCode !== waits && epoch.waitsCode !== 'not-reported') {
    await settleException(books, WAITING[epoch.waitsCode as WaitCode], subject, at);
  }
  if (waits !== null) await openException(books, WAITING[waits], subject, at, { seq: chain.seq + 1 }, epoch.tid);
}
