import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Signer } from '../protocol/crypto.ts';
import { nodeSigner } from '../protocol/node/crypto.ts';
import { freeBytesAt } from '../protocol/node/free-space.ts';
import { loadOrCreateKey } from '../protocol/node/key-file.ts';
import type { HubConfig } from './config.ts';
import { type EnrolmentCopies, enrolmentCopies } from './enrolment-copies.ts';
import { createSeal, type Seal } from './programme/seal.ts';
import type { StoreBackup } from './store/backup/port.ts';
import { postgresBackup } from './store/backup/postgres-backup.ts';
import { sqliteBackup } from './store/backup/sqlite-backup.ts';
import { type HubStore, openStore } from './store/open.ts';

/** What every command of the hub opens: its store, its signing key, its seal. */
export interface HubParts {
  readonly config: HubConfig;
  readonly store: HubStore;
  readonly hub: Signer;
  readonly seal: Seal;
  /** Bytes left under the store; null where the store is another machine’s. */
  readonly freeBytes: () => number | null;
  /** Null where the config names no folder for them. */
  readonly copies: EnrolmentCopies | null;
}

/** Throws a refusal with a sentence when the store or its keys are not as they must be. */
export async function openHubParts(config: HubConfig, dir: string): Promise<HubParts> {
  const store = await openStore(located(config.store, dir), config.county);
  try {
    // Only a store without a county may be given new keys: what an older key signed or sealed must stay readable.
    const fresh = (await store.books.read((books) => books.get('counties', {}))) === undefined;
    const keys = resolve(dir, config.keys);
    const hub = nodeSigner('hub.1', loadOrCreateKey(resolve(keys, 'hub.key'), fresh));
    const seal = createSeal(loadOrCreateKey(resolve(keys, 'seal.key'), fresh));
    return {
      ...{ config, hub, seal, store, copies: copiesOf(config, dir) },
      freeBytes: () => freeBytesUnder(config.store, dir),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

export function copiesOf({ enrolmentCopies: folder }: HubConfig, dir: string): EnrolmentCopies | null {
  return folder === undefined ? null : enrolmentCopies(resolve(dir, folder));
}

/** How this store is copied and put back; nothing is opened yet. */
export function backupOf({ store }: HubConfig, dir: string): StoreBackup {
  if (!store.startsWith('sqlite:')) return postgresBackup(store);
  return sqliteBackup(resolve(dir, store.slice('sqlite:'.length)));
}

/** What a restored store cannot be read without. */
export function missingKeys({ keys }: HubConfig, dir: string): string[] {
  return ['hub.key', 'seal.key'].map((name) => resolve(dir, keys, name)).filter((path) => !existsSync(path));
}

/** Paths in a config file are relative to its folder. */
function located(store: string, dir: string): string {
  if (!store.startsWith('sqlite:')) return store;
  const path = resolve(dir, store.slice('sqlite:'.length));
  mkdirSync(dirname(path), { recursive: true });
  return `sqlite:${path}`;
}

/** Null where the store is another machine's. */
function freeBytesUnder(store: string, dir: string): number | null {
  return store.startsWith('sqlite:') ? freeBytesAt(dirname(resolve(dir, store.slice('sqlite:'.length)))) : null;
}

/** Tells instances on one machine apart where a port does not, as in cookie names. */
export function fingerprintOfCounty(config: HubConfig): string {
  return createHash('sha256').update(`${config.county}:${config.listen.port}`).digest('hex').slice(0, 8);
}
