import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { openDurable } from '../../../protocol/node/durable-sqlite.ts';

const dir = mkdtempSync(join(tmpdir(), 'tally-migrations-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const migrations = new URL('../migrations/sqlite/', import.meta.url);

it('002: a store from before learns where its chains were forked', () => {
  copyFileSync(new URL('001-hub.sql', migrations), join(dir, '001-hub.sql'));
  const path = join(dir, 'old.sqlite');
  const old = openDurable({ path, migrations: pathToFileURL(`${dir}/`) });
  old.exec(`
    INSERT INTO counties (county_id, name, name_en, time_zone, inc, policy_json, policy_version) VALUES ('c', 'x', 'x', 'UTC', 'i', '{}', 1);
    INSERT INTO villages VALUES ('c', 'v', 'x', 'x', 1, x'00');
    INSERT INTO shops VALUES ('c', 's', 'v', 'x', 'x', '');`);
  for (const tid of ['forked', 'sound']) {
    old.exec(`
      INSERT INTO terminals (county_id, tid, shop) VALUES ('c', '${tid}', 's');
      INSERT INTO epochs (county_id, tid, ep, shop, state, code_hash, code_expires_at, issued_by, pepper_sealed)
        VALUES ('c', '${tid}', 1, 's', 'open', CAST('${tid}' AS BLOB), 1, 'ada', x'00');`);
  }
  const record = old.prepare(
    `INSERT INTO records (county_id, tid, ep, seq, hash, jws, received_at) VALUES ('c', ?, 1, ?, ?, 'j', 1)`,
  );
  for (const [n, seq] of [1, 2, 3, 3, 2, null, null].entries()) record.run('forked', seq, `h${n}`);
  for (const [n, seq] of [1, 2, null, null].entries()) record.run('sound', seq, `h${n}`);
  old.close();
  const now = openDurable({ path, migrations });
  expect(now.prepare('SELECT tid, forked_seq FROM epochs ORDER BY tid').all()).toEqual([
    { tid: 'forked', forked_seq: 2 },
    { tid: 'sound', forked_seq: null },
  ]);
  now.close();
});

it('003: an older store keeps its records, points and prices, and learns the rest', () => {
  for (const name of ['001-hub.sql', '002-forks.sql']) copyFileSync(new URL(name, migrations), join(dir, name));
  const path = join(dir, 'second.sqlite');
  const old = openDurable({ path, migrations: pathToFileURL(`${dir}/`) });
  old.exec(`
    INSERT INTO counties (county_id, name, name_en, time_zone, inc, policy_json, policy_version) VALUES ('c', 'x', 'x', 'UTC', 'i', '{}', 1);
    INSERT INTO villages VALUES ('c', 'v', 'x', 'x', 1, x'00');
    INSERT INTO shops VALUES ('c', 's', 'v', 'x', 'x', '');
    INSERT INTO items VALUES ('c', 'rice', 1, 45, 'x', 7, 0);
    INSERT INTO residents VALUES ('c', 'a', 'v', 'x', 'x', 1);
    INSERT INTO credits VALUES ('c', 'e1', 'a', 'sweep', 10, 5, 'import', NULL);
    INSERT INTO transfers (county_id, id, at, debit, credit, amount, kind, ref) VALUES ('c', 't1', 1, 'programme', 'pending:a', 10, 'earn', 'e1');
    INSERT INTO terminals (county_id, tid, shop) VALUES ('c', 'k1', 's');
    INSERT INTO epochs (county_id, tid, ep, shop, state, code_hash, code_expires_at, issued_by, pepper_sealed, stored_seq, judged_seq)
      VALUES ('c', 'k1', 1, 's', 'open', x'01', 1, 'ada', x'00', 1, 1);
    INSERT INTO records (county_id, tid, ep, seq, hash, jws, received_at) VALUES ('c', 'k1', 1, 1, 'h', 'j', 1);
    INSERT INTO judgements (county_id, tid, ep, seq, hash, stage, judged_at, type, at) VALUES ('c', 'k1', 1, 1, 'h', 'matched', 1, 'open', 86400000);`);
  old.close();
  const now = openDurable({ path, migrations });
  const row = (sql: string) => now.prepare(sql).get();
  expect(row('SELECT village, top_seq, reported_inc FROM epochs')).toEqual({
    village: 'v',
    top_seq: 1,
    reported_inc: 'i',
  });
  expect(row('SELECT hash, prev FROM records')).toEqual({ hash: 'h', prev: null });
  expect(row('SELECT day, flags, undone_by FROM judgements')).toEqual({
    day: '1970-01-02',
    flags: '[]',
    undone_by: null,
  });
  expect(row('SELECT pts, reimburse_fen FROM items')).toEqual({ pts: 45, reimburse_fen: 7 });
  expect(row('SELECT state, reason FROM credits')).toEqual({ state: 'posted', reason: 'sweep' });
  expect(row('SELECT pts, expires_at FROM lots')).toEqual({ pts: 10, expires_at: null });
  expect(row("SELECT amount FROM balances WHERE account = 'pending:a'")).toEqual({ amount: 10 });
  expect(row('SELECT acct FROM dues')).toEqual({ acct: 'a' });
  expect(() => now.exec('DELETE FROM items')).toThrow(/stays/);
  now.close();
});
