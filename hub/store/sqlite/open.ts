import { type Db, openDurable } from '../../../protocol/node/durable-sqlite.ts';
import { sqliteConsoleStore } from './console.ts';
import type { Context } from './context.ts';
import { sqliteDownlinkStore } from './downlink.ts';
import { sqliteExportStore } from './export.ts';
import { sqliteFleetStore } from './fleet.ts';
import { sqliteJudgingStore } from './judging.ts';
import { sqliteOperatorStore } from './operators.ts';
import { sqliteProgrammeStore } from './programme.ts';
import { sqliteRecordStore } from './records.ts';

/** The hub's store on SQLite: one file serves a whole county. */
export function openSqliteStore(path: string, county: string) {
  const db: Db = openDurable({ path, migrations: new URL('../migrations/sqlite/', import.meta.url) });
  const context: Context = { db, county };
  return {
    records: sqliteRecordStore(context),
    judging: sqliteJudgingStore(context),
    fleet: sqliteFleetStore(context),
    downlink: sqliteDownlinkStore(context),
    programme: sqliteProgrammeStore(context),
    operators: sqliteOperatorStore(context),
    console: sqliteConsoleStore(context),
    exports: sqliteExportStore(context),
    close: () => {
      db.close();
    },
  };
}
export type HubStore = ReturnType<typeof openSqliteStore>;
