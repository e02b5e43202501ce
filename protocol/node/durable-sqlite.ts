import { readdirSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';

/**
 * Opens a SQLite file whose commits survive a power cut, and brings its schema up to date. Journal and hub store share
 * it: what is durable must mean the same at both ends.
 */

export type Db = Database.Database;

/** 3.51.3 mends a WAL-reset bug that could lose committed pages. */
const LEAST_VERSION = [3, 51, 3] as const;
/** `PRAGMA synchronous` of FULL. better-sqlite3 falls back to NORMAL in WAL mode, which a power cut does not survive. */
const FULL = 2;

/** A reason not to start, in words. */
export class StoreRefusal extends Error {
  readonly whatToDo: string;
  constructor(error: string, whatToDo: string) {
    super(error);
    this.name = 'StoreRefusal';
    this.whatToDo = whatToDo;
  }
}

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
  const files = readdirSync(options.migrations)
    .filter((name) => /^[0-9]{3}-.*\.sql$/.test(name))
    .sort();
  const newest = Number(files.at(-1)?.slice(0, 3) ?? 0);
  const applied = db.pragma('user_version', { simple: true }) as number;
  if (applied > newest) {
    throw new StoreRefusal(
      `${options.path} has schema ${applied}, this program knows ${newest}.`,
      'Start the newer program, or restore a backup made by this one.',
    );
  }
  for (const file of files) {
    const version = Number(file.slice(0, 3));
    if (version <= applied) continue;
    const sql = readFileSync(new URL(file, options.migrations), 'utf8');
    // Another process may have opened the file in the same moment: whoever gets the write lock first does the work.
    db.transaction(() => {
      if ((db.pragma('user_version', { simple: true }) as number) >= version) return;
      db.exec(sql);
      db.pragma(`user_version = ${version}`);
    }).immediate();
  }
  options.onSchema?.(applied, Math.max(applied, newest));
}
