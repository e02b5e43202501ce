import type { DoneView, ErrorCode, LineView } from '../../protocol/api/kiosk.ts';
import { checkCode, recordNumber } from '../../protocol/records/number.ts';
import type { RedeemDraft } from '../redemption/state.ts';
import type { Till, TillRefusal } from './till.ts';

/** One redemption as the session asks for it, and as the screen then shows it. */

export type Redeemed =
  | { readonly ok: true; readonly seq: number; readonly done: DoneView }
  | { readonly ok: false; readonly code: ErrorCode };

export function redeem(draft: RedeemDraft, till: Till): Redeemed {
  const { acct, token, name, last4 } = draft.person;
  const lines = draft.lines.map(({ item, qty }) => ({ sku: item.sku, rev: item.rev, qty, pts: item.pts }));
  let points = { beforePts: 0, afterPts: 0 };
  const by = draft.clerk === undefined ? {} : { clerk: draft.clerk };
  const written = till.redeem({ acct, token, lines, pinChecked: draft.pinChecked, ...by }, (beforePts, afterPts) => {
    points = { beforePts, afterPts };
    return { name, last4, beforePts, afterPts };
  });
  if (!written.ok) return { ok: false, code: errorOf(written.code) };
  const { record } = written;
  const done: DoneView = {
    ...{ number: recordNumber(record), checkCode: checkCode(record.hash), lines: draft.lines.map(lineView) },
    ...{ ...points, usedPts: draft.pts, paper: 'waiting' },
  };
  return { ok: true, seq: record.seq, done };
}

/** What the screen has sentences for; the rest is said by what stands behind it. */
function errorOf(code: TillRefusal): ErrorCode {
  switch (code) {
    case 'item-gone':
    case 'price-changed':
    case 'allowance-expired':
    case 'not-enough-points':
    case 'card-blocked':
    case 'disk-low':
      return code;
    case 'limit-redemption':
    case 'limit-day-points':
    case 'limit-day-count':
    case 'limit-item':
    case 'limit-item-visitor':
      return 'limit-reached';
    default:
      return 'commit-failed';
  }
}

export function lineView({ item, qty }: RedeemDraft['lines'][number]): LineView {
  return { sku: item.sku, name: item.name, unit: item.unit, image: `goods/${item.sku}.svg`, qty, pts: item.pts };
}
