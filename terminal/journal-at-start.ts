import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Db } from '../protocol/node/durable-sqlite.ts';
import { journalPath, type TerminalConfig } from './config.ts';
import { isDamage, type JournalFault } from './journal/check-journal.ts';
import { openJournal, sqliteStore } from './journal/sqlite-store.ts';
import { checkInThread, tailsOf } from './journal/start-check-thread.ts';

/** The journal as a start finds it: opened, and being looked at. This file loads little, so that the looking begins early. */
export interface FoundJournal {
  readonly path: string;
  /** Null where the file is no journal any more: the page then says so, and a person decides. */
  readonly db: Db | null;
  /** Nothing is sold until the file and its unsent tail have been looked at. */
  readonly state: () => 'checking' | 'good' | 'damaged';
  /** What is wrong, when it is known; null where nothing is. */
  readonly checked: Promise<JournalFault | Error | null>;
}

/** Throws what the disk or SQLite refuses. */
export function findJournal(config: TerminalConfig, dir: string): FoundJournal {
  const path = journalPath(config, dir);
  mkdirSync(dirname(path), { recursive: true });
  const db = openUnlessDamaged(path);
  if (db === null) {
    const fault: JournalFault = { code: 'file', says: 'no journal' };
    return { path, db, state: () => 'damaged', checked: Promise.resolve(fault) };
  }
  let state: 'checking' | 'good' | 'damaged' = 'checking';
  const checked = checkInThread({ path, tails: tailsOf(sqliteStore(db)) })
    .catch((error: Error) => error) // not looked at is not good
    .then((fault) => {
      state = fault === null ? 'good' : 'damaged';
      return fault;
    });
  return { path, db, state: () => state, checked };
}

function openUnlessDamaged(path: string): Db | null {
  try {
    return openJournal(path);
  } catch (error) {
    if (isDamage(error)) return null;
    throw error;
  }
}
