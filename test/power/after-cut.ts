import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Change } from './disk-log.ts';

/**
 * The files as a power cut leaves them. What was synced is there. Of what was not, some is: chosen by `random`, a write
 * whole, not at all or in sectors, and of a folder's names the first so many changes, as a journaling file system keeps
 * them in order.
 */

export interface CutDisk {
  /** Changes that had not been synced, and how many of them are gone, wholly or in part. */
  readonly unsynced: number;
  readonly lost: number;
}

type DataChange = Extract<Change, { kind: 'write' | 'truncate' }>;
type NameChange = Extract<Change, { kind: 'create' | 'rename' | 'unlink' }>;

/** A disk writes a sector whole or not at all. */
const SECTOR_BYTES = 512;
/** How a cut treats what was not synced: as a drive with a large cache, one that had just written, and one in between. */
type Mood = 'none' | 'all' | 'some' | 'torn';
const MOODS: readonly Mood[] = ['none', 'none', 'all', 'some', 'some', 'torn', 'torn'];

interface Kept {
  /** The file's own path now; null once it is unlinked. */
  path: string | null;
  unsynced: DataChange[];
}

export function cutDisk(changes: readonly Change[], random: () => number): CutDisk {
  finishLast(changes.at(-1));
  const { files, names } = unsyncedOf(changes);
  const mood = MOODS[Math.floor(random() * MOODS.length)] ?? 'none';
  let lost = 0;
  for (const file of files) lost += cutData(file, mood, random);
  for (const inFolder of names.values()) lost += cutNames(inFolder, mood, random);
  const unsynced = [...files].reduce((sum, { unsynced }) => sum + unsynced.length, 0);
  return { unsynced: unsynced + [...names.values()].reduce((sum, each) => sum + each.length, 0), lost };
}

/** The process may have died between telling of a name and changing it. */
function finishLast(last: Change | undefined): void {
  if (last?.kind === 'create' && !existsSync(last.path)) writeFileSync(last.path, '', { mode: 0o600 });
  if (last?.kind === 'rename' && existsSync(last.path)) renameSync(last.path, last.to);
  if (last?.kind === 'unlink') rmSync(last.path, { force: true });
}

function unsyncedOf(changes: readonly Change[]) {
  const files: Set<Kept> = new Set();
  const byPath: Map<string, Kept> = new Map();
  const names: Map<string, NameChange[]> = new Map();
  const fileAt = (path: string): Kept => {
    const known = byPath.get(path);
    if (known !== undefined) return known;
    const file = { path, unsynced: [] };
    files.add(file);
    byPath.set(path, file);
    return file;
  };
  const forget = (path: string) => {
    const file = byPath.get(path);
    byPath.delete(path);
    if (file !== undefined) files.delete(file);
  };
  for (const change of changes) {
    if (change.kind === 'write' || change.kind === 'truncate') fileAt(change.path).unsynced.push(change);
    else if (change.kind === 'sync') {
      // A file's sync keeps its bytes, a folder's its names; of a path we know only one of the two.
      fileAt(change.path).unsynced = [];
      names.delete(change.path);
    } else {
      const folder = dirname(change.path);
      names.set(folder, [...(names.get(folder) ?? []), change]);
      if (change.kind === 'unlink') forget(change.path);
      if (change.kind === 'rename') {
        if (dirname(change.to) !== folder) throw new Error('a rename from folder to folder is not played');
        const moved = fileAt(change.path);
        forget(change.to);
        byPath.delete(change.path);
        byPath.set(change.to, moved);
        moved.path = change.to;
      }
    }
  }
  return { files, names };
}

/** Takes back what was not synced, newest first, then does again what the cut left; answers how many did not stay whole. */
function cutData({ path, unsynced }: Kept, mood: Mood, random: () => number): number {
  if (path === null || unsynced.length === 0 || mood === 'all') return 0;
  let bytes: Buffer = readFileSync(path);
  for (const change of unsynced.toReversed()) {
    if (change.kind === 'truncate') bytes = sized(bytes, change.at);
    bytes = put(bytes, change.at, change.was.bytes);
    bytes = sized(bytes, change.was.sizeBytes);
  }
  let lost = 0;
  for (const change of unsynced) {
    const fate = mood === 'none' || random() < 0.4 ? 'lost' : mood === 'torn' ? 'torn' : 'whole';
    if (fate !== 'whole') lost += 1;
    if (fate === 'lost') continue;
    if (change.kind === 'truncate') bytes = sized(bytes, change.at);
    else bytes = fate === 'whole' ? put(bytes, change.at, change.bytes) : putSectors(bytes, change, random);
  }
  writeFileSync(path, bytes);
  return lost;
}

function putSectors(file: Buffer, { at, bytes }: Extract<Change, { kind: 'write' }>, random: () => number): Buffer {
  let written = file;
  for (let from = 0; from < bytes.length; ) {
    // Sectors lie where the disk has them, not where the write begins.
    const next = Math.min(bytes.length, from + SECTOR_BYTES - ((at + from) % SECTOR_BYTES));
    if (random() < 0.5) written = put(written, at + from, bytes.subarray(from, next));
    from = next;
  }
  return written;
}

function cutNames(changes: readonly NameChange[], mood: Mood, random: () => number): number {
  if (mood === 'all') return 0;
  const kept = mood === 'none' ? 0 : Math.floor(random() * (changes.length + 1));
  for (const change of changes.slice(kept).toReversed()) {
    if (change.kind === 'create') rmSync(change.path, { force: true });
    if (change.kind === 'unlink') writeFileSync(change.path, change.lost, { mode: 0o600 });
    if (change.kind === 'rename') {
      renameSync(change.to, change.path);
      if (change.lost !== null) writeFileSync(change.to, change.lost, { mode: 0o600 });
    }
  }
  return changes.length - kept;
}

function put(file: Buffer, at: number, bytes: Buffer): Buffer {
  const longEnough = file.length >= at + bytes.length ? file : sized(file, at + bytes.length);
  bytes.copy(longEnough, at);
  return longEnough;
}

function sized(file: Buffer, bytes: number): Buffer {
  if (file.length === bytes) return file;
  const other = Buffer.alloc(bytes);
  file.copy(other, 0, 0, Math.min(bytes, file.length));
  return other;
}
