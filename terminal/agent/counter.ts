import type { FindView, FoundView, VoidableView, VoidReason } from '../../protocol/api/counter.ts';
import type { LineView, PrintView, RemarkCode } from '../../protocol/api/kiosk.ts';
import { businessDay, timeOfDay } from '../../protocol/primitives/calendar.ts';
import { recordNumber } from '../../protocol/records/number.ts';
import type { RedeemPayload } from '../../protocol/records/payload.ts';
import { holderOf } from '../cards/identify-holder.ts';
import type { Book } from '../journal/book.ts';
import { noteDeed } from '../journal/clerk-trail.ts';
import type { Journal } from '../journal/journal.ts';
import type { BookCard, JournalStore } from '../journal/port.ts';
import type { PrintJobs } from '../journal/print-jobs.ts';
import { canFind, type Desk } from '../redemption/desk.ts';
import type { Holder } from '../redemption/state.ts';
import type { Till, TillRefusal, Written } from './till.ts';
import { createVoidable } from './voidable.ts';

/** What the clerk's counter asks of the books, and what it writes: looks people up, notes who was helped, undoes, copies. */

export interface CounterDeps {
  readonly store: JournalStore;
  readonly book: Book;
  readonly journal: Journal;
  readonly till: Till;
  readonly jobs: PrintJobs;
  readonly tid: string;
  readonly nowAt: () => number;
}

/** More than this are not leafed through: another letter finds them sooner. */
export const FOUND_MAX = 60;
export const ROWS_A_PAGE = 6;
const UNSURE_MAX = 20;

