import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { DemoOptions } from './options.ts';

/** Where everything of one demo stands: ports, folders, config files. */

export interface KioskLayout {
  readonly k: number;
  readonly tid: string;
  readonly dir: string;
  readonly configPath: string;
  readonly port: number;
}
export interface Layout {
  readonly hubPort: number;
  readonly rigPort: number;
  readonly hubDir: string;
  readonly hubConfigPath: string;
  readonly kiosks: readonly KioskLayout[];
}

export function layoutOf({ portBase, data, kiosks }: DemoOptions): Layout {
  return {
    hubPort: portBase,
    rigPort: portBase + 20,
    hubDir: join(data, 'hub'),
    hubConfigPath: join(data, 'hub', 'config.json'),
    kiosks: Array.from({ length: kiosks }, (_, i) => {
      const dir = join(data, `kiosk-${i + 1}`);
      return { k: i + 1, tid: `k${i + 1}`, dir, configPath: join(dir, 'config.json'), port: portBase + 10 + i };
    }),
  };
}

/** Null when the port is free. */
export function portFault(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(null)));
  });
}

/** Below where systems take the near ends of outgoing connections from: one of those would come between asking and using. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;

/** Some free ports in a row, for a program that must be told its ports beforehand. */
export async function freePorts(count: number): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const first = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT - count));
    const faults = await Promise.all(Array.from({ length: count }, (_, i) => portFault(first + i)));
    if (faults.every((fault) => fault === null)) return first;
  }
  throw new Error('no free ports in a row on this machine');
}

export function writeJson(path: string, value: unknown): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
}
export function readJson<T>(path: string): T | null {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : null;
}

/** Deletes only what a demo made. A sentence where the folder is something else. */
export function resetData(data: string): string | null {
  if (!existsSync(data)) return null;
  if (!existsSync(join(data, 'demo.json'))) return `${data} was not made by this demo, so it is not deleted.`;
  rmSync(data, { recursive: true });
  return null;
}
