import { type ChildProcess, spawn } from 'node:child_process';
import { type Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ROOT, stopped } from './demo.ts';
import type { Envelope } from './signed-fleet.ts';

/** A hub as a process of its own, and what a terminal says to it: for what must be measured, or killed, as it really runs. */

const READY_MS = 60_000;

export interface HubProcess {
  readonly port: number;
  /** Null while it runs. */
  exit(): number | string | null;
  /** SIGKILL: no handler runs, nothing is flushed. Resolves when the process is gone. */
  kill(): Promise<void>;
  stop(): Promise<number | null>;
}
export interface HubStart {
  readonly config: string;
  readonly port: number;
  readonly nodeArgs?: readonly string[];
  /** What it writes to stderr; without it that goes to ours. */
  readonly onSays?: (text: string) => void;
}

/** Starts `hub serve`, which ends when we do, and waits until it can ingest. */
export async function startHub({ config, port, nodeArgs = [], onSays }: HubStart): Promise<HubProcess> {
  const argv = [...nodeArgs, join(ROOT, 'dist/hub/main.js'), 'serve', '--with-parent', '--config', config];
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'ignore', onSays ? 'pipe' : 'inherit'] });
  child.stdin?.on('error', () => undefined); // it is gone already
  child.stderr?.on('data', (bytes: Buffer) => onSays?.(bytes.toString()));
  const exit = () => child.exitCode ?? child.signalCode;
  try {
    await listening(port, exit);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    ...{ port, exit },
    kill: () => killed(child),
    stop: () => (child.signalCode === null ? stopped(child) : Promise.resolve(null)),
  };
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

async function listening(port: number, exit: () => number | string | null): Promise<void> {
  const end = performance.now() + READY_MS;
  while (performance.now() < end) {
    if (exit() !== null) throw new Error(`the hub did not start: ${exit()}`);
    const answers = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      (answer) => answer.status === 200,
      () => false, // not listening yet
    );
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the hub does not get ready');
}

export interface SyncAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly signature: string;
  readonly retryAfterMs: number;
}

/** Rejects where the connection ends before the answer does. */
export function postSync(port: number, agent: Agent, { tid, body, signature }: Envelope): Promise<SyncAnswer> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...{ 'content-type': 'application/json', 'content-encoding': 'gzip' },
      ...{ 'tally-signature': signature, 'content-length': body.length },
    };
    const path = `/v1/terminals/${tid}/sync`;
    const asked = request({ host: '127.0.0.1', port, method: 'POST', path, headers, agent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({
          ...{ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) },
          signature: String(answer.headers['tally-signature'] ?? ''),
          retryAfterMs: Number(answer.headers['retry-after'] ?? 1) * 1_000,
        }),
      );
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
