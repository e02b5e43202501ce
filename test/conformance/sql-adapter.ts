import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backUp, putBack } from '../../hub/commands/backup.ts';
import type { HubConfig } from '../../hub/config.ts';
import { createCore } from '../../hub/core.ts';
import { writeExport } from '../../hub/export/write-export.ts';
import { openHubParts } from '../../hub/parts.ts';
import type { CountyFile } from '../../hub/programme/county-file.ts';
import type { Seal } from '../../hub/programme/seal.ts';
import { storeCounty } from '../../hub/programme/store-county.ts';
import { openStore } from '../../hub/store/open.ts';
import { nodeHashing, nodeVerifying } from '../../protocol/node/crypto.ts';
import { openDurable } from '../../protocol/node/durable-sqlite.ts';
import { writeDurably } from '../../protocol/node/key-file.ts';
import { failingBooks } from '../support/failing-books.ts';
import { type PostgresServer, startPostgres, withoutPostgres } from '../support/postgres.ts';
import type { Adapter, Hub } from './adapter.ts';
import { COUNTY_ID, coreDesk, preparedFor, START_MS, storyClock } from './core-desk.ts';

/** The hub's core over a real SQLite file, or a real PostgreSQL server, in this process. */

interface Database {
  /** A new, empty one: what `hub.json` would say in `store`. */
  place(): Promise<string>;
  /** What dies with the hub, and what must come back before it can start. */
  crash(): void;
  revive(): Promise<void>;
  /** Opens one that loses what it acknowledged at a power cut. */
  openUndurable(): Promise<{ close(): unknown }>;
  stop(): Promise<void>;
}

export function sqliteAdapter(): Adapter {
  const dir = mkdtempSync(join(tmpdir(), 'tally-conformance-'));
  let n = 0;
  const path = () => join(dir, `${++n}.sqlite`);
  const migrations = new URL('../../hub/store/migrations/sqlite/', import.meta.url);
  const database: Database = {
    place: async () => `sqlite:${path()}`,
    ...{ crash: () => undefined, revive: async () => undefined },
    openUndurable: async () =>
      openDurable({ path: path(), migrations, pragma: (db) => db.pragma('synchronous = NORMAL') }),
    stop: async () => rmSync(dir, { recursive: true, force: true }),
  };
  return { name: 'SQLite', open: (county) => openSql(county, database), close: database.stop };
}

/** Skipped only where PostgreSQL is not installed, and never in CI. */
export const postgresSkipped = withoutPostgres;

export function postgresAdapter(): Adapter {
  let starting: Promise<PostgresServer> | null = null;
  const server = () => {
    starting ??= startPostgres();
    return starting;
  };
  const database: Database = {
    place: async () => (await server()).database(),
    // The postmaster is killed too: what it acknowledged must stand in its log.
    crash: () => void starting?.then((running) => running.kill()),
    revive: async () => (await server()).restart(),
    async openUndurable() {
      const url = await (await server()).database();
      const name = new URL(url).pathname.slice(1);
      await (await server()).sql(`ALTER DATABASE ${name} SET synchronous_commit = off`);
      return openStore(url, COUNTY_ID);
    },
    stop: async () => (await starting)?.stop(),
  };
  return { name: 'PostgreSQL', open: (county) => openSql(county, database), close: database.stop };
}

const HUB_KEY = nodeHashing.sha256(Buffer.from('the hub of the conformance suite'));
const SEAL_KEY = new Uint8Array(32).fill(78);
let seal: Seal | null = null;

async function openSql(county: CountyFile, database: Database): Promise<Hub> {
  const dir = mkdtempSync(join(tmpdir(), 'tally-conformance-'));
  const clock = storyClock();
  const faults: string[] = [];
  let [full, exports, backups] = [false, 0, 0];
  writeDurably(join(dir, 'keys', 'hub.key'), HUB_KEY, 0o600);
  writeDurably(join(dir, 'keys', 'seal.key'), SEAL_KEY, 0o600);
  let config: HubConfig = {
    ...{ county: COUNTY_ID, store: await database.place(), keys: 'keys', enrolmentCopies: 'copies' },
    ...{ listen: { host: '127.0.0.1', port: 0 }, publicUrl: 'https://hub.example', pollMs: 60_000, log: 'silent' },
  };
  let running = await start();
  seal ??= running.parts.seal; // the same key for all, so one preparation of the county serves them
  const prepared = await preparedFor(county, seal, running.parts.hub);
  await running.parts.store.books.write((books) => storeCounty(books, COUNTY_ID, prepared, START_MS));

  async function start() {
    const parts = await openHubParts(config, dir);
    const { books } = failingBooks({ custody: () => full })(parts.store);
    const onFault = (what: string, error: unknown) => void faults.push(`${what}: ${String(error)}`);
    const core = createCore({
      ...{ books, seal: parts.seal, hub: parts.hub, crypto: { ...nodeHashing, ...nodeVerifying }, onFault },
      ...{ receiptBase: config.publicUrl, pollMs: config.pollMs, nowMs: clock.nowMs },
      randomBytes: (n) => new Uint8Array(randomBytes(n)),
      ...(parts.copies === null ? {} : { keepCopy: parts.copies.keep }),
    });
    await core.judging.judgeAll(onFault);
    return { parts, books, core };
  }
  const stop = () => running.parts.store.close();
  return {
    ...coreDesk(
      () => running.core,
      () => running.books,
    ),
    nowMs: clock.nowMs,
    jump: async (byMs) => clock.jump(byMs),
    async kill() {
      database.crash();
      await stop();
    },
    async start() {
      await database.revive();
      running = await start();
    },
    async backup() {
      backups += 1;
      const out = join(dir, `backup-${backups}`);
      await backUp({ config, dir }, out, () => undefined);
      return out;
    },
    async restore(backup) {
      await stop();
      config = { ...config, store: await database.place() };
      await putBack({ config, dir }, String(backup), () => undefined);
      running = await start();
    },
    async diskFull(now) {
      full = now;
    },
    startUndurable: () =>
      database.openUndurable().then(
        async (opened) => {
          await opened.close();
          return '';
        },
        (error: Error) => error.message,
      ),
    async export() {
      exports += 1;
      const out = join(dir, `export-${exports}`);
      const { store, hub } = running.parts;
      const inc = (await store.books.read((books) => books.get('counties', {})))?.inc ?? '';
      await writeExport(store.exports, out, hub, { county: COUNTY_ID, inc, at: clock.nowMs() });
      return out;
    },
    said: async () => faults.join('\n'),
    async close() {
      await stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
