import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Words before a command that give it a disk of its own at `folder`, with what lies there now: in a private mount namespace,
 * so that it goes with the process. Only root can.
 */

/** The smallest that is not low from the beginning, and still filled within a moment. */
const SIZE_MIB = 96;
const HERE = ['unshare', '-m', '--', 'sh', '-ec'];

/** In memory: it can be full. */
export function tmpfsAt(folder: string, mountOptions = ''): readonly string[] {
  const copied = `k=$(mktemp -d); cp -a "$1/." "$k"; mount -t tmpfs -o size=${SIZE_MIB}m none "$1"; cp -a "$k/." "$1"; rm -r "$k"`;
  const after = mountOptions === '' ? '' : `; mount -o remount,${mountOptions} "$1"`;
  return [...HERE, `${copied}${after}; shift; exec "$@"`, 'sh', folder];
}

/** A real ext4 in the file `image`, which a fault turns read-only: as a memory card does that dies. */
export function ext4At(folder: string, image: string): readonly string[] {
  writeFileSync(image, '');
  const made = spawnSync('mkfs.ext4', ['-q', '-d', folder, image, `${SIZE_MIB}m`], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`no disk: ${made.error ?? made.stderr}`);
  return mountedAt(folder, image);
}

export function mountedAt(folder: string, image: string): readonly string[] {
  return [...HERE, 'mount -o loop,errors=remount-ro "$2" "$1"; shift 2; exec "$@"', 'sh', folder, image];
}

/** The disk in `image` has a fault, and is read-only from now on. */
export function breakDisk(image: string): void {
  const name = spawnSync('losetup', ['-n', '-O', 'NAME', '-j', image], { encoding: 'utf8' }).stdout.trim();
  writeFileSync(join('/sys/fs/ext4', name.replace('/dev/', ''), 'trigger_fs_error'), 'a test broke it');
}

/** As the start of the machine does with a disk that had a fault. */
export function mendDisk(image: string): void {
  const done = spawnSync('e2fsck', ['-p', image], { encoding: 'utf8' });
  // 1: faults were mended.
  if (done.status !== 0 && done.status !== 1) throw new Error(`not mended: ${done.error ?? done.stdout}`);
}

/** Takes all room on the disk that `file` lies on, but `leftBytes`; the file is made anew. */
export function fillDisk(file: string, leftBytes: number): void {
  writeFileSync(file, '');
  const { bavail, bsize } = statfsSync(file);
  const taken = spawnSync('fallocate', ['-l', String(bavail * bsize - leftBytes), file], { encoding: 'utf8' });
  if (taken.status !== 0) throw new Error(`not filled: ${taken.error ?? taken.stderr}`);
}

/** The disk that a process sees at `folder`, kept beyond its end; `putBack` lays what is on it into the folder itself. */
export function heldDisk(folder: string, pid: number) {
  const held = openSync(`/proc/${pid}/root${folder}`, 'r');
  const here = `/proc/${process.pid}/fd/${held}`;
  return {
    putBack(): void {
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
      const copied = spawnSync('cp', ['-a', `${here}/.`, folder], { encoding: 'utf8' });
      if (copied.status !== 0) throw new Error(`not put back: ${copied.error ?? copied.stderr}`);
    },
    letGo: () => closeSync(held),
  };
}

/** Null where such disks can be made; else what is missing, in a sentence. */
export function smallDiskMissing(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'Only root on Linux can mount a small disk.';
  const tried = spawnSync('unshare', ['-m', '--', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { encoding: 'utf8' });
  return tried.status === 0 ? null : `No disk can be mounted here: ${tried.error?.message ?? tried.stderr.trim()}`;
}

/** The same of a disk that can break. */
export function loopDiskMissing(): string | null {
  const loop = spawnSync('losetup', ['-f'], { encoding: 'utf8' });
  return smallDiskMissing() ?? (loop.status === 0 ? null : `No loop device is to be had here: ${loop.stderr?.trim()}`);
}
