import Database from 'better-sqlite3';
import { readMigrations, refuseNewer, refuseWithoutTriggers } from './migrations.ts';
import { StoreRefusal } from './store-refusal.ts';

/**
 * Opens a SQLite file whose commits survive a power cut, and brings its schema up to date. Journal and hub store share
 * it: what is durable must mean the same at both ends.
 */

export type Db = Database.Database;

/** 3.51.3 mends a WAL-reset bug that could lose committed pages. */
const LEAST_VERSION = [3, 51, 3] as const;
/** `PRAGMA synchronous` of FULL. better-sqlite3 falls back to NORMAL in WAL mode, which a power cut does not survive. */
const FULL = 2;

export interface OpenOptions {
  readonly path: string;
  /** Folder of `NNN-name.sql` files, applied in order, each once. */
  readonly migrations: URL;
  readonly readonly?: boolean;
  /** Told once the schema is up to date: its number before, and now. */
  readonly onSchema?: (found: number, now: number) => void;
  /** Proves in tests that the reading back works; nothing else sets it. */
  readonly pragma?: (db: Db) => void;
}

export function openDurable(options: OpenOptions): Db {
  const db = new Database(options.path, options.readonly ? { readonly: true, fileMustExist: true } : {});
  try {
    db.pragma('busy_timeout = 5000');
    db.pragma('foreign_keys = ON');
    // Without it INSERT OR REPLACE deletes rows behind the backs of the triggers that refuse deletes.
    db.pragma('recursive_triggers = ON');
    if (!options.readonly) {
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      options.pragma?.(db);
      refuseUnlessDurable(db, options.path);
      migrate(db, options);
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function refuseUnlessDurable(db: Db, path: string): void {
  const synchronous = db.pragma('synchronous', { simple: true });
  if (synchronous !== FULL) {
    throw new StoreRefusal(
      `${path}: PRAGMA synchronous reads ${synchronous}, not 2 (FULL): a power cut could lose redemptions.`,
      'Do not start on this build of SQLite; reinstall the package.',
    );
  }
  const version = db.prepare('SELECT sqlite_version()').pluck().get() as string;
  const parts = version.split('.').map(Number);
  const older = LEAST_VERSION.findIndex((least, i) => (parts[i] ?? 0) !== least);
  if (older >= 0 && (parts[older] ?? 0) < (LEAST_VERSION[older] ?? 0)) {
    throw new StoreRefusal(
      `SQLite ${version} is older than ${LEAST_VERSION.join('.')}.`,
      'Reinstall the npm packages.',
    );
  }
}

function migrate(db: Db, options: OpenOptions): void {
  const migrations = readMigrations(options.migrations);
  const newest = migrations.at(-1)?.version ?? 0;
  const applied = db.pragma('user_version', { simple: true }) as number;
  refuseNewer(options.path, applied, migrations);
  for (const { version, sql } of migrations) {
    if (version <= applied) continue;
    // Another process may have opened the file in the same moment: whoever gets the write lock first does the work.
    db.transaction(() => {
      if ((db.pragma('user_version', { simple: true }) as number) >= version) return;
      db.exec(sql);
      db.pragma(`user_version = ${version}`);
    }).immediate();
  }
  const standing = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all() as string[];
  refuseWithoutTriggers(options.path, new Set(standing), migrations);
  options.onSchema?.(applied, Math.max(applied, newest));
}
