import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { demoCounty } from './county/county.ts';
import { until } from './kiosk.ts';
import { type Layout, writeJson } from './layout.ts';
import { keepRunning, type Running } from './processes.ts';

/** The demo's hub: its config file, its county, its process. */

export interface HubDeps {
  readonly layout: Pick<Layout, 'hubDir' | 'hubConfigPath' | 'hubPort'>;
  /** What `hub import` reads; asked once, for an empty store. */
  readonly county: () => unknown;
  readonly program: string;
  readonly onGivenUp: (says: string) => void;
}

/** Imports the county into an empty store, then runs the hub. */
export async function startHub({ layout, county, program, onGivenUp }: HubDeps): Promise<Running> {
  const { hubDir, hubConfigPath, hubPort } = layout;
  const url = `http://127.0.0.1:${hubPort}`;
  const fresh = !existsSync(join(hubDir, 'hub.sqlite'));
  writeJson(hubConfigPath, {
    ...{ county: demoCounty.id, store: 'sqlite:hub.sqlite', keys: 'keys', publicUrl: url, pollMs: 2_000, log: 'info' },
    listen: { host: '127.0.0.1', port: hubPort },
  });
  if (fresh) {
    const file = join(hubDir, '..', 'county.json');
    writeJson(file, county());
    const imported = spawnSync(process.execPath, [program, 'import', file, '--config', hubConfigPath], {
      encoding: 'utf8',
    });
    if (imported.status !== 0) throw new Error(`hub import: ${imported.stderr}`);
  }
  const argv = [process.execPath, program, 'serve', '--with-parent', '--config', hubConfigPath];
  const hub = keepRunning({ name: 'hub', argv, log: join(hubDir, 'hub.log') }, onGivenUp);
  await until(async () => (await fetch(`${url}/readyz`)).status === 200, 'the hub to be ready');
  return hub;
}
