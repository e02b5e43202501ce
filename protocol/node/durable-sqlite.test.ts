import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenOptions, openDurable } from './durable-sqlite.ts';
import { StoreRefusal } from './store-refusal.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tally-durable-'));
  migration('001-first.sql', "CREATE TABLE one (x TEXT) STRICT; INSERT INTO one VALUES ('kept');");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const migration = (name: string, sql: string) => writeFileSync(join(dir, name), sql);
function open(more: Partial<OpenOptions> = {}) {
  return openDurable({ path: join(dir, 'x.sqlite'), migrations: pathToFileURL(`${dir}/`), ...more });
}

describe('a durable store', () => {
  it('reads FULL on its connection, and has foreign keys on', () => {
    const db = open();
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
    db.close();
  });

  it.each(['NORMAL', 'OFF', 'EXTRA'])('does not open with synchronous %s', (mode) => {
    const lowered = () => open({ pragma: (db) => db.pragma(`synchronous = ${mode}`) });
    expect(lowered).toThrow(StoreRefusal);
    expect(lowered).toThrow(/not 2 \(FULL\)/);
  });

  it('does not open a newer schema, and leaves it as it is', () => {
    open().close();
    const newer = open();
    newer.pragma('user_version = 7');
    newer.close();
    expect(() => open()).toThrow(/has schema 7, this program knows 1/);
  });

  it('applies each migration once, in order, and a failing one not at all', () => {
    open().close();
    migration('003-third.sql', "INSERT INTO two VALUES ('third');");
    migration('002-second.sql', 'CREATE TABLE two (y TEXT) STRICT;');
    const db = open();
    expect(db.pragma('user_version', { simple: true })).toBe(3);
    expect(db.prepare('SELECT (SELECT count(*) FROM one) + (SELECT count(*) FROM two)').pluck().get()).toBe(2);
    db.close();
    migration('004-broken.sql', "INSERT INTO one VALUES ('half'); SELECT nonsense;");
    expect(() => open()).toThrow(/nonsense/);
    rmSync(join(dir, '004-broken.sql'));
    const again = open();
    expect(again.prepare('SELECT count(*) FROM one').pluck().get()).toBe(1);
    again.close();
  });

  it('REPLACE does not slip past a trigger that refuses deletes', () => {
    migration(
      '002-kept.sql',
      `CREATE TABLE kept (id INTEGER PRIMARY KEY, x TEXT) STRICT;
       CREATE TRIGGER kept_no_delete BEFORE DELETE ON kept BEGIN SELECT RAISE(ABORT, 'it stays'); END;`,
    );
    const db = open();
    db.exec("INSERT INTO kept VALUES (1, 'a')");
    expect(() => db.exec("INSERT OR REPLACE INTO kept VALUES (1, 'b')")).toThrow(/it stays/);
    db.close();
  });

  it('does not open where what refuses is gone; what a later migration dropped is not missed', () => {
    const refusing = (name: string, table: string) =>
      `CREATE TRIGGER ${name} BEFORE DELETE ON ${table}\nBEGIN SELECT RAISE(ABORT, 'it stays'); END;`;
    migration('002-kept.sql', `CREATE TABLE kept (x TEXT) STRICT;\n${refusing('kept_no_delete', 'kept')}`);
    migration('003-old.sql', `CREATE TABLE old (x TEXT) STRICT;\n${refusing('old_no_delete', 'old')}`);
    migration('004-other.sql', `${refusing('one_no_delete', 'one')}\nDROP TRIGGER one_no_delete;\nDROP TABLE old;`);
    const db = open();
    db.exec('DROP TRIGGER kept_no_delete');
    db.close();
    expect(() => open()).toThrow(StoreRefusal);
    expect(() => open()).toThrow(/lacks what refuses a forbidden change: kept_no_delete\./);
  });

  it('reads only where it may only read', () => {
    open().close();
    const db = open({ readonly: true });
    expect(() => db.exec("INSERT INTO one VALUES ('x')")).toThrow(/readonly/);
    db.close();
    expect(() => open({ readonly: true, path: join(dir, 'nowhere.sqlite') })).toThrow();
  });
});
