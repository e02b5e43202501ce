import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, openEngine } from '../../hub/store/engine/open.ts';
import { type PostgresServer, startPostgres, withoutPostgres } from './postgres.ts';

/** Both engines, for tests that must say the same of each: `describe.each(ENGINES)` and one `start` per file. */
export interface EngineKind {
  readonly name: 'SQLite' | 'PostgreSQL';
  readonly skip: boolean;
  start(): Promise<EngineServer>;
}
export interface EngineServer {
  /** A new, empty database: what `hub.json` would say in `store`. */
  place(): Promise<string>;
  stop(): Promise<void>;
}

export const ENGINES: readonly EngineKind[] = [
  { name: 'SQLite', skip: false, start: async () => sqliteFolder() },
  { name: 'PostgreSQL', skip: withoutPostgres, start: async () => postgresDatabases(await startPostgres()) },
];

/** Opens an engine on a new database, and closes it with `server.stop`. */
export async function openNew(server: EngineServer, county = 'c'): Promise<Engine> {
  return openEngine({ store: await server.place(), county });
}

function sqliteFolder(): EngineServer {
  const dir = mkdtempSync(join(tmpdir(), 'tally-engine-'));
  let n = 0;
  return {
    async place() {
      n += 1;
      return `sqlite:${join(dir, `${n}.sqlite`)}`;
    },
    stop: async () => rmSync(dir, { recursive: true, force: true }),
  };
}

function postgresDatabases(server: PostgresServer): EngineServer {
  return { place: () => server.database(), stop: () => server.stop() };
}
