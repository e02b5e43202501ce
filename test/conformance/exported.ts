import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloseLine } from '../../protocol/audit/closes-audit.ts';
import type { RecordLine } from '../../protocol/audit/records-audit.ts';
import type { TransferLine } from '../../protocol/audit/transfer-line.ts';
import type { Payload } from '../../protocol/records/payload.ts';
import type { Place } from './county.ts';

/** A hub's books as its public export tells them: docs/surfaces.md, "Hub export". Nothing here knows how they are kept. */
export interface Exported {
  readonly dir: string;
  readonly records: readonly RecordLine[];
  /** In the ledger's order. */
  readonly transfers: readonly TransferLine[];
  readonly closes: readonly CloseLine[];
  readonly statements: readonly unknown[];
  readonly enrolments: readonly { readonly tid: string; readonly ep: number; readonly jws: string }[];
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

export function readExport(dir: string): Exported {
  const lines = <T>(name: string) =>
    readFileSync(join(dir, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T);
  const { keys } = JSON.parse(readFileSync(join(dir, 'keys.json'), 'utf8')) as { keys: { kid: string; x: string }[] };
  return {
    dir,
    records: lines('records.jsonl'),
    transfers: lines('transfers.jsonl'),
    closes: lines('closes.jsonl'),
    statements: lines('statements.jsonl'),
    enrolments: lines('enrolments.jsonl'),
    keys: new Map(keys.map(({ kid, x }) => [kid, new Uint8Array(Buffer.from(x, 'base64url'))])),
  };
}

export const JUDGED = new Set(['matched', 'quarantined', 'closed', 'settled']);
export const MATCHED = new Set(['matched', 'closed', 'settled']);

export const recordsOf = (books: Exported, tid: string) => books.records.filter((line) => line.tid === tid);
export const stagesOf = (books: Exported, tid: string) =>
  recordsOf(books, tid)
    .filter((line) => line.seq !== null)
    .map((line) => line.stage);

/** Only for records that the hub has judged, or that a story signed itself. */
export function payloadOf(jws: string): Payload {
  return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as Payload;
}

/** What each account holds after these transfers. `after`: told of each account as it moves. */
export function balancesOf(
  transfers: readonly TransferLine[],
  after: (account: string, pts: number, by: TransferLine) => void = () => undefined,
): ReadonlyMap<string, number> {
  const balances: Map<string, number> = new Map();
  for (const transfer of transfers) {
    const { debit, credit, amount } = transfer;
    for (const [account, by] of [[debit, -amount] as const, [credit, amount] as const]) {
      const pts = (balances.get(account) ?? 0) + by;
      balances.set(account, pts);
      after(account, pts, transfer);
    }
  }
  return balances;
}

/** The movements that a story's village caused, with its names taken out, so that two villages can be compared. */
export function ledgerOf(books: Exported, place: Place): readonly string[] {
  return books.transfers
    .map(({ id, debit, credit, amount, kind, ref }) =>
      nameless(`${kind} ${id} ${debit} -> ${credit} ${amount} ${ref}`, place),
    )
    .filter((line) => /\b(K|A[0-9])\b/.test(line))
    .sort();
}

export function nameless(text: string, { tid, shop, accts }: Place): string {
  const names = [[tid, 'K'], [shop, 'S'], ...accts.map((acct, n) => [acct, `A${n}`])] as [string, string][];
  return names.reduce((line, [name, as]) => line.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), as), text);
}
