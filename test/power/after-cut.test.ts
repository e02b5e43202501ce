import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seeded } from '../support/seeded.ts';
import { cutDisk } from './after-cut.ts';
import { readDiskLog } from './disk-log.ts';
import { builtPreload, createControlPage } from './preload.ts';

/** A power cut, played to a process of three lines: what must survive it, and what must not count on it. */

const built = builtPreload();
const SKIP = 'missing' in built && process.env.CI !== 'true';
const SEEDS = 200;

describe.skipIf(SKIP)('a disk that loses what was not synced', () => {
  let dir = '';
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'tally-cut-'));
    mkdirSync(join(dir, 'disk'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  /** Runs it with the disk as working folder, `old` there from before; answers the signal that ended it. */
  function play(script: string, cutAt = 0): string | null {
    if ('missing' in built) throw new Error(`${built.missing} ${built.install}`);
    const disk = join(dir, 'disk');
    const page = createControlPage(join(dir, 'control'));
    if (cutAt > 0) page.arm(cutAt);
    const watch = { TALLY_CUT_WATCH: disk, TALLY_CUT_LOG: join(dir, 'log'), TALLY_CUT_CONTROL: page.path };
    const head = `const fs = require('node:fs'); const disk = ${JSON.stringify(disk)}; const at = (name) => disk + '/' + name;`;
    const ran = spawnSync(process.execPath, ['-e', head + script], {
      env: { ...process.env, ...watch, LD_PRELOAD: built.path, UV_USE_IO_URING: '0' },
      encoding: 'utf8',
    });
    page.close();
    if (ran.status !== 0 && ran.signal === null) throw new Error(ran.stderr);
    return ran.signal;
  }
  const file = (name: string) => join(dir, 'disk', name);
  const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name)) : null);
  /** What `name` is after the same run was cut under many seeds. */
  function outcomes(name: string, prepare: () => void): Set<string | null> {
    const found = new Set<string | null>();
    const changes = readDiskLog(join(dir, 'log'));
    for (let seed = 0; seed < SEEDS; seed++) {
      prepare();
      cutDisk(changes, seeded(seed));
      found.add(read(name)?.toString('latin1') ?? null);
    }
    return found;
  }
  const OVERWRITE = `const f = fs.openSync(at('old'), 'r+');`;

  it('keeps what was synced, whatever the cut takes', () => {
    writeFileSync(file('old'), 'before');
    play(`${OVERWRITE} fs.writeSync(f, 'synced', 0); fs.fdatasyncSync(f);`);
    expect(outcomes('old', () => undefined)).toEqual(new Set(['synced']));
  });

  it('may lose a write that was not synced, and may keep it', () => {
    writeFileSync(file('old'), 'before');
    play(`${OVERWRITE} fs.writeSync(f, 'wetink', 0);`);
    const after = outcomes('old', () => writeFileSync(file('old'), 'wetink'));
    expect(after).toEqual(new Set(['before', 'wetink']));
  });

  it('tears a write between two sectors, and never within one', () => {
    writeFileSync(file('old'), 'a'.repeat(1_024));
    play(`${OVERWRITE} fs.writeSync(f, 'b'.repeat(1024), 0);`);
    const after = outcomes('old', () => writeFileSync(file('old'), 'b'.repeat(1_024)));
    expect(after).toContain('a'.repeat(512) + 'b'.repeat(512));
    expect([...after].filter((text) => !/^(a{512}|b{512}){2}$/.test(text ?? ''))).toEqual([]);
  });

  it('cuts a file back to the length that was synced', () => {
    writeFileSync(file('old'), 'before');
    play(`${OVERWRITE} fs.writeSync(f, ' and after', 6); fs.ftruncateSync(f, 3);`);
    const after = outcomes('old', () => writeFileSync(file('old'), 'bef'));
    expect(after).toContain('before');
  });

  it('forgets a new name until its folder is synced', () => {
    const write = `const f = fs.openSync(at('new'), 'w'); fs.writeSync(f, 'x'); fs.fsyncSync(f);`;
    play(write);
    expect(outcomes('new', () => writeFileSync(file('new'), 'x'))).toEqual(new Set(['x', null]));
    rmSync(join(dir, 'log'));
    rmSync(file('new'), { force: true });
    play(`${write} fs.fsyncSync(fs.openSync(disk, 'r'));`);
    expect(outcomes('new', () => undefined)).toEqual(new Set(['x']));
  });

  it('puts back what a rename replaced, where the folder was not synced', () => {
    writeFileSync(file('old'), 'before');
    play(`const f = fs.openSync(at('next'), 'w'); fs.writeSync(f, 'after'); fs.fsyncSync(f); fs.closeSync(f);
      fs.renameSync(at('next'), at('old'));`);
    const after = outcomes('old', () => {
      rmSync(file('next'), { force: true });
      writeFileSync(file('old'), 'after');
    });
    expect(after).toEqual(new Set(['after', 'before']));
  });

  it('cuts the power before the change it was told, and not after it', () => {
    writeFileSync(file('old'), 'before');
    const script = `${OVERWRITE} fs.writeSync(f, '1', 0); fs.writeSync(f, '2', 1); fs.writeSync(f, '3', 2);`;
    expect(play(script, 3)).toBe('SIGKILL');
    expect(read('old')?.toString()).toBe('12fore');
  });

  it('ends a process that changes a file in a way it cannot undo', () => {
    writeFileSync(file('old'), 'before');
    expect(() => play(`fs.linkSync(at('old'), at('other'));`)).toThrow(/cannot be undone/);
  });
});
