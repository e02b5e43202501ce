import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENGINES, type EngineServer, openNew } from '../../../test/support/sql-engines.ts';
import type { Engine } from '../engine/open.ts';
import type { TableShape } from '../engine/port.ts';

/** What the hub's schema refuses on either engine, whatever the code above it believes. */

const TRANSFERS = {
  name: 'transfers',
  key: ['id'],
  columns: {
    ...{ id: 'text', at: 'int', debit: 'text', credit: 'text', amount: 'int', kind: 'text', ref: 'text', act: 'text?' },
  },
} as const satisfies TableShape;
const transfer = (
  id: string,
  debit: string,
  credit: string,
  amount: number,
  kind = 'earn',
  act: string | null = null,
) => ({
  ...{ id, at: 1, debit, credit, amount, kind, ref: 'r', act },
});
const BEGINNING = [
  `INSERT INTO counties (county_id, name, name_en, time_zone, inc, policy_json, policy_version) VALUES ('c', 'x', 'x', 'UTC', 'i', '{}', 1)`,
  `INSERT INTO villages VALUES ('c', 'v', 'x', 'x', 1, :blob)`,
  `INSERT INTO shops VALUES ('c', 's', 'v', 'x', 'x', '')`,
  `INSERT INTO terminals (county_id, tid, shop) VALUES ('c', 'k1', 's')`,
  `INSERT INTO epochs (county_id, tid, ep, shop, village, state, code_hash, code_expires_at, issued_by, pepper_sealed, day)
     VALUES ('c', 'k1', 1, 's', 'v', 'awaiting-confirmation', :blob, 1, 'ada', :blob, '{}')`,
  `INSERT INTO records (county_id, tid, ep, seq, hash, jws, received_at) VALUES ('c', 'k1', 1, 1, 'h', 'j', 1)`,
  `INSERT INTO allowances (county_id, tid, ep, acct, g, s) VALUES ('c', 'k1', 1, 'a', 10, 5)`,
  `INSERT INTO items VALUES ('c', 'rice', 1, 45, 'x', 0, 0)`,
  `INSERT INTO residents (county_id, acct, village, name, initials, roster_version) VALUES ('c', 'a', 'v', 'x', 'x', 1)`,
  `INSERT INTO proposals VALUES ('c', 'p1', 'refund', 's', '{}', 'ada', 1, NULL, NULL, 'proposed')`,
  `INSERT INTO proposals VALUES ('c', 'p2', 'refund', 's', '{}', 'ada', 1, 'ben', 2, 'approved')`,
  `INSERT INTO audit (county_id, at, "user", act, subject, detail_json) VALUES ('c', 1, 'u', 'a', 's', '{}')`,
];

const credit = (approvedBy: string, state: string) =>
  `INSERT INTO credits (county_id, credit, acct, activity, reason, pts, at, made_by, approved_by, state)
     VALUES ('c', 'x', 'a', 'x', 'x', 1, 1, 'ada', ${approvedBy}, '${state}')`;

