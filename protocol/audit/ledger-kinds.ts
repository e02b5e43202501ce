/**
 * Between which accounts each kind of transfer runs, and what its `ref` names: 3-protocol.md's ledger table as an auditor
 * reads it. Written from the table and not from the hub's own, so that one mistake is not made twice.
 */

export type RefKind = 'credit' | 'epoch' | 'record' | 'held' | 'account' | 'record-or-credit' | 'statement';

export interface LedgerKind {
  /** Of `<debit> -> <credit>`; a named group `acct`, `tid`, `ep` says whose they are. */
  readonly joins: readonly RegExp[];
  readonly ref: RefKind;
}

const ACCT = '(?<acct>[^:]+)';
const PLACE = '(?<tid>[^:]+):(?<ep>[0-9]+)';
const ALLOWANCE = `allowance:${ACCT}:${PLACE}`;
const SUSPENSE = `suspense:${PLACE}:(?<seq>[0-9]+)`;
const SHOP = 'shop:(?<shop>[^:]+)';
const run = (debit: string, credit: string) => new RegExp(`^${debit} -> ${credit}$`);

export const LEDGER_KINDS: ReadonlyMap<string, LedgerKind> = new Map<string, LedgerKind>([
  ['earn', { joins: [run('programme', `pending:${ACCT}`)], ref: 'credit' }],
  ['post', { joins: [run(`pending:${ACCT}`, 'account:\\k<acct>')], ref: 'credit' }],
  ['withdraw', { joins: [run(`pending:${ACCT}`, 'programme')], ref: 'credit' }],
  ['grant', { joins: [run(`account:${ACCT}`, `allowance:\\k<acct>:${PLACE}`)], ref: 'epoch' }],
  ['lend', { joins: [run('loss', ALLOWANCE)], ref: 'epoch' }],
  ['cover', { joins: [run('reserve', `account:${ACCT}`)], ref: 'epoch' }],
  ['return', { joins: [run(ALLOWANCE, 'account:\\k<acct>')], ref: 'record' }],
  ['sweep', { joins: [run(ALLOWANCE, 'account:\\k<acct>')], ref: 'record' }],
  ['redeem', { joins: [run(ALLOWANCE, SHOP)], ref: 'record' }],
  ['void', { joins: [run(SHOP, ALLOWANCE)], ref: 'record' }],
  [
    'hold',
    {
      joins: [run(`allowance:${ACCT}:${PLACE}`, 'suspense:\\k<tid>:\\k<ep>:(?<seq>[0-9]+)'), run('loss', SUSPENSE)],
      ref: 'record',
    },
  ],
  [
    'unhold',
    { joins: [run(SUSPENSE, 'allowance:(?<acct>[^:]+):\\k<tid>:\\k<ep>'), run(SUSPENSE, 'loss')], ref: 'record' },
  ],
  ['release', { joins: [run(SUSPENSE, SHOP)], ref: 'held' }],
  [
    'reject',
    {
      joins: [
        run(SUSPENSE, `account:${ACCT}`),
        run(SUSPENSE, 'allowance:(?<acct>[^:]+):\\k<tid>:\\k<ep>'),
        run(SUSPENSE, 'loss'),
      ],
      ref: 'held',
    },
  ],
  ['refund', { joins: [run(SHOP, `account:${ACCT}`), run(SHOP, ALLOWANCE)], ref: 'record' }],
  [
    'reverse',
    {
      joins: [run(`account:${ACCT}`, 'programme'), run('expired', 'programme'), run('loss', 'programme')],
      ref: 'credit',
    },
  ],
  ['expire', { joins: [run(`account:${ACCT}`, 'expired')], ref: 'account' }],
  ['move', { joins: [run(`account:${ACCT}`, 'account:(?!\\k<acct>$)[^:]+')], ref: 'account' }],
  ['repay', { joins: [run(ALLOWANCE, 'reserve'), run(`account:${ACCT}`, 'reserve')], ref: 'record' }],
  ['repay-loan', { joins: [run(`account:${ACCT}`, 'loss')], ref: 'record-or-credit' }],
  ['loss', { joins: [run('loss', SHOP)], ref: 'record' }],
  ['settle', { joins: [run(SHOP, 'settled:\\k<shop>')], ref: 'statement' }],
]);

/** What a transfer names in its accounts; null where its kind may not run between them. */
export function partsOf(kind: LedgerKind, debit: string, credit: string): Readonly<Record<string, string>> | null {
  const accounts = `${debit} -> ${credit}`;
  for (const join of kind.joins) {
    const match = join.exec(accounts);
    if (match !== null) return { ...match.groups };
  }
  return null;
}
