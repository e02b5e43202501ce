import { closeSync, existsSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncPath } from '../../protocol/node/durable-files.ts';
import { type FenceStorage, SLOT_BYTES } from './fence.ts';

/** The fence in a file, 4096 bytes apart so that the two slots never share a sector or a page. */
const STRIDE_BYTES = 4096;

export function fenceFile(path: string): FenceStorage & { close(): void } {
  const fresh = !existsSync(path);
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, fresh ? 'wx+' : 'r+', 0o600);
  if (fresh) {
    // Preallocated and synced with its name, so that later writes change bytes and no metadata.
    writeSync(file, new Uint8Array(2 * STRIDE_BYTES), 0, 2 * STRIDE_BYTES, 0);
    fsyncSync(file);
    syncPath(dirname(path));
  }
  const slot = (n: 0 | 1) => {
    const bytes = new Uint8Array(SLOT_BYTES);
    readSync(file, bytes, 0, SLOT_BYTES, n * STRIDE_BYTES);
    return bytes;
  };
  return {
    read: () => [slot(0), slot(1)],
    write(n, bytes) {
      writeSync(file, bytes, 0, SLOT_BYTES, n * STRIDE_BYTES);
      fdatasyncSync(file); // from here on the mark survives a power cut
    },
    close: () => closeSync(file),
  };
}
