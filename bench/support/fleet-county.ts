import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HubConfig } from '../../hub/config.ts';
import { type HubParts, openHubParts } from '../../hub/parts.ts';
import type { CountyPolicy } from '../../hub/programme/policy.ts';
import { FLEET_COUNTY, type Fleet, type FleetSize, signFleet, storeFleet } from './signed-fleet.ts';

/** A store that holds the county of a signed fleet, and config files for as many hubs as shall serve it. */
export interface FleetCounty {
  readonly dir: string;
  readonly fleet: Fleet;
  /** Writes the config of a hub on that port; answers its path. */
  configOn(port: number): string;
  /** Opens the store beside whatever hub runs, works, and closes it. */
  open<T>(work: (parts: HubParts) => Promise<T>): Promise<T>;
}
interface FleetCountyOptions {
  readonly dir: string;
  readonly store: string;
  readonly size: FleetSize;
  readonly policy?: CountyPolicy;
}

export async function createFleetCounty({ dir, store, size, policy }: FleetCountyOptions): Promise<FleetCounty> {
  mkdirSync(dir, { recursive: true });
  const configOf = (port: number): HubConfig => ({
    ...{ county: FLEET_COUNTY, store, keys: 'keys', listen: { host: '127.0.0.1', port } },
    ...{ publicUrl: `http://127.0.0.1:${port}`, pollMs: 1_000, log: 'warn' },
  });
  async function open<T>(work: (parts: HubParts) => Promise<T>): Promise<T> {
    const parts = await openHubParts(configOf(0), dir);
    try {
      return await work(parts);
    } finally {
      await parts.store.close();
    }
  }
  const fleet = await open(async ({ store: { books }, hub, seal }) => {
    const signed = signFleet(size, hub, 'fleet-inc');
    const sealed = (what: string) => seal.seal(new Uint8Array(32), what);
    await books.write((each) => storeFleet(each, signed, sealed, policy));
    return signed;
  });
  return {
    ...{ dir, fleet, open },
    configOn(port) {
      const file = join(dir, `hub-${port}.json`);
      writeFileSync(file, JSON.stringify(configOf(port)));
      return file;
    },
  };
}
