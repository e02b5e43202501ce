import { afterRedeem, spendable } from '../../protocol/allowance/counters.ts';
import type { DoneView, ErrorCode, LineView } from '../../protocol/api/kiosk.ts';
import { checkCode, recordNumber } from '../../protocol/records/number.ts';
import type { Book } from '../journal/book.ts';
import type { Journal } from '../journal/journal.ts';
import type { RedeemDraft } from '../redemption/state.ts';

/** Commits one redemption: everything is checked again on what is durable, then one record is signed and fenced. */

export type Redeemed =
  | { readonly ok: true; readonly seq: number; readonly done: DoneView }
  | { readonly ok: false; readonly code: ErrorCode };

export interface RedeemDeps {
  readonly journal: Journal;
  readonly book: Book;
  readonly nowAt: () => number;
  readonly hotlistVersion: () => number;
}

export function redeem(draft: RedeemDraft, deps: RedeemDeps): Redeemed {
  const { journal, book } = deps;
  const items = book.catalogue()?.items ?? [];
  for (const { item } of draft.lines) {
    const current = items.find((each) => each.sku === item.sku);
    if (current === undefined) return { ok: false, code: 'item-gone' };
    if (current.rev !== item.rev || current.pts !== item.pts) return { ok: false, code: 'price-changed' };
  }
  const { acct, token } = draft.person;
  const allowance = journal.allowance(acct);
  const at = deps.nowAt();
  if (allowance.notAfter <= at) return { ok: false, code: 'allowance-expired' };
  if (draft.pts > spendable(allowance)) return { ok: false, code: 'not-enough-points' };
  const { S, V, R } = afterRedeem(allowance, draft.pts);
  const elsewhere = book.account(acct)?.elsewhere ?? 0;
  const lines = draft.lines.map(({ item, qty }) => ({ sku: item.sku, rev: item.rev, qty, pts: item.pts }));
  const beforePts = spendable(allowance) + elsewhere;
  const afterPts = beforePts - draft.pts;
  const { name, last4 } = draft.person;
  const record = journal.append(
    {
      ...{ type: 'redeem', at, day: businessDay(at, book.policy()?.timeZone ?? 'UTC'), acct, card: token, lines },
      ...{ pts: draft.pts, S, V, R, auth: { level: 'uid', pin: draft.pinChecked, hotlist: deps.hotlistVersion() } },
    },
    draft.pts,
    { name, last4, beforePts, afterPts },
  );
  const done: DoneView = {
    ...{ number: recordNumber(record), checkCode: checkCode(record.hash), lines: draft.lines.map(lineView) },
    ...{ beforePts, usedPts: draft.pts, afterPts, paper: 'waiting' },
  };
  return { ok: true, seq: record.seq, done };
}

export function lineView({ item, qty }: RedeemDraft['lines'][number]): LineView {
  return { sku: item.sku, name: item.name, unit: item.unit, image: `goods/${item.sku}.svg`, qty, pts: item.pts };
}

/** `YYYY-MM-DD` in the county's zone: a label for people, read by no rule. */
export function businessDay(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}
