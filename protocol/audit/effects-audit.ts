import type { AuditedRecord } from './records-audit.ts';
import type { TransferLine } from './transfer-line.ts';

/** Whether what moved for a record is what the record says: once, whole, and to where its stage sends it. */

export interface OwnMoves {
  readonly sold: number;
  /** Redeem transfers: the points of a sale move in one. */
  readonly sales: number;
  readonly heldOwn: number;
  /** Held under a hole's number, as this record was the first to show it. */
  readonly heldHidden: number;
  readonly undone: number;
  readonly returned: number;
  readonly refunded: number;
}
const NOTHING: OwnMoves = {
  ...{ sold: 0, sales: 0, heldOwn: 0, heldHidden: 0, undone: 0, returned: 0, refunded: 0 },
};

export function ownMoves(known: OwnMoves = NOTHING, t: TransferLine, { tid, ep, seq }: AuditedRecord): OwnMoves {
  switch (t.kind) {
    case 'redeem':
      return { ...known, sold: known.sold + t.amount, sales: known.sales + 1 };
    case 'hold':
      return t.credit === `suspense:${tid}:${ep}:${seq}`
        ? { ...known, heldOwn: known.heldOwn + t.amount }
        : { ...known, heldHidden: known.heldHidden + t.amount };
    case 'void':
    case 'unhold':
      return { ...known, undone: known.undone + t.amount };
    case 'return':
    case 'repay':
      return { ...known, returned: known.returned + t.amount };
    case 'refund':
      return { ...known, refunded: known.refunded + t.amount };
    default:
      return known;
  }
}

/** Null where all is right; else a sentence. */
export function effectFault(record: AuditedRecord, moves: OwnMoves = NOTHING): string | null {
  const { sold, heldOwn, heldHidden, undone, returned } = moves;
  const { type, pts, judged, matched, revealed } = record;
  const all = sold + heldOwn + heldHidden + undone + (type === 'end' ? 0 : returned);
  if (!judged) return all === 0 ? null : `Not judged yet, but ${all} points moved for it.`;
  if (heldHidden !== Math.max(0, revealed)) {
    return `It shows ${Math.max(0, revealed)} points that a hole hid, and ${heldHidden} were held.`;
  }
  const hiddenUndone = Math.max(0, -revealed);
  const ownUndone = type === 'void' && matched ? pts : 0;
  if (undone !== hiddenUndone + ownUndone) {
    return `${hiddenUndone + ownUndone} points should be undone by it, and ${undone} were.`;
  }
  if (type === 'redeem' && matched && (sold !== pts || moves.sales !== 1 || heldOwn !== 0)) {
    return `${pts} points should move once from the allowance to the shop.`;
  }
  if (type === 'return' && matched && (returned !== pts || heldOwn !== 0)) {
    return `${pts} points should go back, and ${returned} did.`;
  }
  const holds = !matched && (type === 'redeem' || type === 'return');
  if (holds && (heldOwn !== pts || sold + returned !== 0)) return `${pts} points should be held.`;
  return null;
}
