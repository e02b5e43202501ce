import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ROOT } from '../support/demo.ts';

/** The hub as its own process, as `npm run hub -- serve` runs it. */

/** At its start a hub judges what was left over; of a whole county that is a while. */
const READY_MS = 120_000;

export interface RealHub {
  readonly child: ChildProcess;
  /** From its start to the first answer of 200 at /readyz. */
  readonly startMs: number;
}

export async function startHub(configFile: string, address: string): Promise<RealHub> {
  const began = performance.now();
  const argv = [join(ROOT, 'dist/hub/main.js'), 'serve', '--config', configFile];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'inherit'] });
  while (performance.now() - began < READY_MS) {
    if (child.exitCode !== null) throw new Error('the hub did not start; see what it wrote above');
    const ready = await fetch(`${address}/readyz`).then(
      (answer) => answer.status === 200,
      () => false, // not listening yet
    );
    if (ready) return { child, startMs: performance.now() - began };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`the hub is not ready after ${READY_MS} ms`);
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
