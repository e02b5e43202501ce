import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreRefusal } from '../../../protocol/node/store-refusal.ts';
import { type PostgresServer, type Settings, startPostgres, withoutPostgres } from '../../../test/support/postgres.ts';
import { postgresBackup } from '../backup/postgres-backup.ts';
import { type Engine, openEngine } from './open.ts';
import { StoreUnavailable, type TableShape } from './port.ts';

/** What only a server can do: lose connections, lower its settings, run two hubs at once. */

const TRANSFERS = {
  name: 'transfers',
  key: ['id'],
  columns: { id: 'text', at: 'int', debit: 'text', credit: 'text', amount: 'int', kind: 'text', ref: 'text' },
} as const satisfies TableShape;
const COUNTIES = {
  name: 'counties',
  key: [],
  columns: {
    name: 'text',
    name_en: 'text',
    time_zone: 'text',
    inc: 'text',
    policy_json: 'text',
    policy_version: 'int',
  },
} as const satisfies TableShape;
const VILLAGES = {
  name: 'villages',
  key: ['village'],
  columns: { village: 'text', name: 'text', name_en: 'text', pepper_version: 'int', pepper_sealed: 'blob' },
} as const satisfies TableShape;
const county = { name: 'x', name_en: 'x', time_zone: 'UTC', inc: 'i', policy_json: '{}', policy_version: 0 };
const earn = (id: string) => ({
  ...{ id, at: 1, debit: 'programme', credit: 'account:a' },
  amount: 1,
  kind: 'earn',
  ref: 'r',
});
const version = 'SELECT policy_version AS v FROM counties WHERE county_id = :county';
const raise = 'UPDATE counties SET policy_version = policy_version + 1 WHERE county_id = :county';

