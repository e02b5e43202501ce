import type { BookStore } from '../../hub/ledger/books.ts';
import { TABLES, type TableName } from '../../hub/ledger/tables.ts';
import type { MemoryState } from '../../hub/store/memory/memory-books.ts';

/** Books kept in memory, written into a store that can export them: the same rows, in an order that its schema accepts. */
export async function copyBooks(from: MemoryState, to: BookStore): Promise<void> {
  const first: readonly TableName[] = ['counties', 'villages', 'shops', 'terminals', 'operators', 'proposals'];
  const rest = (Object.keys(TABLES) as TableName[]).filter((name) => !first.includes(name));
  await to.write(async (books) => {
    for (const name of [...first, ...rest]) {
      const rows = from.tables.get(name)?.all() ?? [];
      if (rows.length > 0) await books.add(name, rows as never);
    }
    for (const { at, act, ...transfer } of from.transfers.values()) await books.post([transfer], at, act ?? undefined);
  });
}
