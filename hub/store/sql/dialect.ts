import type { Sql } from './engine.ts';

/** The few things that the two engines spell differently. */

/** The kind of a ledger account, before its first colon. */
export function kindOfAccountSql({ dialect }: Sql, column: string): string {
  return dialect === 'postgres'
    ? `split_part(${column}, ':', 1)`
    : `substr(${column}, 1, instr(${column} || ':', ':') - 1)`;
}
