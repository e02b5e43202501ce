import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openDurable, StoreRefusal } from '../../../protocol/node/durable-sqlite.ts';

/** What the schema refuses, whatever the code above it believes. */

const dir = mkdtempSync(join(tmpdir(), 'tally-schema-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const migrations = new URL('../migrations/sqlite/', import.meta.url);
let n = 0;
let db: Database.Database;

beforeEach(() => {
  db = openDurable({ path: join(dir, `${++n}.sqlite`), migrations });
  db.exec(`
    INSERT INTO counties (county_id, name, name_en, time_zone, inc, policy_json, policy_version) VALUES ('c', 'x', 'x', 'UTC', 'i', '{}', 1);
    INSERT INTO villages VALUES ('c', 'v', 'x', 'x', 1, x'00');
    INSERT INTO shops VALUES ('c', 's', 'v', 'x', 'x', '');
    INSERT INTO terminals (county_id, tid, shop) VALUES ('c', 'k1', 's');
    INSERT INTO epochs (county_id, tid, ep, shop, state, code_hash, code_expires_at, issued_by, pepper_sealed)
      VALUES ('c', 'k1', 1, 's', 'awaiting-confirmation', x'01', 1, 'ada', x'00');
    INSERT INTO records (county_id, tid, ep, seq, hash, jws, received_at) VALUES ('c', 'k1', 1, 1, 'h', 'j', 1);
    INSERT INTO allowances (county_id, tid, ep, acct, g, s) VALUES ('c', 'k1', 1, 'a', 10, 5);
    INSERT INTO items VALUES ('c', 'rice', 1, 45, 'x', 0, 0);
    INSERT INTO audit (county_id, at, user, act, subject, detail_json) VALUES ('c', 1, 'u', 'a', 's', '{}');`);
  move('1', 'programme', 'account:a', 10);
});
const move = (id: string, debit: string, credit: string, amount: number) =>
  db
    .prepare(
      `INSERT INTO transfers (county_id, id, at, debit, credit, amount, kind, ref) VALUES ('c', ?, 1, ?, ?, ?, 'x', 'r')`,
    )
    .run(id, debit, credit, amount);

describe('the schema refuses', () => {
  it.each([
    ['an overdrawn account', () => move('2', 'account:a', 'shop:s', 11), /CHECK/],
    ['an overdrawn allowance', () => move('2', 'allowance:a:k1:1', 'shop:s', 1), /CHECK/],
    ['an overdrawn suspense', () => move('2', 'suspense:k1:1:1', 'shop:s', 1), /CHECK/],
    ['an overdrawn pending', () => move('2', 'pending:a', 'account:a', 1), /CHECK/],
    ['a second transfer with one id', () => move('1', 'programme', 'account:a', 10), /UNIQUE/],
    ['a transfer of nothing', () => move('2', 'programme', 'account:a', 0), /CHECK/],
    ['a transfer to itself', () => move('2', 'account:a', 'account:a', 1), /CHECK/],
    ['a changed transfer', () => db.exec(`UPDATE transfers SET amount = 9`), /never changes/],
    ['a deleted transfer', () => db.exec(`DELETE FROM transfers`), /stays/],
    ['a changed record', () => db.exec(`UPDATE records SET jws = 'other'`), /never changes/],
    ['a deleted record', () => db.exec(`DELETE FROM records`), /stays/],
    ['a changed audit line', () => db.exec(`UPDATE audit SET user = 'other'`), /never changes/],
    ['a deleted audit line', () => db.exec(`DELETE FROM audit`), /stays/],
    ['a changed price of a published revision', () => db.exec(`UPDATE items SET pts = 1`), /never changes/],
    ['a grant taken back', () => db.exec(`UPDATE allowances SET g = 9`), /never fall/],
    ['a spending unsaid', () => db.exec(`UPDATE allowances SET s = 4`), /never fall/],
    ['an allowance forgotten', () => db.exec(`DELETE FROM allowances`), /never fall/],
    [
      'an allowance begun anew',
      () => db.exec(`REPLACE INTO allowances (county_id, tid, ep, acct, g) VALUES ('c', 'k1', 1, 'a', 1)`),
      /never fall/,
    ],
    [
      'a record put in the place of another',
      () =>
        db.exec(
          `REPLACE INTO records (arrival, county_id, tid, ep, seq, hash, jws, received_at) VALUES (1, 'c', 'k1', 1, 1, 'h', 'other', 1)`,
        ),
      /stays/,
    ],
    [
      'a transfer put in the place of another',
      () =>
        db.exec(
          `REPLACE INTO transfers (county_id, id, at, debit, credit, amount, kind, ref) VALUES ('c', '1', 1, 'programme', 'account:b', 9, 'x', 'r')`,
        ),
      /stays/,
    ],
    ['an enrolment confirmed by who issued its code', () => db.exec(`UPDATE epochs SET confirmed_by = 'ada'`), /CHECK/],
    ['judging past what is stored', () => db.exec(`UPDATE epochs SET judged_seq = 1`), /CHECK/],
  ] as const)('%s', (_name, act, says) => {
    expect(act).toThrow(says);
    expect(db.prepare(`SELECT sum(amount) AS sum FROM balances`).get()).toEqual({ sum: 0 });
  });

  it('nothing that is right', () => {
    move('2', 'account:a', 'allowance:a:k1:1', 10);
    move('3', 'allowance:a:k1:1', 'shop:s', 4);
    db.exec(`UPDATE epochs SET confirmed_by = 'ben'`);
    expect(db.prepare(`SELECT amount FROM balances WHERE account = 'allowance:a:k1:1'`).get()).toEqual({ amount: 6 });
  });
});

describe('a store', () => {
  it('reads synchronous back, and does not start below FULL', () => {
    const path = join(dir, 'lowered.sqlite');
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    expect(() => openDurable({ path, migrations, pragma: (opened) => opened.pragma('synchronous = NORMAL') })).toThrow(
      StoreRefusal,
    );
  });

  it('does not start on a newer schema, and says what to do', () => {
    const path = join(dir, 'newer.sqlite');
    const newer = new Database(path);
    newer.pragma('user_version = 99');
    newer.close();
    expect(() => openDurable({ path, migrations })).toThrow(/has schema 99/);
  });
});
