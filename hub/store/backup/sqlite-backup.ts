import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { settleFile, syncPath } from '../../../protocol/node/durable-files.ts';
import { copyInUse } from '../../../protocol/node/sqlite-copy.ts';
import { StoreRefusal } from '../../../protocol/node/store-refusal.ts';
import type { StoreBackup } from './port.ts';

/** SQLite's online backup: the hub goes on reading and writing meanwhile. */
export function sqliteBackup(path: string): StoreBackup {
  return {
    fileName: 'hub.sqlite',
    async take(file, onProgress) {
      if (!existsSync(path))
        throw new StoreRefusal(`There is no store at ${path}.`, 'Check `store` in the config file.');
      await copyInUse(path, file, onProgress);
      refuseDamaged(file);
      syncPath(file);
      syncPath(dirname(file));
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
      settleFile(coming, path);
    },
  };
}

function refuseDamaged(file: string): void {
  const db = new Database(file, { readonly: true });
  const says = db.pragma('quick_check', { simple: true });
  db.close();
  if (says !== 'ok') throw new StoreRefusal(`${file} is damaged: ${String(says)}.`, 'Take another backup.');
}
