import { closeSync, fdatasyncSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** The least that "durable, fenced" can cost here: one bare FULL commit of the same bytes, one synced 64-byte overwrite. */
export interface CommitFloor {
  /** Answers how long it took, in ms. */
  once(record: string): number;
  close(): void;
}
const OVERWRITE_BYTES = 64;

export function openCommitFloor(dir: string): CommitFloor {
  const db = new Database(join(dir, 'floor.sqlite'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE records (seq INTEGER PRIMARY KEY, jws TEXT NOT NULL)');
  const insert = db.prepare('INSERT INTO records (jws) VALUES (?)');
  const mark = openSync(join(dir, 'floor.bin'), 'w');
  const bytes = Buffer.alloc(OVERWRITE_BYTES, 1);
  writeSync(mark, bytes, 0, bytes.length, 0);
  fsyncSync(mark);
  return {
    once(record) {
      const startedMs = performance.now();
      insert.run(record);
      writeSync(mark, bytes, 0, bytes.length, 0);
      fdatasyncSync(mark);
      return performance.now() - startedMs;
    },
    close() {
      db.close();
      closeSync(mark);
    },
  };
}
