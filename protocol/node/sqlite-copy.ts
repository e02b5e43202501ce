import Database from 'better-sqlite3';

/** A step's pages: between steps the program that copies may do other work. */
const PAGES_A_STEP = 4_096;

/**
 * Copies a SQLite file that others may be writing, by its online backup. `onProgress`: from 0 to 1. The copy is of one moment;
 * it is neither checked nor synced here.
 */
export async function copyInUse(path: string, file: string, onProgress: (done: number) => void): Promise<void> {
  const source = new Database(path, { readonly: true, fileMustExist: true });
  try {
    // One read transaction around all steps: what is written meanwhile is not in it, and does not start it anew.
    source.exec('BEGIN');
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    await source.backup(file, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress(totalPages === 0 ? 0 : 1 - remainingPages / totalPages);
        return PAGES_A_STEP;
      },
    });
  } finally {
    source.close();
  }
}
