import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeExport } from '../../hub/export/write-export.ts';
import type { BookStore } from '../../hub/ledger/books.ts';
import type { CountyFile } from '../../hub/programme/county-file.ts';
import { storeCounty } from '../../hub/programme/store-county.ts';
import type { MemoryState } from '../../hub/store/memory/memory-books.ts';
import { openSqliteStore } from '../../hub/store/open.ts';
import type { Bug } from '../simulate/bugs.ts';
import { createHubNode } from '../simulate/hub-node.ts';
import { openSeal, simCrypto } from '../simulate/sim-crypto.ts';
import { copyBooks } from '../support/copied-books.ts';
import type { Adapter, Hub } from './adapter.ts';
import { COUNTY_ID, coreDesk, preparedFor, START_MS, storyClock } from './core-desk.ts';

/** The simulator's hub: its books in memory, with real signatures. `bug`: a fault that the suite must find. */
export function memoryAdapter(bug: Bug | null = null): Adapter {
  return { name: 'the simulator’s hub', open: (county) => openMemory(county, bug), close: async () => undefined };
}

async function openMemory(county: CountyFile, bug: Bug | null): Promise<Hub> {
  const dir = mkdtempSync(join(tmpdir(), 'tally-conformance-'));
  const clock = storyClock();
  const faults: string[] = [];
  let [full, exports] = [false, 0];
  const node = createHubNode({
    ...{ crypto: simCrypto('real'), nowMs: clock.nowMs, randomBytes: (n) => new Uint8Array(randomBytes(n)) },
    bug: onDisk(bug, () => full),
    // As PostgreSQL keeps books; the SQLite adapter shows the other way.
    ...{ oneWriter: false, onCommit: () => undefined },
    onFault: (what, error) => faults.push(`${what}: ${String(error)}`),
  });
  const county_ = await preparedFor(county, openSeal, node.hub);
  await node.books.write((books) => storeCounty(books, COUNTY_ID, county_, START_MS));
  return {
    ...coreDesk(
      () => node.core,
      () => node.books,
    ),
    nowMs: clock.nowMs,
    jump: async (byMs) => clock.jump(byMs),
    kill: async () => node.kill(),
    start: () => node.start(),
    backup: async () => node.backup(),
    restore: (backup) => node.restore(backup as MemoryState, randomBytes(9).toString('base64url')),
    async diskFull(now) {
      full = now;
    },
    startUndurable: async () => null,
    async export() {
      const store = openSqliteStore(':memory:', COUNTY_ID);
      try {
        await copyBooks(node.memory.state(), store.books);
        const inc = (await store.books.read((books) => books.get('counties', {})))?.inc ?? '';
        exports += 1;
        const out = join(dir, `export-${exports}`);
        await writeExport(store.exports, out, node.hub, { county: COUNTY_ID, inc, at: clock.nowMs() });
        return out;
      } finally {
        await store.close();
      }
    },
    said: async () => faults.join('\n'),
    close: async () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** A full disk is played at the same place where the simulator puts its bugs. */
function onDisk(bug: Bug | null, full: () => boolean): Bug {
  const refusing = (books: BookStore): BookStore => ({
    ...books,
    write: (work) => (full() ? Promise.reject(new Error('disk full')) : books.write(work)),
    custody: (tid, work) => (full() ? Promise.reject(new Error('disk full')) : books.custody(tid, work)),
  });
  const inner = bug ?? { name: 'none', says: 'no bug' };
  return { ...inner, books: (books) => refusing(inner.books?.(books) ?? books) };
}
