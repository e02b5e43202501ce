import { afterRedeem, afterReturn, afterVoid, spendable } from '../../protocol/allowance/counters.ts';
import { enrolmentDocument } from '../../protocol/documents/kinds.ts';
import { businessDay, localTime } from '../../protocol/primitives/calendar.ts';
import type { Payload } from '../../protocol/records/payload.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import { NO_LIMITS, type Recall, type TextBeside } from '../../protocol/sync/messages.ts';
import type { Book } from '../journal/book.ts';
import type { Draft, Journal } from '../journal/journal.ts';
import type { BookAccount, EpochRow, JournalStore } from '../journal/port.ts';
import type { Slip } from '../journal/print-jobs.ts';
import { autoCloseDue, closeSums } from '../redemption/closing.ts';
import { type LimitRefusal, limitRefusal, reachMs } from '../redemption/limits.ts';
import { openReason } from '../redemption/opening.ts';
import type { SaleStop } from '../redemption/sale-stop.ts';

/** Everything this kiosk may write: each act is checked on what is durable, then one record is signed and fenced. */

export interface TillDeps {
  readonly store: JournalStore;
  readonly journal: Journal;
  readonly book: Book;
  readonly nowAt: () => number;
  readonly saleStop: () => SaleStop | null;
  readonly offline: () => boolean;
  /** Of this program, for the epoch's first record. */
  readonly version: string;
}

export type TillRefusal =
  | SaleStop
  | LimitRefusal
  | 'item-gone'
  | 'price-changed'
  | 'allowance-expired'
  | 'not-enough-points'
  | 'card-blocked'
  | 'own-account'
  | 'nothing-to-void'
  | 'void-closed'
  | 'void-twice'
  | 'nothing-to-close'
  | 'not-closed'
  | 'not-returned';
export type Written =
  | { readonly ok: true; readonly record: SignedRecord }
  | { readonly ok: false; readonly code: TillRefusal };
const refused = (code: TillRefusal): Written => ({ ok: false, code });

export interface Sale {
  readonly acct: string;
  readonly token: string;
  readonly lines: readonly { readonly sku: string; readonly rev: number; readonly qty: number; readonly pts: number }[];
  readonly pinChecked: boolean;
  readonly clerk?: string;
}
type Common = 'at' | 'day';
type Bare<P> = P extends Draft ? Omit<P, Common> : never;

/** A chain that is not the hub's, or is over, must not grow. A frozen kiosk may still undo, return and close. */
const WRITES_NOTHING: ReadonlySet<SaleStop> = new Set([
  ...(['rolled-back', 'needs-new-epoch', 'ended', 'revoked', 'starting', 'journal-damaged'] as const),
]);
const MAX_CLOSE_RECORDS = 100_000;

