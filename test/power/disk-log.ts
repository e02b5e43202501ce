import { existsSync, readFileSync, statSync } from 'node:fs';

/** What cut.c tells of a process's disk: every change in order, with the bytes it replaced. */

export type Change =
  | { readonly kind: 'write'; readonly path: string; readonly at: number; readonly was: Was; readonly bytes: Buffer }
  /** `at`: the new size; `was.bytes`: what was cut off. */
  | { readonly kind: 'truncate'; readonly path: string; readonly at: number; readonly was: Was }
  | { readonly kind: 'sync'; readonly path: string }
  | { readonly kind: 'create'; readonly path: string }
  /** `lost`: what the name meant before, whole; null where nothing stood there. */
  | { readonly kind: 'rename'; readonly path: string; readonly to: string; readonly lost: Buffer | null }
  | { readonly kind: 'unlink'; readonly path: string; readonly lost: Buffer };

export interface Was {
  readonly sizeBytes: number;
  /** From where the change begins; shorter than the change where the file ended. */
  readonly bytes: Buffer;
}

const HEAD_BYTES = 40;
const MAGIC = 0x54554354;
const KINDS = [null, 'write', 'truncate', 'sync', 'create', 'rename', 'unlink'] as const;

/** A round writes some MB. */
const MAX_LOG_BYTES = 1_024 * 1_048_576;

/** A last entry that is not whole is left out: its change had not begun. Throws where anything else is not an entry. */
export function readDiskLog(path: string): Change[] {
  const log = existsSync(path) ? readWhole(path) : Buffer.alloc(0);
  const changes: Change[] = [];
  let at = 0;
  while (at + HEAD_BYTES <= log.length) {
    if (log.readUInt32LE(at) !== MAGIC) throw new Error(`${path} has no entry at ${at}`);
    const [path1, path2, old, fresh] = [8, 12, 32, 36].map((field) => log.readUInt32LE(at + field)) as Lengths;
    let from = at + HEAD_BYTES;
    const end = from + path1 + path2 + old + fresh;
    if (end > log.length) break;
    const take = (length: number) => {
      from += length;
      return log.subarray(from - length, from);
    };
    const head = { kind: log.readUInt32LE(at + 4), at: number64(log, at + 16), sizeBytes: number64(log, at + 24) };
    changes.push(changeOf(head, take(path1).toString(), take(path2).toString(), take(old), take(fresh)));
    at = end;
  }
  return changes;
}
type Lengths = [number, number, number, number];

function changeOf(
  head: { readonly kind: number; readonly at: number; readonly sizeBytes: number },
  path: string,
  to: string,
  old: Buffer,
  bytes: Buffer,
): Change {
  const { at } = head;
  const was = { sizeBytes: head.sizeBytes, bytes: old };
  const kind = KINDS[head.kind];
  switch (kind) {
    case 'write':
      return { kind, path, at, was, bytes };
    case 'truncate':
      return { kind, path, at, was };
    case 'rename':
      return { kind, path, to, lost: at === 0 ? null : old };
    case 'unlink':
      return { kind, path, lost: old };
    case 'sync':
    case 'create':
      return { kind, path };
    default:
      throw new Error(`the disk log has a change of kind ${head.kind}`);
  }
}

function number64(log: Buffer, at: number): number {
  return Number(log.readBigUInt64LE(at));
}

function readWhole(path: string): Buffer {
  if (statSync(path).size > MAX_LOG_BYTES) throw new Error(`${path} has grown beyond ${MAX_LOG_BYTES} bytes`);
  return readFileSync(path);
}
