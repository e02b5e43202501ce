import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { StoreRefusal } from '../../../protocol/node/store-refusal.ts';
import type { StoreBackup } from './port.ts';

const PAGES_A_STEP = 4_096;

/** SQLite's online backup: the hub goes on reading and writing meanwhile. */
export function sqliteBackup(path: string): StoreBackup {
  return {
    fileName: 'hub.sqlite',
    async take(file, onProgress) {
      if (!existsSync(path))
        throw new StoreRefusal(`There is no store at ${path}.`, 'Check `store` in the config file.');
      const source = new Database(path, { readonly: true, fileMustExist: true });
      try {
        // One read transaction around all steps: what the hub writes meanwhile is not in it, and does not start it anew.
        source.exec('BEGIN');
        source.prepare('SELECT count(*) FROM counties').get();
        await source.backup(file, {
          progress: ({ totalPages, remainingPages }) => {
            onProgress(totalPages === 0 ? 0 : 1 - remainingPages / totalPages);
            return PAGES_A_STEP;
          },
        });
      } finally {
        source.close();
      }
      refuseDamaged(file);
      syncFile(file);
      syncFile(dirname(file));
      onProgress(1);
    },
    async putBack(file, inc) {
      if (existsSync(path))
        throw new StoreRefusal(`There is a store at ${path} already.`, 'Move it away first; nothing is written over.');
      mkdirSync(dirname(path), { recursive: true });
      const coming = `${path}.restoring`;
      for (const each of [coming, `${coming}-wal`, `${coming}-shm`]) rmSync(each, { force: true });
      copyFileSync(file, coming);
      refuseDamaged(coming);
      const db = new Database(coming);
      // No log beside it: all of it stands in the one file that gets its name below.
      db.pragma('journal_mode = DELETE');
      db.pragma('synchronous = FULL');
      db.prepare('UPDATE counties SET inc = ?, restoring = 1').run(inc);
      db.close();
      syncFile(coming);
      renameSync(coming, path);
      syncFile(dirname(path));
    },
  };
}

function refuseDamaged(file: string): void {
  const db = new Database(file, { readonly: true });
  const says = db.pragma('quick_check', { simple: true });
  db.close();
  if (says !== 'ok') throw new StoreRefusal(`${file} is damaged: ${String(says)}.`, 'Take another backup.');
}

function syncFile(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