export function createTill(deps: TillDeps) {
  const { store, journal, book } = deps;
  const zone = () => book.policy()?.timeZone ?? 'UTC';

  function write(fields: Bare<Draft>): Written {
    const stop = deps.saleStop();
    if (stop !== null && WRITES_NOTHING.has(stop)) return refused(stop);
    if (fields.type !== 'open') open();
    const at = deps.nowAt();
    return { ok: true, record: journal.append({ ...fields, at, day: businessDay(at, zone()) } as Draft) };
  }

  /** The epoch's first record, also where we crashed between its first roster and that record; nothing where it stands. */
  function open(): Written | null {
    if (journal.head().seq > 0) return null;
    const { epoch } = journal;
    const before = store.epochs().findLast((row) => row.ep < epoch.ep) ?? null;
    const ended = before !== null && store.last(before.ep)?.payload.type === 'end';
    const reason = openReason(epoch.ep, shopOf(epoch), before === null ? null : { shop: shopOf(before), ended });
    return write({ type: 'open', reason, sw: deps.version });
  }

  /** `slip`: made of the points before and after, as they are at the commit. */
  function redeem(sale: Sale, slip: (beforePts: number, afterPts: number) => Slip | null = () => null): Written {
    const stop = deps.saleStop();
    if (stop !== null) return refused(stop);
    // In front of an epoch's first record too, a refusal writes nothing.
    const early = journal.head().seq === 0 ? checkedSale(sale) : null;
    if (typeof early === 'string') return refused(early);
    open();
    let refusal: TillRefusal = 'item-gone';
    const record = journal.decided(() => {
      const checked = checkedSale(sale);
      if (typeof checked !== 'string') {
        const { beforePts, draft } = checked;
        return { draft, slip: slip(beforePts, beforePts - draft.pts) };
      }
      refusal = checked;
      return null;
    });
    return record === null ? refused(refusal) : { ok: true, record };
  }

  type RedeemDraft = Extract<Draft, { type: 'redeem' }>;
  function checkedSale(sale: Sale): { draft: RedeemDraft; beforePts: number } | TillRefusal {
    const items = book.catalogue()?.items ?? [];
    for (const line of sale.lines) {
      const current = items.find((each) => each.sku === line.sku);
      if (current === undefined) return 'item-gone';
      if (current.rev !== line.rev || current.pts !== line.pts) return 'price-changed';
    }
    const { acct, token, lines } = sale;
    if (isOwn(acct, sale.clerk)) return 'own-account';
    // Looked at again: a sync may have blocked the card since it was tapped.
    const blocked = (book.card(token)?.state ?? 'good') !== 'good';
    if (blocked || book.hotlisted(token)) return 'card-blocked';
    const pts = lines.reduce((sum, line) => sum + line.qty * line.pts, 0);
    const allowance = journal.allowance(acct);
    const at = deps.nowAt();
    if (allowance.notAfter <= at) return 'allowance-expired';
    if (pts > spendable(allowance)) return 'not-enough-points';
    const account = book.account(acct);
    const limit = limitOf(sale, account, pts, at);
    if (limit !== null) return limit;
    const { S, V, R } = afterRedeem(allowance, pts);
    const auth = { level: 'uid', pin: sale.pinChecked, hotlist: book.versions().hotlist };
    const clerk = sale.clerk === undefined ? {} : { clerk: sale.clerk };
    const draft: RedeemDraft = {
      ...{ type: 'redeem', acct, card: token, lines: [...lines], pts, S, V, R, auth, ...clerk },
      ...{ at, day: businessDay(at, zone()) },
    };
    return { draft, beforePts: spendable(allowance) + (account?.elsewhere ?? 0) };
  }

  /** No clerk acts for the account they have as a resident. */
  const isOwn = (acct: string, clerk?: string) => clerk !== undefined && book.clerkAcct(clerk) === acct;

  function limitOf(sale: Sale, account: BookAccount | null, pts: number, at: number): LimitRefusal | null {
    const limits = book.policy()?.limits ?? NO_LIMITS;
    const past = journal.ofAccount(sale.acct, at - reachMs(limits)).map((record) => record.payload);
    const visitorOffline = (account?.visitor ?? false) && deps.offline();
    const used = account?.used ?? null;
    return limitRefusal({
      limits,
      lines: sale.lines,
      pts,
      day: businessDay(at, zone()),
      at,
      past,
      used,
      visitorOffline,
    });
  }

  /** Undoes a redeem of this epoch since the last close: whole, once. Also where nothing may be sold. */
  function undo(ref: number, reason: string, clerk: string): Written {
    const redeemed = journal.record(ref)?.payload;
    if (redeemed?.type !== 'redeem') return refused('nothing-to-void');
    if (isOwn(redeemed.acct, clerk)) return refused('own-account');
    if (ref <= (journal.lastClose()?.seq ?? 0)) return refused('void-closed');
    const later = journal.ofAccount(redeemed.acct, redeemed.at).map((record) => record.payload);
    const { ep } = journal.epoch;
    if (later.some((p) => p.type === 'void' && p.ep === ep && p.ref === ref)) return refused('void-twice');
    const { acct, pts } = redeemed;
    const { S, V, R } = afterVoid(journal.counters(acct), pts);
    return write({ type: 'void', ref, acct, pts, S, V, R, reason, clerk });
  }

  /** Gives back all but `keep`. Null where there is nothing to give. */
  function giveBack(acct: string, keep: number): Written | null {
    const allowance = journal.allowance(acct);
    const pts = spendable(allowance) - keep;
    if (pts <= 0) return null;
    const { S, V, R } = afterReturn(allowance, pts);
    return write({ type: 'return', acct, pts, S, V, R });
  }

  /** What the hub asks back: ignored where G is not our own, as then a grant is still on its way. */
  function answerRecall({ acct, G, keep }: Recall): Written | null {
    return journal.allowance(acct).G === G ? giveBack(acct, keep) : null;
  }

  function sinceClose(): readonly Payload[] {
    const from = journal.lastClose()?.seq ?? 0;
    return journal.after(from, MAX_CLOSE_RECORDS).map((record) => record.payload);
  }

  function close(auto: boolean, clerk?: string): Written {
    const records = sinceClose();
    const lastCloseSeq = journal.lastClose()?.seq ?? 0;
    if (records.length === 0) return refused('nothing-to-close');
    const unresolved = store.quarantined(journal.epoch.ep, lastCloseSeq).slice(0, 1000);
    const by = clerk === undefined ? {} : { clerk };
    return write({ type: 'close', ...closeSums(lastCloseSeq, records), auto, unresolved: [...unresolved], ...by });
  }

  /** By itself at the county's hour, or at the next start; null where nothing is due. */
  function closeIfDue(): Written | null {
    const policy = book.policy();
    const records = policy === null ? [] : sinceClose();
    const first = records.find((payload) => payload.type === 'redeem' || payload.type === 'void');
    if (policy === null || first === undefined) return null;
    const wrote = { ...localTime(first.at, policy.timeZone), day: first.day };
    const due = autoCloseDue(wrote, localTime(deps.nowAt(), policy.timeZone), policy.closeHour);
    return due ? close(true) : null;
  }

  /** The planned end: all returned, closed, and this directly behind the close. */
  function end(clerk: string): Written {
    if (journal.allowances().some((row) => spendable(row) > 0)) return refused('not-returned');
    const last = journal.head().seq;
    if (last === 0 || journal.lastClose()?.seq !== last) return refused('not-closed');
    return write({ type: 'end', clerk });
  }

  return {
    redeem,
    void: undo,
    giveBack,
    answerRecall,
    close,
    closeIfDue,
    end,
    open,
    stock: (kind: 'restock' | 'count' | 'waste', lines: readonly { sku: string; qty: number }[], clerk: string) =>
      write({ type: 'stock', kind, lines: [...lines], clerk }),
    claim: (acct: string, activity: string, units: number, clerk: string) =>
      write({ type: 'claim', acct, activity, units, clerk }),
    /** `text`: what the person typed; kept beside the chain until the hub has it. */
    case(acct: string, code: string, ref: string | null, text: TextBeside | null): Written {
      // The text first: without its record it is only forgotten, a record without its text could never be answered.
      if (text !== null) store.addText(text);
      const beside = text === null ? {} : { text: text.hash };
      return write({ type: 'case', acct, code, ...(ref === null ? {} : { ref }), ...beside });
    },
    /** Past a grant's end its points are returned: nothing of them is sold any more. */
    returnExpired(): readonly Written[] {
      const now = deps.nowAt();
      const expired = journal.allowances().filter((row) => row.notAfter <= now && spendable(row) > 0);
      return expired.flatMap((row) => giveBack(row.acct, 0) ?? []);
    },
  };
}
export type Till = ReturnType<typeof createTill>;

function shopOf(epoch: EpochRow): string {
  return enrolmentDocument.readTrusted(epoch.enrolmentJws)?.shop ?? '';
}
