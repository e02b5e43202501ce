import Database from 'better-sqlite3';

/** One moment of a store's file, while the program goes on writing it. */
export function reading<T>(path: string, work: (db: Database.Database) => T): T {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    return db.transaction(() => work(db))();
  } finally {
    db.close();
  }
}
