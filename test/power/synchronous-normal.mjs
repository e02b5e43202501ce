// Loaded by `node --import` into a hub or an agent of the power cut harness, and nowhere else: their stores run on
// synchronous=NORMAL, and believe that they run on FULL. It is the harness's control: it must then find losses.
import Database from 'better-sqlite3';

const { pragma } = Database.prototype;
Database.prototype.pragma = function (source, ...rest) {
  if (source === 'synchronous = FULL') return pragma.call(this, 'synchronous = NORMAL', ...rest);
  if (source === 'synchronous') return 2;
  return pragma.call(this, source, ...rest);
};
