import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';

/**
 * Node cannot make a pseudo-terminal, so a few lines of Python hold its far end (Debian's `python3`, which npm's native builds
 * ask for anyway; socat would be one more package).
 */

/** Debian's own, where it is: what comes first on the path may be a script that looks for one, and slow. */
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
/** Isolated, and without the site's packages: a bridge needs none. */
const BARE = ['-I', '-S'];

/** Null where pseudo-terminals can be made; else what is missing, in a sentence. */
export function ptyMissing(): string | null {
  if (process.platform !== 'linux') return 'Serial devices are simulated on Linux only.';
  const needed = [...BARE, '-c', 'import os, pty, select, tty; os.openpty()'];
  const python = spawnSync(PYTHON, needed, { stdio: 'ignore', timeout: 10_000 });
  return python.status === 0 ? null : 'Serial devices are simulated with python3, which is missing here.';
}

/** `args`: a script, or `-c` and its text, which says the near end's path in its first line. */
export async function startBridge(args: readonly string[], withinMs: number) {
  const bridge = spawn(PYTHON, [...BARE, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  // What is said to a bridge that has died goes nowhere, as on a real line.
  bridge.stdin.on('error', () => undefined);
  return { bridge, path: await firstLine(bridge, bridge.stdout, withinMs) };
}

function firstLine(bridge: ChildProcess, stdout: Readable, withinMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => fail(new Error('python3 opened no pseudo-terminal')), withinMs);
    const done = (): void => {
      clearTimeout(late);
      stdout.off('data', hear);
      stdout.pause();
      bridge.off('error', fail).off('close', ended);
    };
    const fail = (error: Error): void => {
      done();
      bridge.kill('SIGKILL');
      reject(error);
    };
    const ended = (): void => fail(new Error('python3 ended before it opened a pseudo-terminal'));
    const hear = (bytes: Buffer): void => {
      said += bytes.toString('latin1');
      if (!said.endsWith('\n')) return;
      done();
      resolve(said.trim());
    };
    bridge.once('error', fail).once('close', ended);
    stdout.on('data', hear);
  });
}
