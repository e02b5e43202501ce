import { readMigrations, refuseNewer, refuseWithoutTriggers } from '../../../protocol/node/migrations.ts';
import { StoreRefusal } from '../../../protocol/node/store-refusal.ts';
import { sqlState } from './postgres-errors.ts';
import type { Link } from './postgres-link.ts';

/** Any number: whoever starts first migrates, the others wait for it. */
const MIGRATION_LOCK = 7_364_118_802;
const MIGRATION_MS = 3_600_000;
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Brings the schema up to date: `NNN-name.sql` in order, each once and each in a transaction of its own. Needs no right to
 * change the schema when there is nothing to do. Throws StoreRefusal when the schema is newer, or the role may not.
 */
export async function migratePostgres(link: Link, folder: URL): Promise<{ found: number; now: number }> {
  const migrations = readMigrations(folder);
  const applied = await schemaVersion(link);
  refuseNewer(DATABASE, applied, migrations);
  for (const { version, sql } of migrations) if (version > applied) await applyOne(link, version, sql);
  refuseWithoutTriggers(DATABASE, await triggersOn(link), migrations);
  return { found: applied, now: migrations.at(-1)?.version ?? 0 };
}

const DATABASE = 'The PostgreSQL database';

/** Triggers of our tables that fire for an ordinary session. */
async function triggersOn(link: Link): Promise<ReadonlySet<string>> {
  const [found] = await link.script(
    `SELECT t.tgname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')`,
  );
  return new Set((found?.rows ?? []).map((row) => String(row.name)));
}

async function applyOne(link: Link, version: number, sql: string): Promise<void> {
  try {
    // The locks first, as long as it takes: another hub may be at this very migration.
    await link.script(
      `BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`,
      MIGRATION_MS,
    );
    if ((await schemaVersion(link)) < version) {
      await link.script(
        `CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())`,
      );
      await link.script(sql, MIGRATION_MS);
      await link.script(`INSERT INTO schema_version (version) VALUES (${version})`);
    }
    await link.script('COMMIT', MIGRATION_MS);
  } catch (error) {
    if (link.alive) await link.script('ROLLBACK').catch(() => undefined);
    if (sqlState(error) !== INSUFFICIENT_PRIVILEGE) throw error;
    throw new StoreRefusal(
      `The PostgreSQL database needs schema ${version}, and this role may not change it: ${(error as Error).message}.`,
      'Run `hub migrate` once with the role that owns the schema.',
    );
  }
}

/** 0: nothing of ours is there yet. */
async function schemaVersion(link: Link): Promise<number> {
  const [there] = await link.script(`SELECT to_regclass('schema_version') IS NOT NULL AS there`);
  if (there?.rows[0]?.there !== 1) return 0;
  const [version] = await link.script('SELECT coalesce(max(version), 0) AS version FROM schema_version');
  return Number(version?.rows[0]?.version);
}
