import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

/** What makes a file, or a folder's list of names, survive a power cut. */

/** Returns when the bytes of a file, or the names of a folder, are on the disk. */
export function syncPath(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Gives a file that is written whole its name: its bytes first, then the name, then the folder that holds the name. */
export function settleFile(temporary: string, path: string): void {
  syncPath(temporary);
  renameSync(temporary, path);
  syncPath(dirname(path));
}
