import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../firmware-sim/demo/layout.ts';
import type { RigCard, RigState } from '../../protocol/api/rig.ts';

/** The whole demo as real processes, as `npm start` runs them, in a data folder of its own. */

export const ROOT = findRoot(fileURLToPath(new URL('.', import.meta.url)));
export const CI = process.env.CI === 'true';

export interface Ready {
  readonly hub: string;
  readonly kiosk: string;
  readonly rig: string;
  readonly kiosks: readonly string[];
  readonly operator: { readonly user: string; readonly password: string };
  readonly people: readonly {
    readonly role: string;
    readonly user: string;
    readonly password: string;
    readonly totpSecret: string;
  }[];
}
export interface Demo {
  readonly ready: Ready;
  readonly data: string;
  readonly says: () => string;
  get<T>(path: string): Promise<T>;
  text(path: string): Promise<string>;
  post(path: string, body?: unknown): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  /** Waits until the rig's state satisfies `holds`; fails with the last state seen. */
  until(holds: (state: RigState) => boolean, what: string, withinMs?: number): Promise<RigState>;
  cards(): Promise<RigCard[]>;
  /** Ends the programs; the data stays. */
  halt(): Promise<number | null>;
  /** Ends the programs and removes the data. */
  stop(): Promise<number | null>;
}

const READY_MS = 60_000;
/** `--port-base N` takes N to N+20. */
export const DEMO_PORTS = 21;

export async function startDemo(
  options: readonly string[] = [],
  data = mkdtempSync(join(tmpdir(), 'tally-demo-')),
): Promise<Demo> {
  const base = await freePorts(DEMO_PORTS);
  const argv = [join(ROOT, 'dist/firmware-sim/demo/main.js'), '--data', data, '--port-base', String(base), ...options];
  const child = spawn(process.execPath, argv, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let says = '';
  child.stderr.on('data', (bytes: Buffer) => {
    says += bytes.toString();
  });
  const ready = await readyLine(child, () => says);
  const text = async (path: string) => (await fetch(ready.rig + path)).text();
  const demo: Demo = {
    ...{ ready, data, says: () => says, text },
    get: async (path) => JSON.parse(await text(path)),
    async post(path, body = {}) {
      const response = await fetch(ready.rig + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async until(holds, what, withinMs = 20_000) {
      const endMs = performance.now() + withinMs;
      let last: unknown = null;
      for (;;) {
        const response = await fetch(`${ready.rig}api/state`);
        last = await response.json();
        if (response.ok && holds(last as RigState)) return last as RigState;
        if (performance.now() > endMs)
          throw new Error(`not within ${withinMs} ms: ${what}; last: ${JSON.stringify(last)}`);
        await new Promise((done) => setTimeout(done, 50));
      }
    },
    cards: () => demo.get('api/cards'),
    halt: () => stopped(child),
    async stop() {
      const code = await stopped(child);
      rmSync(data, { recursive: true, force: true });
      return code;
    },
  };
  return demo;
}

function readyLine(child: ChildProcess, says: () => string): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ready line in ${READY_MS} ms: ${says()}`)), READY_MS);
    let out = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      out += bytes.toString();
      const line = /^ready (\{.*\})$/m.exec(out);
      if (!line) return;
      clearTimeout(late);
      resolve(JSON.parse(line[1] ?? '') as Ready);
    });
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`the demo ended with ${code}: ${says()}`));
    });
  });
}

/** SIGTERM, and after ten seconds the harder way. */
export function stopped(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('exit', (code) => {
      clearTimeout(late);
      resolve(code);
    });
    child.kill('SIGTERM');
  });
}

/** The folder of package.json, seen from the sources and from dist/ alike. */
function findRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  if (dirname(from) === from) throw new Error('no package.json above this file');
  return findRoot(dirname(from));
}
