'use strict';
// Preloaded into a hub (node --require), it makes one that answers before its records are durable: a transaction that it
// takes for committed is only committed with all others of the next half second. What a harness must find, if it finds anything.
const Database = require('better-sqlite3');

const LATE_MS = 500;
const exec = Database.prototype.exec;
/** Connections whose transaction is kept open; the value says whether the hub believes itself inside one. */
const kept = new Map();

Database.prototype.exec = function (text) {
  if (text === 'BEGIN IMMEDIATE') {
    exec.call(this, kept.has(this) ? 'SAVEPOINT believed' : 'BEGIN IMMEDIATE; SAVEPOINT believed');
    if (!kept.has(this)) setTimeout(() => commitLate(this), LATE_MS);
    kept.set(this, true);
    return this;
  }
  if (kept.get(this) !== true) return exec.call(this, text);
  kept.set(this, false);
  return exec.call(this, text === 'COMMIT' ? 'RELEASE believed' : 'ROLLBACK TO believed; RELEASE believed');
};

function commitLate(db) {
  if (kept.get(db) === true) return void setTimeout(() => commitLate(db), 1);
  kept.delete(db);
  if (db.open) exec.call(db, 'COMMIT');
}
