import { invariant } from '../../protocol/primitives/assert.ts';
import { type AccountKind, kindOfAccount } from './accounts.ts';

/** One immutable movement of points from `debit` to `credit`; the ledger is nothing but these, so it always sums to 0. */
export interface Transfer {
  /** Unique for ever: the same id and content again is the same transfer. */
  readonly id: string;
  readonly debit: string;
  readonly credit: string;
  readonly amount: number;
  readonly kind: TransferKind;
  /** What it is for: a record's number, a credit, a grant. */
  readonly ref: string;
}

/**
 * Which kinds there are, and between which kinds of account each may run. There is no penalty: nothing takes points
 * from a resident's account but what they redeem, what expires, and the correction of an error of ours.
 */
export const TRANSFER_KINDS = {
  earn: [['programme', 'pending']],
  post: [['pending', 'account']],
  withdraw: [['pending', 'programme']],
  grant: [['account', 'allowance']],
  return: [['allowance', 'account']],
  sweep: [['allowance', 'account']],
  redeem: [['allowance', 'shop']],
  void: [['shop', 'allowance']],
  // What the allowance lacks, `loss` lends, and gets back.
  hold: [
    ['allowance', 'suspense'],
    ['loss', 'suspense'],
  ],
  unhold: [
    ['suspense', 'allowance'],
    ['suspense', 'loss'],
  ],
  release: [['suspense', 'shop']],
  // In a dead epoch without a matched `end` both go back to the allowance; the resident is made whole by cover.
  reject: [
    ['suspense', 'account'],
    ['suspense', 'allowance'],
    ['suspense', 'loss'],
  ],
  refund: [
    ['shop', 'account'],
    ['shop', 'allowance'],
  ],
  reverse: [
    ['account', 'programme'],
    ['expired', 'programme'],
    ['loss', 'programme'],
  ],
  expire: [['account', 'expired']],
  move: [['account', 'account']],
  cover: [['reserve', 'account']],
  repay: [
    ['allowance', 'reserve'],
    ['account', 'reserve'],
  ],
  lend: [['loss', 'allowance']],
  'repay-loan': [['account', 'loss']],
  loss: [['loss', 'shop']],
  settle: [['shop', 'settled']],
} as const satisfies Record<string, readonly (readonly [AccountKind, AccountKind])[]>;
export type TransferKind = keyof typeof TRANSFER_KINDS;

/** Kinds that two people must have agreed to: the store refuses them without an approved proposal. */
export const NEEDS_TWO: ReadonlySet<TransferKind> = new Set([
  ...(['release', 'reject', 'refund', 'reverse', 'move', 'cover', 'loss'] as const),
]);

/** Makes a transfer; between accounts its kind may not join it throws, as only a bug of ours can ask for that. */
export function transfer(
  kind: TransferKind,
  id: string,
  debit: string,
  credit: string,
  amount: number,
  ref: string,
): Transfer {
  const [source, target] = [kindOfAccount(debit), kindOfAccount(credit)];
  const allowed = TRANSFER_KINDS[kind].some(([from, to]) => from === source && to === target);
  invariant(allowed, () => `a ${kind} may not run from ${source} to ${target}`);
  invariant(Number.isSafeInteger(amount) && amount > 0, () => `a transfer of ${amount}`);
  return { id, debit, credit, amount, kind, ref };
}
