import { statfsSync } from 'node:fs';

/** Bytes that this user may still write on the disk under `folder`. Throws where the folder is not there. */
export function freeBytesAt(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
