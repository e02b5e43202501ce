import { recordNumber } from '../records/number.ts';
import { Compile, type Static, Type } from '../schema.ts';
import type { AuditedRedeem, Report } from './records-audit.ts';

/** What an auditor learns of the ledger: every movement, that no account went below zero, that records explain it. */

export const TransferLine = Type.Object({
  id: Type.String(),
  at: Type.Integer(),
  debit: Type.String(),
  credit: Type.String(),
  amount: Type.Number(),
  kind: Type.String(),
  ref: Type.String(),
});
export type TransferLine = Static<typeof TransferLine>;
export const transferLineCheck = Compile(TransferLine);

/** Between which accounts each kind runs. A kind that is not here moves points that nothing in an export explains. */
const JOINS: ReadonlyMap<string, RegExp> = new Map([
  ['earn', /^programme -> pending:[^:]+$/],
  ['post', /^pending:([^:]+) -> account:\1$/],
  ['grant', /^account:([^:]+) -> allowance:\1:[^:]+:[0-9]+$/],
  ['redeem', /^allowance:[^:]+:[^:]+:[0-9]+ -> shop:[^:]+$/],
  ['hold', /^(allowance:[^:]+:[^:]+:[0-9]+|loss) -> suspense:[^:]+:[0-9]+:[0-9]+$/],
]);

/** Kinds that a terminal's record causes; its ref is the record's number. */
const RECORD_KINDS = new Set(['redeem', 'hold']);
const NEVER_NEGATIVE = new Set(['account', 'pending', 'allowance', 'suspense']);

export function createLedgerAudit(redeems: ReadonlyMap<string, AuditedRedeem>, report: Report) {
  const balances: Map<string, number> = new Map();
  const ids: Set<string> = new Set();
  const moved: Map<string, TransferLine[]> = new Map();
  let transfers = 0;

  function move(account: string, amount: number, where: string): void {
    const after = (balances.get(account) ?? 0) + amount;
    balances.set(account, after);
    const kind = account.split(':', 1)[0] ?? '';
    if (after < 0 && NEVER_NEGATIVE.has(kind)) report('overdrawn', where, `${account} falls to ${after}.`);
  }

  function line(t: TransferLine): void {
    transfers += 1;
    if (ids.has(t.id)) report('doubled-transfer', t.id, 'The same transfer stands twice.');
    ids.add(t.id);
    if (!Number.isSafeInteger(t.amount) || t.amount <= 0) report('amount', t.id, `It moves ${t.amount} points.`);
    const accounts = `${t.debit} -> ${t.credit}`;
    if (!JOINS.get(t.kind)?.test(accounts)) report('unexplained-kind', t.id, `No ${t.kind} may run ${accounts}.`);
    move(t.debit, -t.amount, t.id);
    move(t.credit, t.amount, t.id);
    if (!RECORD_KINDS.has(t.kind)) return;
    if (!redeems.has(t.ref)) report('unexplained-transfer', t.id, `No record ${t.ref} explains it.`);
    moved.set(t.ref, [...(moved.get(t.ref) ?? []), t]);
  }

  function redeemCovered({ payload, stage, shop }: AuditedRedeem): void {
    const number = recordNumber(payload);
    const mine = moved.get(number) ?? [];
    const allowance = `allowance:${payload.acct}:${payload.tid}:${payload.ep}`;
    const suspense = `suspense:${payload.tid}:${payload.ep}:${payload.seq}`;
    const sum = mine.reduce((total, t) => total + t.amount, 0);
    if (stage === 'matched' || stage === 'closed' || stage === 'settled') {
      const [t] = mine;
      const right = mine.length === 1 && t?.kind === 'redeem' && t.debit === allowance && t.credit === `shop:${shop}`;
      if (!right || sum !== payload.pts) {
        report('ledger-differs', number, `${payload.pts} points should move once from the allowance to the shop.`);
      }
    } else if (stage === 'quarantined') {
      const from = new Set([allowance, 'loss']);
      const right = mine.every((t) => t.kind === 'hold' && from.has(t.debit) && t.credit === suspense);
      if (!right || sum !== payload.pts) report('ledger-differs', number, `${payload.pts} points should be held.`);
    } else if (mine.length > 0) {
      report('ledger-differs', number, `Not judged yet, but ${sum} points moved for it.`);
    }
  }

  function finish(): void {
    for (const redeem of redeems.values()) redeemCovered(redeem);
    const total = [...balances.values()].reduce((sum, balance) => sum + balance, 0);
    if (total !== 0) report('not-zero', 'ledger', `All accounts together hold ${total}, not 0.`);
  }

  return { line, finish, transfers: () => transfers };
}
