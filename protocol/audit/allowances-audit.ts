import { spendable } from '../allowance/counters.ts';
import type { Report } from './finding.ts';
import type { RecordsAudit } from './records-audit.ts';
import type { Parts, TransferLine } from './transfer-line.ts';

/**
 * What an allowance holds against what its own terminal signed: G - R - (S - V), with G from the grants in the ledger. The
 * two are written by different hands. An allowance with a record that was held for its sums is left to its records.
 */
export function createAllowancesAudit(records: RecordsAudit, report: Report) {
  const granted: Map<string, number> = new Map();
  /** What moved without being signed for: lent by loss, swept, given back to the allowance of a dead epoch. */
  const beside: Map<string, number> = new Map();
  const add = (to: Map<string, number>, name: string, pts: number) => to.set(name, (to.get(name) ?? 0) + pts);

  function line(t: TransferLine, parts: Parts): void {
    const record = records.records.get(t.ref);
    const chain = record === undefined ? '' : `${record.tid}:${record.ep}`;
    const name = `${parts.acct ?? record?.acct}:${parts.tid ?? ''}:${parts.ep ?? ''}`;
    if (t.kind === 'grant' || t.kind === 'lend') add(granted, name, t.amount);
    const ended = record?.type === 'end' && t.debit.startsWith('allowance:');
    if (ended) add(beside, name, -t.amount);
    if ((t.kind === 'reject' || t.kind === 'refund') && t.credit.startsWith('allowance:')) add(beside, name, t.amount);
    if (t.kind === 'hold' && t.debit === 'loss') add(beside, `${record?.acct}:${chain}`, t.amount);
    if (t.kind === 'unhold' && t.credit === 'loss') add(beside, `${record?.acct}:${chain}`, -t.amount);
  }

  function finish(balances: ReadonlyMap<string, number>): void {
    for (const name of new Set([...granted.keys(), ...records.sums.keys()])) {
      const sums = records.sums.get(name) ?? { S: 0, V: 0, R: 0, odd: false };
      if (sums.odd) continue;
      const signed = spendable({ G: granted.get(name) ?? 0, S: sums.S, V: sums.V, R: sums.R });
      const expected = signed + (beside.get(name) ?? 0);
      const holds = balances.get(`allowance:${name}`) ?? 0;
      if (holds !== expected) {
        report(
          'allowance-differs',
          `allowance:${name}`,
          `Its terminal's records leave ${expected}; the ledger holds ${holds}.`,
        );
      }
    }
  }

  return { line, finish };
}