describe.skipIf(withoutPostgres)('PostgreSQL', () => {
  let server: PostgresServer;
  const opened: Engine[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  }, 90_000);
  afterAll(async () => {
    for (const engine of opened) await engine.close();
    await server.stop();
  }, 60_000);

  async function open(store: string, name = 'c'): Promise<Engine> {
    const engine = await openEngine({ store, county: name });
    opened.push(engine);
    return engine;
  }
  async function openWithCounty(store: string, name = 'c'): Promise<Engine> {
    const engine = await open(store, name);
    await engine.write((sql) => sql.insertMany(COUNTIES, [county], 'refuse'));
    return engine;
  }
  const terminateOthers = (url: string) =>
    server.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      url,
    );

  it('is spoken to by the socket of a server on the same machine, and backed up by it', async () => {
    const store = server.onSocket(await server.database());
    expect(store).not.toContain('127.0.0.1');
    const engine = await openWithCounty(store);
    await engine.write((sql) => sql.run(raise));
    const address = await engine.read((sql) =>
      sql.get<{ addr: string | null }>('SELECT inet_client_addr()::TEXT AS addr'),
    );
    expect(address?.addr).toBeNull();
    const dir = mkdtempSync(join(tmpdir(), 'tally-socket-'));
    try {
      const backup = postgresBackup(store);
      await backup.take(join(dir, backup.fileName), () => undefined);
      expect(statSync(join(dir, backup.fileName)).size).toBeGreaterThan(0);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it('does not start where the role or the database lowers synchronous_commit', async () => {
    for (const value of ['off', 'local', 'remote_write']) {
      const store = await server.database();
      await server.sql(`ALTER DATABASE ${new URL(store).pathname.slice(1)} SET synchronous_commit = ${value}`);
      const refused = open(store);
      await expect(refused).rejects.toBeInstanceOf(StoreRefusal);
      await expect(refused).rejects.toThrow(`synchronous_commit = ${value}: a power cut could lose`);
      expect(await server.sql(`SELECT to_regclass('counties') AS made`, store), 'nor touches the schema').toEqual([
        { made: null },
      ]);
    }
    await expect(open(`${await server.database()}?synchronous_commit=off`)).rejects.toThrow(/synchronous_commit = off/);
    await expect(open(`${await server.database()}?synchronous_commit=remote_apply`)).resolves.toBeDefined();
  });

  it.each([['fsync'], ['full_page_writes']])('does not start with %s off', async (setting) => {
    const careless = await startPostgres({ [setting]: 'off' } satisfies Settings);
    try {
      await expect(open(await careless.database())).rejects.toThrow(`PostgreSQL has ${setting} = off`);
    } finally {
      await careless.stop();
    }
  });

  it('acknowledges nothing more once the settings are lowered while it runs', async () => {
    const store = await server.database();
    const engine = await openWithCounty(store);
    await server.sql(`ALTER DATABASE ${new URL(store).pathname.slice(1)} SET synchronous_commit = off`);
    await terminateOthers(store);
    await expect(engine.write((sql) => sql.run(raise))).rejects.toThrow(/synchronous_commit = off/);
    await expect(engine.custody((sql) => sql.run(raise))).rejects.toThrow(/synchronous_commit = off/);
    expect(await engine.read((sql) => sql.get(version))).toEqual({ v: 0 });
  });

  it.each([
    ['dropped', 'DROP TRIGGER records_no_delete ON records'],
    ['switched off', 'ALTER TABLE records DISABLE TRIGGER records_no_delete'],
  ])('does not start where a refusal was %s', async (_how, change) => {
    const store = await server.database();
    await (await openEngine({ store, county: 'c' })).close();
    await server.sql(change, store);
    await expect(open(store)).rejects.toThrow(/lacks what refuses a forbidden change: records_no_delete\./);
  });

  it('takes UTF8 only', async () => {
    const store = await server.database(`ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0`);
    await expect(open(store)).rejects.toThrow(/encoding SQL_ASCII, not UTF8/);
  });

  it('orders text by its bytes in a database of another locale', async () => {
    const store = await server.database(`LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C.UTF-8' TEMPLATE template0`);
    const engine = await open(store);
    await engine.write((sql) => sql.insertMany(TRANSFERS, ['a', 'B', 'b', 'A'].map(earn), 'refuse'));
    const ids = await engine.read((sql) =>
      sql.all<{ id: string }>(`SELECT id FROM transfers WHERE id > 'A' ORDER BY id`),
    );
    expect(ids.map(({ id }) => id)).toEqual(['B', 'a', 'b']);
  });

  it('serves with a role that may not change the schema, and says so where it would have to', async () => {
    const store = await server.database();
    await server.sql(
      `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'serving') THEN CREATE ROLE serving LOGIN; END IF; END $$`,
    );
    const serving = store.replace('postgres@', 'serving@');
    await expect(open(serving)).rejects.toThrow(/needs schema 1, and this role may not change it/);
    await open(store);
    await server.sql(
      `GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO serving; GRANT DELETE ON sessions TO serving`,
      store,
    );
    const engine = await open(serving);
    await engine.write((sql) => sql.insertMany(TRANSFERS, [earn('1')], 'refuse'));
    await expect(engine.write((sql) => sql.run('DROP TABLE balances'))).rejects.toThrow(/must be owner/);
  });

  it('lets two counties write at one time, and two hubs of one county not', async () => {
    const store = await server.database();
    const [c, again, d] = [await openWithCounty(store), await open(store), await openWithCounty(store, 'd')];
    let entered = false;
    await c.write(async (sql) => {
      const waiting = again.write(async () => {
        entered = true;
      });
      waiting.catch(() => undefined);
      await d.write((other) => other.run(raise));
      await again.read((other) => other.get(version));
      await again.custody((other) => other.get(version));
      await delay(100);
      expect(entered).toBe(false);
      await sql.run(raise);
    });
    await expect.poll(() => entered).toBe(true);
    expect(await d.read((sql) => sql.get(version))).toEqual({ v: 1 });
  });

  it('custody makes its rows stand still for other custody', async () => {
    const store = await server.database();
    const [one, two] = [await openWithCounty(store), await open(store)];
    const village = { village: 'v', name: 'x', name_en: 'x', pepper_version: 1, pepper_sealed: Buffer.alloc(1) };
    await one.write((sql) => sql.insertMany(VILLAGES, [village], 'refuse'));
    const add = (engine: Engine) =>
      engine.custody(async (sql) => {
        await sql.getMany(VILLAGES, [['v']], 'locked');
        const row = await sql.get<{ v: number }>(version);
        await delay(2);
        await sql.run('UPDATE counties SET policy_version = :v WHERE county_id = :county', { v: (row?.v ?? 0) + 1 });
      });
    await Promise.all(Array.from({ length: 20 }, (_, i) => add(i % 2 === 0 ? one : two)));
    expect(await one.read((sql) => sql.get(version))).toEqual({ v: 20 });
  });

  it('runs work again after a deadlock', async () => {
    const store = await server.database();
    const engine = await openWithCounty(store);
    const other = await openWithCounty(store, 'd');
    let runs = 0;
    const both = (hub: Engine, first: string, second: string) =>
      hub.custody(async (sql) => {
        runs += 1;
        for (const id of [first, second]) {
          await sql.run('UPDATE counties SET policy_version = policy_version + 1 WHERE county_id = :id', { id });
          await delay(100);
        }
      });
    await Promise.all([both(engine, 'c', 'd'), both(other, 'd', 'c')]);
    expect(runs).toBeGreaterThan(2);
    expect(await engine.read((sql) => sql.get(version))).toEqual({ v: 2 });
  });

  it.each([
    ['while a statement runs', 'SELECT pg_sleep(0.3)'],
    ['between two statements', 'SELECT 1'],
  ])('loses a connection %s: nothing is committed, and the next one is a new one', async (_name, text) => {
    const store = await server.database();
    const engine = await openWithCounty(store);
    const cut = engine.write(async (sql) => {
      await sql.run(raise);
      const asked = sql.all(text);
      asked.catch(() => undefined);
      await terminateOthers(store);
      await delay(50);
      await asked;
      await sql.run(raise);
    });
    await expect(cut).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(cut).rejects.toMatchObject({ maybeCommitted: false });
    expect(await engine.read((sql) => sql.get(version))).toEqual({
      v: 0,
    });
    await engine.write((sql) => sql.run(raise));
    expect(await engine.read((sql) => sql.get(version))).toEqual({ v: 1 });
  });

  it('tells the planner of a table that has just been filled', async () => {
    const store = await server.database();
    const engine = await open(store);
    const rows = Array.from({ length: 1_500 }, (_, n) => earn(`t${n}`));
    await engine.write((sql) => sql.insertMany(TRANSFERS, rows, 'refuse'));
    const known = `SELECT reltuples::int AS n FROM pg_class WHERE relname = 'transfers'`;
    await expect.poll(() => server.sql(known, store)).toEqual([{ n: 1_500 }]);
  });

  it('survives kill -9 of the server with all it acknowledged, and says where it cannot know', async () => {
    const engine = await openWithCounty(await server.database());
    let acknowledged = 0;
    const outcomes: unknown[] = [];
    const writing = (async () => {
      while (outcomes.length === 0) {
        await engine
          .write((sql) => sql.run(raise))
          .then(() => (acknowledged += 1))
          .catch((error) => outcomes.push(error));
      }
    })();
    await delay(300);
    server.kill();
    await writing;
    expect(outcomes[0]).toBeInstanceOf(StoreUnavailable);
    await expect(engine.read((sql) => sql.get(version))).rejects.toBeInstanceOf(StoreUnavailable);
    await server.restart();
    await expect.poll(() => engine.read((sql) => sql.get<{ v: number }>(version)).catch(() => null)).not.toBeNull();
    const found = (await engine.read((sql) => sql.get<{ v: number }>(version)))?.v ?? 0;
    const doubtful = (outcomes[0] as StoreUnavailable).maybeCommitted ? 1 : 0;
    expect(acknowledged).toBeGreaterThan(0);
    expect(found - acknowledged).toBeGreaterThanOrEqual(0);
    expect(found - acknowledged).toBeLessThanOrEqual(doubtful);
  }, 90_000); // a crashed server replays its log, on a busy machine for a while

  it('says so when no server is there', async () => {
    await expect(open('postgres://postgres@127.0.0.1:1/none')).rejects.toBeInstanceOf(StoreUnavailable);
  });
});
