import { StoreRefusal } from '../../../protocol/node/store-refusal.ts';
import type { Answer, Link } from './postgres-link.ts';

/** Whether this server keeps what it acknowledges (invariant: `fsync`, `full_page_writes`, `synchronous_commit`). */

const LEAST_VERSION = 150_000;
export const SETTINGS = `SELECT current_setting('synchronous_commit') AS synchronous_commit, current_setting('fsync') AS fsync,
  current_setting('full_page_writes') AS full_page_writes, current_setting('server_version_num')::BIGINT AS version,
  current_setting('server_version') AS version_text, current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby`;

/** Throws StoreRefusal. */
export async function refuseUnfit(link: Link): Promise<void> {
  const answers = await link.script(SETTINGS);
  const found = answers[0]?.rows[0] ?? {};
  if (Number(found.version) < LEAST_VERSION) {
    throw new StoreRefusal(`PostgreSQL ${found.version_text} is older than 15.`, 'Upgrade the server.');
  }
  if (found.encoding !== 'UTF8') {
    const says = `The PostgreSQL database has the encoding ${found.encoding}, not UTF8.`;
    throw new StoreRefusal(says, "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0");
  }
  if (found.standby === 1) {
    throw new StoreRefusal('This PostgreSQL server is a standby.', 'Point `store` at the primary.');
  }
  refuseLowered(answers);
}

/**
 * `on` and `remote_apply` wait for the disk here and on the synchronous standby, where one is configured. `remote_write`
 * and `local` let a standby be promoted without what was acknowledged; `off` loses it at any crash.
 */
export function refuseLowered(answers: readonly Answer[]): void {
  const found = answers.flatMap((answer) => answer.rows).find((row) => 'synchronous_commit' in row) ?? {};
  const low = [
    ['fsync', ['on']] as const,
    ['full_page_writes', ['on']] as const,
    ['synchronous_commit', ['on', 'remote_apply']] as const,
  ].find(([setting, fit]) => !fit.some((value) => value === found[setting]));
  if (low === undefined) return;
  throw new StoreRefusal(
    `PostgreSQL has ${low[0]} = ${found[low[0]]}: a power cut could lose redemptions.`,
    `Set ${low[0]} = on for the server, and do not lower it for this role or database.`,
  );
}
