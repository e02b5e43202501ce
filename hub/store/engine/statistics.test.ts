import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { TableShape } from './port.ts';
import { openSqlite } from './sqlite.ts';

const dir = mkdtempSync(join(tmpdir(), 'tally-statistics-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const BALANCES = {
  ...{ name: 'balances', key: ['account'], columns: { account: 'text', amount: 'int' } },
} as const satisfies TableShape;
const known = `SELECT stat FROM sqlite_stat1 WHERE tbl = 'balances'`;

it('knows of a table that grew, from the next start on: without it SQLite reads a whole county for one account', async () => {
  const path = join(dir, 'hub.sqlite');
  const grown = openSqlite({ path, county: 'c' });
  const rows = Array.from({ length: 3_000 }, (_, n) => ({ account: `shop:s${n}`, amount: n }));
  await grown.write((sql) => sql.insertMany(BALANCES, rows, 'refuse'));
  expect(await grown.read((sql) => sql.all(known).catch(() => []))).toEqual([]);
  await grown.close();
  const again = openSqlite({ path, county: 'c' });
  const [row] = await again.read((sql) => sql.all<{ stat: string }>(known));
  // Rows in all, rows of one county, rows of one account.
  expect(row?.stat.split(' ').map(Number)).toEqual([3_000, expect.any(Number), 1]);
  await again.close();
});