export function createCounter({ store, book, journal, till, jobs, tid, nowAt }: CounterDeps) {
  const voidable = createVoidable(journal);
  const zone = () => book.policy()?.timeZone ?? 'UTC';
  const numberOf = (seq: number) => recordNumber({ tid, ep: journal.epoch.ep, seq });

  const isGood = (card: BookCard) => card.state === 'good' && !book.hotlisted(card.token);

  /** By which card somebody is helped: the one that was named, else one with a PIN, else any good one. */
  function cardFor(acct: string, last4: string | null): BookCard | null {
    const cards = book.cardsOf(acct);
    const good = cards.filter(isGood);
    const named = good.find((card) => card.last4 === last4);
    return named ?? good.find((card) => card.pinVerifier !== null) ?? good[0] ?? cards[0] ?? null;
  }

  function find(desk: Desk, withPeople: boolean): FindView {
    const { by, keys } = desk;
    const query = by === 'last4' ? { last4: keys } : { initials: keys };
    const all = canFind(desk) ? book.findPeople(query, FOUND_MAX + 1) : [];
    const found = all.slice(0, FOUND_MAX);
    const { page, pages, rows } = paged(found, desk.page);
    const people = rows.map(({ acct, name, initials }): FoundView => {
      const last4 = cardFor(acct, by === 'last4' ? keys : null)?.last4 ?? '';
      return { acct, name, initials, last4 };
    });
    const more = all.length > FOUND_MAX;
    return { by, keys, count: found.length, more, people: withPeople ? people : [], page, pages };
  }

  function lookUp(acct: string, last4: string | null): Holder {
    const card = cardFor(acct, last4);
    return (card === null ? null : holderOf(card, book, journal)) ?? { kind: 'unknown', token: '' };
  }

  /** Throws where the disk takes no note: then nobody is helped. */
  function beginHelp(token: string, clerk: string): Holder {
    const card = book.card(token);
    const holder = card === null ? null : holderOf(card, book, journal);
    if (holder === null) return { kind: 'unknown', token: '' };
    const own = holder.kind === 'resident' && holder.person.acct === book.clerkAcct(clerk);
    if (holder.kind === 'resident' && !holder.visitor && !own) {
      noteDeed(store, { at: nowAt(), deed: 'help', clerk, token });
    }
    return holder;
  }

  function rowOf(payload: RedeemPayload, ownAcct: string | null): VoidableView {
    const { seq, at, acct, pts } = payload;
    const name = book.account(acct)?.name ?? jobs.original(seq)?.slip.name ?? '';
    return { seq, number: numberOf(seq), time: timeOfDay(at, zone()), name, pts, own: acct === ownAcct };
  }

  function voidRows(at: number, ownAcct: string | null) {
    const { page, pages, rows } = paged([...voidable.since().values()].reverse(), at);
    return { page, pages, rows: rows.map((payload) => rowOf(payload, ownAcct)) };
  }

  /** Null where it no longer stands. */
  function undoing(seq: number, ownAcct: string | null): { row: VoidableView; lines: readonly LineView[] } | null {
    const payload = voidable.since().get(seq);
    return payload === undefined ? null : { row: rowOf(payload, ownAcct), lines: payload.lines.map(lineOf) };
  }

  /** The catalogue may have moved on; what was given out is still named. */
  function lineOf({ sku, qty, pts }: RedeemPayload['lines'][number]): LineView {
    const item = book.catalogue()?.items.find((each) => each.sku === sku);
    const plain = { zh: sku, en: sku };
    const named = { name: item?.name ?? plain, unit: item?.unit ?? { zh: '', en: '' } };
    return { sku, ...named, image: `goods/${sku}.svg`, qty, pts };
  }

  function undo(ref: number, reason: VoidReason, clerk: string): { readonly ok: boolean; readonly code: RemarkCode } {
    const written: Written = till.void(ref, reason, clerk);
    return written.ok ? { ok: true, code: 'voided' } : { ok: false, code: voidRemark(written.code) };
  }

  /** Marked and numbered; noted in the clerk's trail in the same commit. False where there is no such slip. */
  function printCopy(seq: number, clerk: string): boolean {
    if (jobs.original(seq) === null) return false;
    const at = nowAt();
    store.transact(() => {
      jobs.addCopy(seq, at);
      noteDeed(store, { at, deed: 'print-copy', clerk, seq });
    });
    return true;
  }

  function prints(limit: number): PrintView[] {
    return jobs.recent(limit).map((job) => printOf(job));
  }

  function printOf(job: ReturnType<PrintJobs['recent']>[number]): PrintView {
    return {
      ...{ seq: job.seq, number: numberOf(job.seq), state: job.state, copies: job.copies },
      ...{ time: timeOfDay(job.madeAt, zone()), day: businessDay(job.madeAt, zone()) },
      ...{ name: job.slip.name, pts: job.slip.beforePts - job.slip.afterPts },
    };
  }

  return {
    ...{ find, lookUp, beginHelp, voidRows, undoing, undo, printCopy, prints },
    canVoid: (seq: number): boolean => voidable.since().has(seq),
    /** Prints nobody knows the end of, and no copy was made of; as many as the list of receipts shows. */
    unsurePrints: () =>
      jobs.recent(UNSURE_MAX).filter(({ state, copies }) => state === 'unknown' && copies === 0).length,
    /** The slip of that record; null where there is none here. */
    print(seq: number): PrintView | null {
      const job = jobs.withCopies(seq);
      return job === null ? null : printOf(job);
    },
  };
}
export type Counter = ReturnType<typeof createCounter>;

function paged<T>(all: readonly T[], wanted: number): { page: number; pages: number; rows: readonly T[] } {
  const pages = Math.max(1, Math.ceil(all.length / ROWS_A_PAGE));
  const page = Math.min(Math.max(wanted, 0), pages - 1);
  return { page, pages, rows: all.slice(page * ROWS_A_PAGE, (page + 1) * ROWS_A_PAGE) };
}

function voidRemark(code: TillRefusal): RemarkCode {
  switch (code) {
    case 'void-closed':
    case 'void-twice':
      return code;
    case 'nothing-to-void':
      return 'void-nothing';
    case 'own-account':
      return 'void-own';
    default:
      return 'void-stopped';
  }
}
