import { pathToFileURL } from 'node:url';
import type { Engine } from './port.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

export type { Engine } from './port.ts';

export interface EngineOptions {
  /** `sqlite:<absolute path>`, `sqlite::memory:` or `postgres://…`, as in the hub's config file. */
  readonly store: string;
  readonly county: string;
  /** Holds sqlite/ and postgres/. Only tests have another schema. */
  readonly migrations?: string;
}

/** Throws StoreRefusal with a sentence when the database is not as it must be. */
export async function openEngine({ store, county, migrations }: EngineOptions): Promise<Engine> {
  const folder = (dialect: string) =>
    migrations === undefined ? {} : { migrations: pathToFileURL(`${migrations}/${dialect}/`) };
  if (store.startsWith('sqlite:'))
    return openSqlite({ path: store.slice('sqlite:'.length), county, ...folder('sqlite') });
  return openPostgres({ url: store, county, ...folder('postgres') });
}
