import { copyFileSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeHashing, nodeVerifying } from '../../protocol/node/crypto.ts';
import { kioskFixture } from '../../test/support/kiosk-fixture.ts';
import { checkJournal, type Tail } from './check-journal.ts';
import { openJournal, sqliteStore } from './sqlite-store.ts';
import { checkInThread, tailsOf } from './start-check-thread.ts';

const crypto = { ...nodeHashing, ...nodeVerifying };
const SALES = 8;
let dir: string;
let sound: string;
let tails: Tail[];

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'tally-check-'));
  sound = join(dir, 'sound.sqlite');
  const db = openJournal(sound);
  const kiosk = kioskFixture({ store: sqliteStore(db) }).stocked(100);
  for (let n = 0; n < SALES; n++) expect(kiosk.sell(1, { sku: 'salt', pts: 3 }).ok).toBe(true);
  tails = tailsOf(kiosk.store);
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A copy whose rows were changed by somebody who does not care for triggers. */
function spoilt(change: (db: Database.Database) => void): string {
  const path = join(dir, `${Math.random()}.sqlite`);
  copyFileSync(sound, path);
  const db = new Database(path);
  db.exec('DROP TRIGGER records_no_update; DROP TRIGGER records_no_delete;');
  change(db);
  db.close();
  return path;
}
const check = (path: string, which = tails) => checkJournal(path, which, crypto);

describe('a journal at the start', () => {
  it('is sound, also in a thread of its own', async () => {
    expect(tails).toMatchObject([{ ep: 1, after: 0 }]);
    expect(check(sound)).toBeNull();
    const built = new URL('../../dist/terminal/journal/check-worker.js', import.meta.url);
    expect(await checkInThread({ path: sound, tails }, built)).toBeNull();
    const torn = spoilt((db) => db.exec(`UPDATE records SET hash = 'x' WHERE seq = 3`));
    expect(await checkInThread({ path: torn, tails }, built)).toEqual({ code: 'hash', ep: 1, seq: 3 });
  });

  it('is taken up where the hub is, and what the hub has is not read again', () => {
    const behind = spoilt((db) => db.exec(`UPDATE records SET hash = 'x' WHERE seq = 3`));
    const [tail] = tails as [Tail];
    expect(check(behind, [{ ...tail, after: 4 }])).toBeNull();
    expect(check(behind, [{ ...tail, after: 3 }])).toEqual({ code: 'hash', ep: 1, seq: 3 });
    expect(check(behind, [{ ...tail, after: 99 }])).toEqual({ code: 'missing', ep: 1, seq: 99 });
  });

  it.each([
    ['other bytes', `UPDATE records SET jws = jws || 'A' WHERE seq = 5`, 'hash', 5],
    ['a hole', 'DELETE FROM print_jobs; DELETE FROM records WHERE seq = 5', 'link', 6],
    [
      'two in the wrong order',
      `DELETE FROM print_jobs; UPDATE records SET seq = 100 WHERE seq = 5;
      UPDATE records SET seq = 5 WHERE seq = 6; UPDATE records SET seq = 6 WHERE seq = 100`,
      'link',
      5,
    ],
  ])('%s', (_what, sql, code, seq) => {
    expect(check(spoilt((db) => db.exec(sql)))).toEqual({ code, ep: 1, seq });
  });

  it('is signed by another key at its end', () => {
    const [tail] = tails as [Tail];
    expect(check(sound, [{ ...tail, tid: 'k2' }])).toEqual({ code: 'signature', ep: 1, seq: SALES + 1 });
  });

  it('is a file that was written over, or none of ours', () => {
    const path = join(dir, 'over.sqlite');
    copyFileSync(sound, path);
    const file = openSync(path, 'r+');
    const pages = Math.floor(readFileSync(path).length / 4_096);
    for (let page = 2; page < pages; page++) writeSync(file, Buffer.alloc(512, 0xa5), 0, 512, page * 4_096);
    expect(check(path)?.code).toBe('file');
    writeFileSync(path, 'no database at all, but long enough to be looked at as one'.repeat(100));
    expect(check(path)?.code).toBe('file');
  });
});