describe.each(ENGINES)('$name', ({ skip, start, name }) => {
  describe.skipIf(skip)('the schema', () => {
    let server: EngineServer;
    let engine: Engine;
    // One for all: what is refused changes nothing, and the one test that changes something comes last.
    beforeAll(async () => {
      server = await start();
      engine = await openNew(server);
      await engine.write(async (sql) => {
        for (const text of BEGINNING) await sql.run(text, { blob: Buffer.from([1]) });
      });
      await post(transfer('1', 'programme', 'account:a', 10));
    }, 90_000);
    afterAll(async () => {
      await engine.close();
      await server.stop();
    }, 60_000);
    const post = (...transfers: ReturnType<typeof transfer>[]) =>
      engine.write((sql) => sql.insertMany(TRANSFERS, transfers, 'refuse'));
    const run = (text: string) => engine.write((sql) => sql.run(text));
    const balances = () =>
      engine.read((sql) =>
        sql.all<{ account: string; amount: number }>('SELECT account, amount FROM balances ORDER BY account'),
      );

    it.each([
      ['an overdrawn account', () => post(transfer('2', 'account:a', 'shop:s', 11)), 'check'],
      ['an overdrawn allowance', () => post(transfer('2', 'allowance:a:k1:1', 'shop:s', 1)), 'check'],
      ['an overdrawn suspense', () => post(transfer('2', 'suspense:k1:1:1', 'shop:s', 1)), 'check'],
      ['an overdrawn pending', () => post(transfer('2', 'pending:a', 'account:a', 1)), 'check'],
      [
        'two sales that only together overdraw',
        () => post(transfer('2', 'account:a', 'shop:s', 6), transfer('3', 'account:a', 'shop:s', 5)),
        'check',
      ],
      ['a second transfer with one id', () => post(transfer('1', 'programme', 'account:a', 10)), 'unique'],
      ['a transfer of nothing', () => post(transfer('2', 'programme', 'account:a', 0)), 'check'],
      ['a transfer to itself', () => post(transfer('2', 'account:a', 'account:a', 1)), 'check'],
      ['a changed transfer', () => run(`UPDATE transfers SET amount = 9`), 'refused'],
      ['a deleted transfer', () => run(`DELETE FROM transfers`), 'refused'],
      ['a changed record', () => run(`UPDATE records SET jws = 'other'`), 'refused'],
      ['a deleted record', () => run(`DELETE FROM records`), 'refused'],
      [
        'a record stored twice',
        () =>
          run(
            `INSERT INTO records (county_id, tid, ep, seq, hash, jws, received_at) VALUES ('c', 'k1', 1, 1, 'h', 'j', 1)`,
          ),
        'unique',
      ],
      [
        'a record of no terminal',
        () =>
          run(
            `INSERT INTO records (county_id, tid, ep, seq, hash, jws, received_at) VALUES ('c', 'k2', 1, 1, 'h', 'j', 1)`,
          ),
        'foreign-key',
      ],
      ['a changed audit line', () => run(`UPDATE audit SET "user" = 'other'`), 'refused'],
      ['a deleted audit line', () => run(`DELETE FROM audit`), 'refused'],
      ['a changed price of a published revision', () => run(`UPDATE items SET pts = 1`), 'refused'],
      ['a published revision withdrawn', () => run(`DELETE FROM items`), 'refused'],
      ['a grant taken back', () => run(`UPDATE allowances SET g = 9`), 'refused'],
      ['a spending unsaid', () => run(`UPDATE allowances SET s = 4`), 'refused'],
      ['an allowance forgotten', () => run(`DELETE FROM allowances`), 'refused'],
      [
        'an allowance made smaller by inserting it again',
        () =>
          run(
            `INSERT INTO allowances (county_id, tid, ep, acct, g) VALUES ('c', 'k1', 1, 'a', 1) ON CONFLICT (county_id, tid, ep, acct) DO UPDATE SET g = excluded.g`,
          ),
        'refused',
      ],
      ['an enrolment confirmed by who issued its code', () => run(`UPDATE epochs SET confirmed_by = 'ada'`), 'check'],
      ['judging past what is stored', () => run(`UPDATE epochs SET judged_seq = 1`), 'check'],
      [
        'a card of two owners',
        () =>
          run(
            `INSERT INTO cards (county_id, card, kind, uid_index, uid_sealed, last4, acct, clerk, state) SELECT 'c', 1, 'x', code_hash, code_hash, '1', 'a', 'a', 'good' FROM epochs`,
          ),
        'check',
      ],
      ['a credit approved by who made it', () => run(credit(`'ada'`, 'posted')), 'check'],
      ['a credit posted without an approval', () => run(credit('NULL', 'posted')), 'check'],
      ['a refund that nobody proposed', () => post(transfer('9', 'shop:s', 'account:a', 1, 'refund')), /check|refused/],
      [
        'a refund by a proposal that stands open',
        () => post(transfer('9', 'shop:s', 'account:a', 1, 'refund', 'p1')),
        'refused',
      ],
      ['a kind of transfer nobody knows', () => post(transfer('9', 'x', 'y', 1, 'penalty')), /check|refused/],
      ['two kinds in one word', () => post(transfer('9', 'x', 'y', 1, 'earn,post')), /check|refused/],
      ['no kind at all', () => post(transfer('9', 'x', 'y', 1, '')), /check|refused/],
      [
        'a proposal approved by its maker',
        () => run(`UPDATE proposals SET checker = 'ada', state = 'approved' WHERE act = 'p1'`),
        'check',
      ],
      ['a decided proposal changed', () => run(`UPDATE proposals SET checker = 'eve' WHERE act = 'p2'`), 'refused'],
      ['a proposal deleted', () => run('DELETE FROM proposals'), 'refused'],
      [
        'points held below nothing',
        () => run(`INSERT INTO holds VALUES ('c', 'k1', 1, 1, 'a', -1, 0, 0, 'record', 'held')`),
        'check',
      ],
    ] as const)('refuses %s', async (_name, act, code) => {
      await expect(act()).rejects.toMatchObject({
        name: 'StoreRefused',
        code: typeof code === 'string' ? code : expect.stringMatching(code),
      });
      expect(await balances()).toEqual([
        { account: 'account:a', amount: 10 },
        { account: 'programme', amount: -10 },
      ]);
    });

    const emptied = name === 'PostgreSQL' ? ['records', 'transfers', 'audit', 'items', 'allowances'] : [];
    for (const table of emptied) {
      it(`refuses to empty ${table} by TRUNCATE, which no trigger on DELETE sees`, async () => {
        await expect(run(`TRUNCATE ${table}`)).rejects.toMatchObject({ code: 'refused' });
      });
    }

    it('has the same tables, columns and types on both', async () => {
      const columns = await engine.read((sql) => sql.all<{ t: string; c: string; type: string }>(COLUMNS[sql.dialect]));
      const names = columns.map(({ t, c, type }) => `${t}.${c} ${TYPES[type] ?? type}`).sort();
      expect(names.length).toBeGreaterThan(100);
      columnsOfFirst ??= names;
      expect(names).toEqual(columnsOfFirst);
    });

    it('moves balances, one by one and many at once', async () => {
      await post(transfer('2', 'account:a', 'allowance:a:k1:1', 10));
      await post(
        transfer('3', 'allowance:a:k1:1', 'shop:s', 4),
        transfer('4', 'allowance:a:k1:1', 'shop:s', 3),
        transfer('5', 'shop:s', 'allowance:a:k1:1', 3),
        transfer('6', 'loss', 'shop:s', 1),
      );
      await run(`UPDATE epochs SET confirmed_by = 'ben'`);
      await run(credit(`'ben'`, 'posted'));
      const ignored = await engine.write((sql) =>
        sql.insertMany(TRANSFERS, [transfer('6', 'loss', 'shop:s', 1)], 'ignore'),
      );
      expect(ignored).toBe(0);
      expect(await balances()).toEqual([
        { account: 'account:a', amount: 0 },
        { account: 'allowance:a:k1:1', amount: 6 },
        { account: 'loss', amount: -1 },
        { account: 'programme', amount: -10 },
        { account: 'shop:s', amount: 5 },
      ]);
    });
  });
});

let columnsOfFirst: string[] | null = null;
const TYPES: Readonly<Record<string, string>> = { bigint: 'INTEGER', text: 'TEXT', bytea: 'BLOB' };
const COLUMNS = {
  sqlite: `SELECT m.name AS t, c.name AS c, c.type AS type FROM sqlite_schema m, pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`,
  postgres: `SELECT table_name AS t, column_name AS c, data_type AS type FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> 'schema_version'`,
};
