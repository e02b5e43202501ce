import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Signer } from '../protocol/crypto.ts';
import { nodeSigner } from '../protocol/node/crypto.ts';
import { loadOrCreateKey } from '../protocol/node/key-file.ts';
import type { HubConfig } from './config.ts';
import { createSeal, type Seal } from './programme/seal.ts';
import { type HubStore, openSqliteStore } from './store/open.ts';

/** What every command of the hub opens: its store, its signing key, its seal. */
export interface HubParts {
  readonly config: HubConfig;
  readonly store: HubStore;
  readonly hub: Signer;
  readonly seal: Seal;
}

/** Throws `StoreRefusal` with a sentence when the store or its keys are not as they must be. */
export function openHubParts(config: HubConfig, dir: string): HubParts {
  const path = resolve(dir, config.store.slice('sqlite:'.length));
  const fresh = !existsSync(path);
  mkdirSync(dirname(path), { recursive: true });
  const keys = resolve(dir, config.keys);
  const hub = nodeSigner('hub.1', loadOrCreateKey(resolve(keys, 'hub.key'), fresh));
  const seal = createSeal(loadOrCreateKey(resolve(keys, 'seal.key'), fresh));
  return { config, hub, seal, store: openSqliteStore(path, config.county) };
}

/** Tells instances on one machine apart where a port does not, as in cookie names. */
export function fingerprintOfCounty(config: HubConfig): string {
  return createHash('sha256').update(`${config.county}:${config.listen.port}`).digest('hex').slice(0, 8);
}
