import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DEMO_PORTS, ROOT } from '../../bench/support/demo.ts';
import { freePorts } from '../../firmware-sim/demo/layout.ts';

/** The commands' manners: exit codes, and a sentence with what to do for everything that is wrong. */

const dir = mkdtempSync(join(tmpdir(), 'tally-commands-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function run(program: string, ...args: string[]) {
  const done = spawnSync(process.execPath, [join(ROOT, 'dist', program), ...args], {
    cwd: dir,
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status: done.status, out: done.stdout, err: done.stderr };
}
function file(name: string, content: string): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

describe('commands', () => {
  it.each([
    ['hub/main.js', ['--help'], 0],
    ['hub/main.js', ['serve', '--help'], 0],
    ['hub/main.js', ['no-such'], 2],
    ['hub/main.js', ['export'], 2],
    ['hub/main.js', ['serve', '--config', 'nowhere.json'], 2],
    ['terminal/main.js', ['--help'], 0],
    ['terminal/main.js', ['serve', '--no-such'], 2],
    ['terminal/main.js', ['config', 'check', '--config', 'nowhere.json'], 2],
    ['hub/export/verify-main.js', ['--help'], 0],
    ['hub/export/verify-main.js', [], 2],
    ['hub/export/verify-main.js', ['nowhere'], 1],
    ['test/power/main.js', ['--help'], 0],
    ['test/power/main.js', ['--rounds', '0'], 2],
    ['test/power/main.js', ['--synchronous', 'off'], 2],
    ['test/power/main.js', ['now'], 2],
    ['firmware-sim/demo/main.js', ['--help'], 0],
    ['firmware-sim/demo/main.js', ['--kiosks', '11'], 2],
    ['firmware-sim/demo/main.js', ['--story', 'no-such'], 2],
    ['firmware-sim/demo/main.js', ['--reader', 'magnetic'], 2],
  ] as const)('%s %j ends with %i', (program, args, status) => {
    const done = run(program, ...args);
    expect(done.status, done.out + done.err).toBe(status);
    if (status === 2) expect(done.err.length).toBeGreaterThan(10);
    expect(done.err).not.toMatch(/^\s+at /m);
  });

  it('a config file with faults: each is named with its place, nothing starts', () => {
    const path = file('terminal.json', JSON.stringify({ hub: 'ftp://x', listenPort: 'many' }));
    const done = run('terminal/main.js', 'serve', '--config', path);
    expect(done.status).toBe(2);
    expect(done.err).toMatch(/listenPort/);
    expect(done.err).toMatch(/docs\/config\.md/);
    expect(run('hub/main.js', 'config', 'check', '--config', file('hub.json', '{ not json')).err).toMatch(/not JSON/);
  });

  it('a port in use: named, with the way out', async () => {
    const base = await freePorts(DEMO_PORTS);
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(base + 20, '127.0.0.1', done));
    const done = run('firmware-sim/demo/main.js', '--port-base', String(base), '--data', join(dir, 'd'));
    taken.close();
    expect(done.status).toBe(3);
    expect(done.err).toMatch(new RegExp(`Port ${base + 20} is in use`));
    expect(done.err).toMatch(/--port-base/);
  });

  it('--reset deletes only what a demo made', () => {
    const mine = file('not-a-demo.txt', 'mine');
    const done = run('firmware-sim/demo/main.js', '--reset', '--data', dir);
    expect(done.status).toBe(2);
    expect(done.err).toMatch(/was not made by this demo/);
    expect(mine).toBeTruthy();
  });

  it('too old a Node gets a sentence', () => {
    const { checkNode } = createRequire(import.meta.url)('../../deploy/workshop/prepare.cjs') as {
      checkNode(version: string): string | null;
    };
    expect(checkNode('18.20.4')).toMatch(/This is Node 18\.20\.4; Tallystick needs 20\.19/);
    expect(checkNode('20.18.9')).not.toBeNull();
    for (const good of ['20.19.0', '22.0.0', '24.3.1']) expect(checkNode(good)).toBeNull();
  });
});
