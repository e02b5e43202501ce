import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../bench/support/demo.ts';

/** cut.c made ready for a process to load, and the page by which the harness tells it when to die. */

const SOURCE = join(ROOT, 'test/power/cut.c');
const OUT = join(ROOT, 'dist/power');
const PAGE_BYTES = 16;

/** The library's path; a sentence, and what installs what is missing, where it cannot be built here. */
export function builtPreload(): { readonly path: string } | { readonly missing: string; readonly install: string } {
  if (process.platform !== 'linux') {
    return { missing: 'Power cuts are played with LD_PRELOAD, on Linux only.', install: 'Run this on Linux.' };
  }
  const name = createHash('sha256').update(readFileSync(SOURCE)).digest('hex').slice(0, 16);
  const path = join(OUT, `cut-${name}.so`);
  if (existsSync(path)) return { path };
  mkdirSync(OUT, { recursive: true });
  const draft = `${path}.${process.pid}`;
  const built = spawnSync('cc', ['-shared', '-fPIC', '-O2', '-Wall', '-Wextra', '-o', draft, SOURCE, '-ldl'], {
    encoding: 'utf8',
  });
  if (built.error !== undefined) {
    return { missing: 'The power cut harness needs a C compiler (cc).', install: 'apt-get install gcc libc6-dev' };
  }
  if (built.status !== 0) throw new Error(`${SOURCE} does not compile: ${built.stderr}`);
  renameSync(draft, path);
  return { path };
}

export interface ControlPage {
  readonly path: string;
  /** Cuts before the `after`-th change from now. */
  arm(after: number): void;
  disarm(): void;
  /** Changes so far. */
  changes(): number;
  close(): void;
}

export function createControlPage(path: string): ControlPage {
  const file = openSync(path, 'w+');
  writeSync(file, Buffer.alloc(PAGE_BYTES));
  const changes = () => {
    const page = Buffer.alloc(PAGE_BYTES);
    readSync(file, page, 0, PAGE_BYTES, 0);
    return Number(page.readBigUInt64LE(0));
  };
  const cutAt = (change: number) => {
    const field = Buffer.alloc(8);
    field.writeBigUInt64LE(BigInt(change));
    writeSync(file, field, 0, field.length, 8);
  };
  return {
    ...{ path, changes },
    arm: (after) => cutAt(changes() + after),
    disarm: () => cutAt(0),
    close: () => closeSync(file),
  };
}
