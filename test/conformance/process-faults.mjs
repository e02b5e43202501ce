// Loaded by node --import into a hub or a kiosk that a story starts as its own process: a clock that the story moves, a
// disk with no room while a file lies there, and a build of SQLite that cannot be brought to sync.
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';

const { TALLY_SHIFT_MS = '0', TALLY_DISK_FULL, TALLY_NEVER_SYNCS } = process.env;

const realNow = Date.now;
Date.now = () => realNow() + Number(TALLY_SHIFT_MS);

const { exec, pragma } = Database.prototype;
Database.prototype.exec = function (sql) {
  if (TALLY_DISK_FULL !== undefined && sql === 'COMMIT' && existsSync(TALLY_DISK_FULL)) {
    throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
  }
  return exec.call(this, sql);
};
Database.prototype.pragma = function (source, ...rest) {
  const lowered = TALLY_NEVER_SYNCS !== undefined && /^synchronous = /.test(source);
  return pragma.call(this, lowered ? 'synchronous = NORMAL' : source, ...rest);
};
