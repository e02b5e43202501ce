import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../../bench/support/demo.ts';

/** A program of dist/ as its own process, on a clock that the story moves: process-faults.mjs. */

const FAULTS = fileURLToPath(new URL('./process-faults.mjs', import.meta.url));
const READY_MS = 30_000;
const COMMAND_MS = 60_000;

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}
export type Env = Readonly<Record<string, string>>;

const argv = (program: string, args: readonly string[]) => [
  '--import',
  FAULTS,
  join(ROOT, `dist/${program}/main.js`),
  ...args,
];

/** Runs a command to its end, whatever that is. */
export function run(program: 'hub' | 'terminal', args: readonly string[], env: Env): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, timeout: COMMAND_MS, maxBuffer: 64 * 1_048_576 };
    execFile(process.execPath, argv(program, args), options, (error, out, err) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ status, out, err });
    });
  });
}

/** The same for a command that must succeed. */
export async function done(args: readonly string[], env: Env): Promise<string> {
  const { status, out, err } = await run('hub', args, env);
  if (status !== 0) throw new Error(`hub ${args.join(' ')} ended with ${status}: ${err}`);
  return out;
}

/** Serves until it is killed. `onLog`: what it writes. */
export function serve(
  program: 'hub' | 'terminal',
  config: string,
  env: Env,
  onLog: (text: string) => void,
): ChildProcess {
  const child = spawn(process.execPath, argv(program, ['serve', '--config', config, '--with-parent']), {
    // With its parent: should this test be killed, its programs end too.
    ...{ env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] },
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => onLog(bytes.toString()));
  return child;
}

export function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

/** Waits until `/readyz` answers as wanted; answers its body. */
export async function readyz(
  url: string,
  child: ChildProcess,
  wanted: (status: number, body: string) => boolean,
): Promise<string> {
  const endMs = performance.now() + READY_MS;
  let last = 'nothing';
  while (performance.now() < endMs) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null); // not listening yet
    const body = (await answer?.text()) ?? '';
    last = answer === null ? last : `${answer.status} ${body}`;
    if (answer !== null && wanted(answer.status, body)) return last;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error(`${url} does not get there; last: ${last}`);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
