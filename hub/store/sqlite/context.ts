import type { Db } from '../../../protocol/node/durable-sqlite.ts';
import type { Transfer } from '../../ledger/transfers.ts';

/** What every table group of one county's books is given. */
export interface Context {
  readonly db: Db;
  readonly county: string;
}

/** Runs `work` in one IMMEDIATE transaction: it takes the write lock first, so nothing it read can change under it. */
export function transaction<T>(context: Context, work: () => T): T {
  return context.db.transaction(work).immediate();
}

/** Refused by the schema: a negative account, the same id with other content. */
export function postTransfers(context: Context, transfers: readonly Transfer[], at: number): void {
  const insert = context.db.prepare(
    `INSERT INTO transfers (county_id, id, at, debit, credit, amount, kind, ref) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const t of transfers) {
    insert.run(context.county, t.id, at, t.debit, t.credit, t.amount, t.kind, t.ref);
  }
}

export function balanceOf(context: Context, account: string): number {
  const row = context.db
    .prepare('SELECT amount FROM balances WHERE county_id = ? AND account = ?')
    .pluck()
    .get(context.county, account);
  return (row as number | undefined) ?? 0;
}

/** The next number of all that goes down to terminals; only inside a transaction. */
export function nextDownlinkVersion(context: Context): number {
  return context.db
    .prepare(
      'UPDATE counties SET downlink_version = downlink_version + 1 WHERE county_id = ? RETURNING downlink_version',
    )
    .pluck()
    .get(context.county) as number;
}

export interface AuditEntry {
  readonly at: number;
  readonly user: string;
  readonly act: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Written in the transaction of the act itself, so that no act stands without its line. */
export function audit(context: Context, entry: AuditEntry): void {
  context.db
    .prepare('INSERT INTO audit (county_id, at, user, act, subject, detail_json) VALUES (?, ?, ?, ?, ?, ?)')
    .run(context.county, entry.at, entry.user, entry.act, entry.subject, JSON.stringify(entry.detail));
}
