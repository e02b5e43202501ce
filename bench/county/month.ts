import { wholeNumber } from '../../firmware-sim/demo/county/random.ts';
import { NO_SUMS, withRedeem, withVoid } from '../../hub/ledger/day-sums.ts';
import { topUpPts } from '../../hub/ledger/grants.ts';
import { cardToken } from '../../protocol/cards/token.ts';
import type { Signer } from '../../protocol/crypto.ts';
import { nodeHashing } from '../../protocol/node/crypto.ts';
import type { Line, Payload } from '../../protocol/records/payload.ts';
import { encodeRecord, type SignedRecord } from '../../protocol/records/record.ts';
import { CAP_PTS, type MadeResident } from './people.ts';
import { randomOf, type VillagePlan } from './plan.ts';

/**
 * The records of one terminal's month, as its own journal would hold them: each day it is restocked or counted, sells,
 * undoes a sale now and then and closes; and one of the troubles, where its plan says so.
 */

export interface MonthJob {
  readonly seed: number;
  readonly days: number;
  readonly recordsADay: number;
  /** Midnight of the first day, ms. */
  readonly fromMs: number;
  readonly place: VillagePlan;
  /** HASH of the hub's signed enrolment. */
  readonly enrolmentHash: string;
  readonly pepper: { readonly version: number; readonly key: Uint8Array };
  readonly items: readonly { readonly sku: string; readonly pts: number }[];
}
export interface Month {
  /** In the order of seq; of a fork both branches, the other one last. */
  readonly records: readonly SignedRecord[];
  /** Never sent, so that the hub sees a gap. */
  readonly kept: readonly number[];
}

const DAY_MS = 86_400_000;
const OPENS_MS = 8 * 3_600_000;
const BETWEEN_MS = 150_000;
const VOID_EVERY = 40;
const RESTOCK_EVERY_DAYS = 5;
const COUNT_EVERY_DAYS = 7;
const RESTOCK_QTY = 400;
const TROUBLE_DAYS_BEFORE_END = 3;
const GAP_RECORDS = 40;
const OVERDRAWS = 20;

interface Account {
  readonly acct: string;
  readonly card: string;
  readonly G: number;
  S: number;
  V: number;
}

export function signMonth(job: MonthJob, people: readonly MadeResident[], signer: Signer): Month {
  const journal = createJournal(job, signer);
  const random = randomOf(job.seed, `month ${job.place.n}`);
  const accounts = people.map(({ acct, pts, cards }): Account => {
    const card = cardToken(job.pepper, 'uid', cards[0]?.uid ?? '', nodeHashing);
    return { acct, card, G: topUpPts(pts, 0, CAP_PTS), S: 0, V: 0 };
  });
  journal.write(0, { type: 'open', reason: 'enrol', sw: '0.1.0' });
  for (let day = 0; day < job.days; day++) liveDay(day, job, journal, accounts, random);
  return withTrouble(job, journal.records, signer);
}

function createJournal({ place: { tid }, enrolmentHash, fromMs }: MonthJob, signer: Signer) {
  const records: SignedRecord[] = [];
  const shelf: Map<string, number> = new Map();
  let sums = NO_SUMS;
  let tot = 0;
  let closed = 0;
  let written = { day: -1, times: 0 };
  function write(day: number, fields: object): void {
    written = { day, times: written.day === day ? written.times + 1 : 0 };
    const seq = records.length + 1;
    const up = OPENS_MS + written.times * BETWEEN_MS;
    const at = fromMs + day * DAY_MS + up;
    const label = new Date(fromMs + day * DAY_MS).toISOString().slice(0, 10);
    const common = { v: 1, tid, ep: 1, seq, prev: records.at(-1)?.hash ?? enrolmentHash, at, up, boot: `b${day}` };
    records.push(encodeRecord({ ...common, day: label, tot, ...fields } as Payload, signer, nodeHashing));
  }
  const move = (lines: readonly Pick<Line, 'sku' | 'qty'>[], sign: 1 | -1) => {
    for (const { sku, qty } of lines) shelf.set(sku, (shelf.get(sku) ?? 0) + sign * qty);
  };
  return {
    records,
    shelf,
    write,
    sell(day: number, account: Account, lines: readonly Line[]): void {
      const pts = lines.reduce((sum, line) => sum + line.qty * line.pts, 0);
      account.S += pts;
      tot += pts;
      sums = withRedeem(sums, pts, lines);
      move(lines, -1);
      const { acct, card, S, V } = account;
      write(day, {
        type: 'redeem',
        acct,
        card,
        lines,
        pts,
        S,
        V,
        R: 0,
        auth: { level: 'uid', pin: pts > 50, hotlist: 1 },
      });
    },
    undo(day: number, account: Account, sale: SignedRecord): void {
      if (sale.payload?.type !== 'redeem') return;
      const { pts, lines } = sale.payload;
      account.V += pts;
      tot -= pts;
      sums = withVoid(sums, pts, lines);
      move(lines, 1);
      const { acct, S, V } = account;
      write(day, { type: 'void', ref: sale.seq, acct, pts, S, V, R: 0, reason: 'mistake' });
    },
    stock(day: number, kind: 'restock' | 'count', lines: readonly Pick<Line, 'sku' | 'qty'>[]): void {
      if (kind === 'restock') move(lines, 1);
      else for (const { sku, qty } of lines) shelf.set(sku, qty);
      write(day, { type: 'stock', kind, lines });
    },
    close(day: number, wrong: boolean): void {
      const { redeemed, voided, byItem } = sums;
      const span = { from: closed + 1, to: records.length };
      const said = wrong ? { ...redeemed, count: redeemed.count + 1 } : redeemed;
      write(day, { type: 'close', ...span, redeemed: said, voided, byItem, auto: day % 2 === 0, unresolved: [] });
      closed = records.length;
      sums = NO_SUMS;
    },
  };
}
type Journal = ReturnType<typeof createJournal>;

