import { readdirSync, readFileSync } from 'node:fs';
import { StoreRefusal } from './store-refusal.ts';

/** Numbered forward migrations, `NNN-name.sql`, as both databases apply them: in order, each once. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

export function readMigrations(folder: URL): readonly Migration[] {
  const files = readdirSync(folder)
    .filter((name) => /^[0-9]{3}-.*\.sql$/.test(name))
    .sort();
  return files.map((file) => ({
    version: Number(file.slice(0, 3)),
    sql: readFileSync(new URL(file, folder), 'utf8'),
  }));
}

/** Throws StoreRefusal where the database is ahead of this program. `store`: what it is called in the sentence. */
export function refuseNewer(store: string, applied: number, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.version ?? 0;
  if (applied <= newest) return;
  throw new StoreRefusal(
    `${store} has schema ${applied}, this program knows ${newest}.`,
    'Start the newer program, or restore a backup made by this one.',
  );
}

/**
 * What a record, a transfer or an approval is refused by stands in triggers. A dump put back without them, or one that was
 * switched off by hand, would serve on and refuse nothing: so a store is asked at every start. `standing`: the names of
 * triggers that are there and switched on.
 */
export function refuseWithoutTriggers(
  store: string,
  standing: ReadonlySet<string>,
  migrations: readonly Migration[],
): void {
  const missing = [...triggersOf(migrations)].filter((name) => !standing.has(name));
  if (missing.length === 0) return;
  throw new StoreRefusal(
    `${store} lacks what refuses a forbidden change: ${missing.join(', ')}.`,
    'Restore a whole backup; do not serve from this copy.',
  );
}

const STATEMENT =
  /^(?:CREATE(?: CONSTRAINT)? TRIGGER (\w+)[^;]*?\bON (\w+)|DROP TRIGGER (?:IF EXISTS )?(\w+)|DROP TABLE (?:IF EXISTS )?(\w+))/gm;

/** Triggers that stand once all of these were applied; with its table a trigger goes too. */
export function triggersOf(migrations: readonly Migration[]): ReadonlySet<string> {
  const tableOf: Map<string, string> = new Map();
  for (const { sql } of migrations) {
    for (const [, made, on, dropped, table] of sql.matchAll(STATEMENT)) {
      if (made !== undefined) tableOf.set(made, on ?? '');
      if (dropped !== undefined) tableOf.delete(dropped);
      if (table !== undefined) for (const [name, of] of tableOf) if (of === table) tableOf.delete(name);
    }
  }
  return new Set(tableOf.keys());
}
