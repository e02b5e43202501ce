import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pino from 'pino';
import { Registry } from 'prom-client';
import { createHubApp } from '../../hub/api/app.ts';
import { createSessions } from '../../hub/api/sessions.ts';
import { createCore } from '../../hub/core.ts';
import { type Admission, createAdmission } from '../../hub/ingest/admission.ts';
import { createSignIn } from '../../hub/operators/sign-in.ts';
import { type PreparedCounty, prepareCounty } from '../../hub/programme/import.ts';
import { createSeal } from '../../hub/programme/seal.ts';
import { storeCounty } from '../../hub/programme/store-county.ts';
import { type HubStore, openSqliteStore } from '../../hub/store/open.ts';
import { nodeHashing, nodeSigner, nodeVerifying } from '../../protocol/node/crypto.ts';
import { seeded } from './seeded.ts';
import { tinyCounty } from './tiny-county.ts';

/** A whole hub in a temporary folder, with a clock of its own: everything but the listening socket. */

export const COUNTY = 'test-county';
export const START_MS = Date.UTC(2026, 2, 1);
export const PUBLIC_URL = 'https://hub.example';
export const COOKIE = 'tallystick_hub_test';
export const hubSigner = nodeSigner('hub.1', new Uint8Array(32).fill(77));
export const seal = createSeal(new Uint8Array(32).fill(78));
export const crypto = { ...nodeHashing, ...nodeVerifying };

const random = seeded(1);
export const randomBytes = (n: number) => Uint8Array.from({ length: n }, () => Math.floor(random() * 256));
let prepared: Promise<PreparedCounty> | null = null;
/** Hashing passwords takes a second, so one county serves every hub of a test file. */
export function preparedCounty(): Promise<PreparedCounty> {
  const deps = { county: COUNTY, seal, hub: hubSigner, randomBytes, onProgress: () => undefined };
  prepared ??= prepareCounty(tinyCounty(), deps);
  return prepared;
}

export interface HubOptions {
  /** Wraps the store: faults are played here. */
  readonly store?: (store: HubStore) => HubStore;
  readonly admission?: Admission;
  /** How often a quiet kiosk asks. */
  readonly pollMs?: number;
}

export async function openTestHub(options: HubOptions = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'tally-hub-'));
  const path = join(dir, 'hub.sqlite');
  const clock = { ms: START_MS };
  const logs: string[] = [];
  const first = openSqliteStore(path, COUNTY);
  const county = await preparedCounty();
  await first.books.write((books) => storeCounty(books, COUNTY, county, START_MS));
  await first.close();
  let running = await start();

  async function start() {
    const store = (options.store ?? ((same) => same))(openSqliteStore(path, COUNTY));
    return { store, ...(await compose(store, clock, logs, options)) };
  }
  async function stop() {
    await running.app.close();
    await running.store.close();
  }
  return {
    ...{ dir, path, clock, logs },
    /** What runs now; another one after `restart`. */
    get now() {
      return running;
    },
    async restart() {
      await stop();
      running = await start();
    },
    async close() {
      await stop();
      rmSync(dir, { recursive: true, force: true });
    },
    /** Looks into the file, or breaks in, beside the running hub. */
    sql<T>(work: (db: Database.Database) => T): T {
      const db = new Database(path);
      try {
        return work(db);
      } finally {
        db.close();
      }
    },
  };
}
export type TestHub = Awaited<ReturnType<typeof openTestHub>>;

async function compose(
  store: HubStore,
  clock: { ms: number },
  logs: string[],
  { admission = createAdmission(), pollMs = 5_000 }: HubOptions,
) {
  const nowMs = () => clock.ms;
  const logger = pino({ level: 'trace' }, { write: (line: string) => void logs.push(line) });
  const inc = (await store.books.read((books) => books.get('counties', {})))?.inc ?? '';
  const core = createCore({
    ...{ books: store.books, seal, crypto, hub: hubSigner, receiptBase: PUBLIC_URL, pollMs, nowMs, randomBytes },
    onFault: (what, error) => logger.error({ err: error }, what),
  });
  const sessions = createSessions({
    ...{ operators: store.operators, cookieName: COOKIE, secureCookie: true, publicUrl: PUBLIC_URL, nowMs },
    county: { id: COUNTY, name: '测试县', nameEn: 'Test County' },
  });
  const app = await createHubApp({
    logger,
    terminal: { ...core, admission, random: Math.random },
    console: {
      ...{ store: store.console, keysOf: core.keysOf, waitsCode: core.waitsCode, enrolment: core.enrolment },
      ...{ acts: core.acts, desk: core.desk, sync: core.sync, sessions, crypto, nowMs },
      signIn: createSignIn({ store: store.operators, seal, nowMs }),
    },
    status: { name: 'tallystick-hub', version: '0', notReady: () => [], metrics: new Registry() },
    consoleDir: null,
  });
  return { app, ...core, inc };
}