function liveDay(day: number, job: MonthJob, journal: Journal, accounts: Account[], random: () => number): void {
  const { place, items } = job;
  const from = journal.records.length;
  if (day % RESTOCK_EVERY_DAYS === 0)
    journal.stock(
      day,
      'restock',
      items.map(({ sku }) => ({ sku, qty: RESTOCK_QTY })),
    );
  if (day % COUNT_EVERY_DAYS === 1) journal.stock(day, 'count', countOf(journal, items, place.miscounts && day > 7));
  const closes = place.trouble !== 'unclosed' || day < job.days - TROUBLE_DAYS_BEFORE_END;
  const until = from + job.recordsADay - (closes ? 1 : 0);
  while (journal.records.length < until) {
    const account = accounts[wholeNumber(random, 0, accounts.length - 1)];
    const item = items[wholeNumber(random, 0, items.length - 1)];
    if (account === undefined || item === undefined) break;
    const left = account.G - (account.S - account.V);
    const overdraws = isOverdrawn(job, journal.records.length);
    // Who has too little takes the cheapest; who has not even that asks about it, and the clerk's day goes on.
    const taken = overdraws || left >= item.pts ? item : (items[0] ?? item);
    if (!overdraws && left < taken.pts) {
      journal.write(day, { type: 'case', acct: account.acct, code: 'balance' });
      continue;
    }
    const qty = overdraws ? Math.max(1, Math.floor(left / taken.pts) + 1) : 1;
    journal.sell(day, account, [{ sku: taken.sku, rev: 1, qty, pts: taken.pts }]);
    const sale = journal.records.at(-1);
    if (sale !== undefined && sale.seq % VOID_EVERY === 0 && journal.records.length < until)
      journal.undo(day, account, sale);
  }
  if (closes) journal.close(day, place.trouble === 'close-mismatch' && day === job.days - 1);
}

/** Some sales of the month are made whether or not the allowance covers them, as a rolled-back kiosk would. */
function isOverdrawn({ place, days, recordsADay }: MonthJob, written: number): boolean {
  const every = Math.floor((days * recordsADay) / OVERDRAWS);
  return place.trouble === 'over-allowance' && every > 0 && written % every === every - 1;
}

function countOf({ shelf }: Journal, items: MonthJob['items'], miscounts: boolean) {
  const counted = items.map(({ sku }) => ({ sku, qty: Math.max(0, shelf.get(sku) ?? 0) }));
  return counted.map((line, i) => (i === 0 && miscounts ? { ...line, qty: Math.max(0, line.qty - 2) } : line));
}

function withTrouble({ place, recordsADay }: MonthJob, records: readonly SignedRecord[], signer: Signer): Month {
  const before = records.length - Math.floor(recordsADay * 1.5);
  if (place.trouble === 'gap')
    return { records, kept: Array.from({ length: Math.min(GAP_RECORDS, before) }, (_, i) => before - i) };
  if (place.trouble !== 'fork') return { records, kept: [] };
  const payload = records[before]?.payload;
  if (payload === null || payload === undefined) return { records, kept: [] };
  // The same place in the chain, written by a copy of the kiosk whose clock ran a second behind.
  const other = encodeRecord({ ...payload, at: payload.at + 1_000 }, signer, nodeHashing);
  return { records: [...records, other], kept: [] };
}
