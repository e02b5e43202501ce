import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Engine, openEngine } from '../../hub/store/engine/open.ts';
import type { TableShape } from '../../hub/store/engine/port.ts';
import type { EngineServer } from './sql-engines.ts';

/** One table of things, for tests of what both database engines promise alike. */

export const THINGS = {
  name: 'things',
  key: ['a', 'b'],
  columns: { a: 'text', b: 'int', n: 'int?', t: 'text?', bytes: 'blob?' },
} as const satisfies TableShape;
export const thing = (a: string, n: number | null = null, t: string | null = null) => ({ a, b: 1, n, t, bytes: null });

const MIGRATION = {
  sqlite: `CREATE TABLE things (pos INTEGER PRIMARY KEY, county_id TEXT NOT NULL, a TEXT NOT NULL, b INTEGER NOT NULL, n INTEGER, t TEXT, bytes BLOB,
    CHECK (n <> -13), UNIQUE (county_id, a, b), UNIQUE (county_id, t)) STRICT;`,
  postgres: `CREATE TABLE things (pos BIGINT GENERATED ALWAYS AS IDENTITY, county_id TEXT COLLATE "C" NOT NULL, a TEXT COLLATE "C" NOT NULL, b BIGINT NOT NULL,
    n BIGINT, t TEXT COLLATE "C", bytes BYTEA, CHECK (n <> -13), UNIQUE (county_id, a, b), UNIQUE (county_id, t));`,
};

interface Migrations {
  readonly migrations: string;
  add(name: string, sqlite: string, postgres: string): void;
  remove(): void;
}

/** A folder with the migrations of both engines. */
export function thingMigrations(): Migrations {
  const migrations = mkdtempSync(join(tmpdir(), 'tally-contract-'));
  const add = (name: string, sqlite: string, postgres: string) => {
    for (const [dialect, text] of Object.entries({ sqlite, postgres })) {
      mkdirSync(join(migrations, dialect), { recursive: true });
      writeFileSync(join(migrations, dialect, name), text);
    }
  };
  add('001-things.sql', MIGRATION.sqlite, MIGRATION.postgres);
  return { migrations, add, remove: () => rmSync(migrations, { recursive: true, force: true }) };
}

interface Things {
  /** Of county c, over an empty store; another for each test. */
  engine(): Engine;
  /** One more on the same store. */
  another(county: string): Promise<Engine>;
  put(...rows: ReturnType<typeof thing>[]): Promise<number>;
}

/** Starts the server once, and opens an engine before each test; all are closed behind it. */
export function thingsOn(start: () => Promise<EngineServer>, migrations: string): Things {
  let server: EngineServer;
  let store: string;
  const opened: Engine[] = [];
  const another = async (county: string) => {
    const one = await openEngine({ store, county, migrations });
    opened.push(one);
    return one;
  };
  const engine = () => {
    const [first] = opened;
    if (first === undefined) throw new Error('no engine is open: this is no test');
    return first;
  };
  beforeAll(async () => {
    server = await start();
  }, 90_000);
  afterAll(() => server.stop(), 60_000);
  beforeEach(async () => {
    store = await server.place();
    await another('c');
    return async () => {
      for (const each of opened.splice(0)) await each.close();
    };
  });
  return { engine, another, put: (...rows) => engine().write((sql) => sql.insertMany(THINGS, rows, 'refuse')) };
}
