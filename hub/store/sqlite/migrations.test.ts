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
