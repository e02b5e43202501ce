import { readFileSync } from 'node:fs';

/** SQLite's write-ahead log as it lies on the disk: https://sqlite.org/fileformat2.html, "The Write-Ahead Log". */

const PAGE_SIZE_AT = 8;
const FRAME_HEAD_BYTES = 24;
/** In a frame's head: 0, but in the last frame of a commit. */
const COMMIT_AT = 4;
/** As tmpfs gives room. */
const BLOCK_BYTES = 4_096;

/** Bytes of the first commit behind the first `from`, which is where a commit ended. */
export function commitBytes(wal: string, from: number): number {
  const log = readFileSync(wal);
  const frameBytes = FRAME_HEAD_BYTES + log.readUInt32BE(PAGE_SIZE_AT);
  for (let at = from; at + frameBytes <= log.length; at += frameBytes) {
    if (log.readUInt32BE(at + COMMIT_AT) !== 0) return at + frameBytes - from;
  }
  throw new Error('nothing was committed');
}

/** What a log of `sizeBytes` needs to grow by so many, and no block more. */
export function roomFor(bytes: number, sizeBytes: number): number {
  const blocks = (size: number) => Math.ceil(size / BLOCK_BYTES);
  return (blocks(sizeBytes + bytes) - blocks(sizeBytes)) * BLOCK_BYTES;
}
