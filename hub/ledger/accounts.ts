/** The names of ledger accounts, as exports show them: docs/surfaces.md, "Hub export". */

export type AccountKind =
  | 'account'
  | 'pending'
  | 'allowance'
  | 'suspense'
  | 'shop'
  | 'settled'
  | 'programme'
  | 'reserve'
  | 'expired'
  | 'loss';

export const ledgerAccount = {
  account: (acct: string) => `account:${acct}`,
  pending: (acct: string) => `pending:${acct}`,
  allowance: (acct: string, tid: string, ep: number) => `allowance:${acct}:${tid}:${ep}`,
  suspense: (recordNumber: string) => `suspense:${recordNumber.replaceAll('.', ':')}`,
  shop: (shop: string) => `shop:${shop}`,
  settled: (shop: string) => `settled:${shop}`,
  programme: 'programme',
  reserve: 'reserve',
  expired: 'expired',
  loss: 'loss',
} as const;

export function kindOfAccount(account: string): AccountKind {
  const end = account.indexOf(':');
  return (end < 0 ? account : account.slice(0, end)) as AccountKind;
}
