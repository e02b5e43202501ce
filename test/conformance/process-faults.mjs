// Loaded by node --import into a hub or a kiosk that a story starts as its own process: a clock that the story moves, a
// disk with no room while a file lies there, and a build of SQLite that cannot be brought to sync.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';

const { TALLY_CLOCK, TALLY_DISK_FULL, TALLY_NEVER_SYNCS } = process.env;

const realNow = Date.now;
let shiftMs = 0;
Date.now = () => realNow() + shiftMs;

// What waits for a minute or longer is of the calendar: when the clock jumps, it is due.
const LONG_MS = 60_000;
const setRealTimeout = globalThis.setTimeout;
const waiting = new Map();
globalThis.setTimeout = (work, ms, ...rest) => {
  if (!(ms >= LONG_MS)) return setRealTimeout(work, ms, ...rest);
  const once = () => {
    if (waiting.delete(timer)) work(...rest);
  };
  const timer = setRealTimeout(once, ms);
  waiting.set(timer, once);
  return timer;
};

function readClock() {
  if (TALLY_CLOCK !== undefined) shiftMs = Number(readFileSync(TALLY_CLOCK, 'utf8'));
}
readClock();
process.on('SIGUSR2', () => {
  readClock();
  for (const once of [...waiting.values()]) once();
  writeFileSync(`${TALLY_CLOCK}.seen`, String(shiftMs));
});

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
