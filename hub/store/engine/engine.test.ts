import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ENGINES } from '../../../test/support/sql-engines.ts';
import { THINGS, thing, thingMigrations, thingsOn } from '../../../test/support/things.ts';
import { accountKind, contains, least } from './dialect.ts';
import type { Engine, Sql } from './port.ts';

/** What both engines promise alike; the stores above rely on nothing else. */

const { migrations, add: migration, remove } = thingMigrations();
afterAll(remove);
const count = async (sql: Sql) => (await sql.get<{ n: number }>('SELECT count(*) AS n FROM things'))?.n;

describe.each(ENGINES)('$name', ({ skip, start }) => {
  describe.skipIf(skip)('keeps the contract', () => {
    let engine: Engine;
    const things = thingsOn(start, migrations);
    const { another, put } = things;
    beforeEach(() => {
      engine = things.engine();
    });

    it('commits together what waited together, and answers each with its own', async () => {
      const order: number[] = [];
      const works = Array.from({ length: 40 }, (_, n) =>
        engine.write(async (sql) => {
          order.push(n);
          await sql.insertMany(THINGS, [thing(`t${n}`)], 'refuse');
          return n;
        }),
      );
      expect(await Promise.all(works)).toEqual(Array.from({ length: 40 }, (_, n) => n));
      expect(order).toEqual(Array.from({ length: 40 }, (_, n) => n));
      expect(await engine.read(count)).toBe(40);
    });

    it('keeps what waited beside a work that fails, and fails that one alone', async () => {
      const works = [1, 2, -13, 4].map((n) => put(thing(`n${n}`, n)));
      const [one, two, bad, four] = await Promise.allSettled(works);
      expect([one?.status, two?.status, bad?.status, four?.status]).toEqual([
        ...['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
      ]);
      expect(bad).toMatchObject({ reason: { code: 'check' } });
      expect(await engine.read(count)).toBe(3);
    });

    it.each([
      ['numbers', 'n', [0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, null]],
      ['text', 't', ['', 'a', '张芳', '𠮷', `'";\\{},NULL`, 'NULL', ' \n\t', '{"a":1}', null]],
      ['bytes', 'bytes', [Buffer.alloc(0), Buffer.from([0, 255, 92, 34, 39]), Buffer.alloc(300, 7), null]],
    ] as const)('gives %s back as they were, one by one and many at once', async (_name, column, values) => {
      const rows = values.map((value, b) => ({ ...thing('x'), b, [column]: value }));
      await engine.write((sql) => sql.insertMany(THINGS, rows.slice(1), 'refuse'));
      await engine.write((sql) =>
        sql.run(`INSERT INTO things (county_id, a, b, ${column}) VALUES (:county, 'x', 0, :v)`, {
          v: values[0] ?? null,
        }),
      );
      const found = await engine.read((sql) =>
        sql.all<Record<string, unknown>>(`SELECT ${column} AS v FROM things ORDER BY b`),
      );
      expect(found).toEqual(values.map((v) => ({ v })));
      const many = await engine.read((sql) =>
        sql.getMany(
          THINGS,
          rows.map((row) => ['x', row.b]),
        ),
      );
      expect(many.map((row) => row?.[column])).toEqual(values);
    });

    it('speaks one language: joined numbers, truth, sums, order, quoted names', async () => {
      await put(thing('B', 1), thing('a', 2), thing('Ä', 3), thing('张', 4));
      const [row] = await engine.read((sql) =>
        sql.all(
          `SELECT 'x' || :n AS joined, :n + 1 AS next, sum(n) AS sum, count(*) AS many, EXISTS (SELECT 1 FROM things) AS there,
             coalesce(:nothing, 7) AS fallback, CAST(:nothing AS TEXT) IS NULL AS empty, ':n' AS "quotedName", CAST('12' AS BIGINT) AS cast_
           FROM things -- :not a name, and no user
           WHERE county_id = :county AND (:q = '' OR a = :q)`,
          { n: 5_000_000_000, nothing: null, q: '' },
        ),
      );
      expect(row).toEqual({
        ...{ joined: 'x5000000000', next: 5_000_000_001, sum: 10, many: 4, there: 1, fallback: 7, empty: 1 },
        ...{ quotedName: ':n', cast_: 12 },
      });
      const order = await engine.read((sql) =>
        sql.all<{ a: string }>('SELECT a FROM things ORDER BY a LIMIT :l', { l: 9 }),
      );
      expect(order.map(({ a }) => a)).toEqual(['B', 'a', 'Ä', '张']);
    });

    it('has helpers where there is no common word', async () => {
      const { dialect } = engine;
      const select = `SELECT ${least(dialect, ':a', ':b')} AS least, ${accountKind(dialect, ':account')} AS kind,
        ${contains(dialect, ':account', ':part')} AS has, ${contains(dialect, ':account', ':other')} AS not_`;
      const params = { a: 3, b: 2, account: 'allowance:x:k1:1', part: 'k1', other: 'K1' };
      expect(await engine.read((sql) => sql.get(select, params))).toEqual({
        ...{ least: 2, kind: 'allowance', has: 1, not_: 0 },
      });
      expect(await engine.read((sql) => sql.get(select, { ...params, account: 'loss' }))).toMatchObject({
        kind: 'loss',
      });
    });

    it.each([
      ['a missing value', 'SELECT :x AS x', {}, /no value for :x/],
      ['a fraction', 'SELECT :x AS x', { x: 0.5 }, /not a safe integer/],
      ['an unsafe integer', 'SELECT :x AS x', { x: 2 ** 53 }, /not a safe integer/],
      ['the bare word user', 'SELECT user FROM things', {}, /"user" in quotes/],
      ['an alias that would be folded', 'SELECT n AS freePts FROM things', {}, /alias in quotes/],
      ['a parameter without a name', 'SELECT ? AS x', {}, /name the parameter/],
    ])('refuses %s', async (_name, text, params: Record<string, number>, says) => {
      await expect(engine.read((sql) => sql.all(text, params))).rejects.toThrow(says);
    });

    it('rolls back what failed, and what only looked as if it had not', async () => {
      const mine = new Error('mine');
      const failing = engine.write(async (sql) => {
        await sql.insertMany(THINGS, [thing('a')], 'refuse');
        throw mine;
      });
      await expect(failing).rejects.toBe(mine);
      const swallowing = engine.write(async (sql) => {
        await sql.insertMany(THINGS, [thing('a')], 'refuse');
        await sql.insertMany(THINGS, [thing('b', -13)], 'refuse').catch(() => undefined);
        return 'fine';
      });
      await expect(swallowing).rejects.toMatchObject({ code: 'check' });
      const unheeded = engine.write(async (sql) => {
        await sql.insertMany(THINGS, [thing('a')], 'refuse');
        sql.insertMany(THINGS, [thing('b', -13)], 'refuse').catch(() => undefined);
      });
      await expect(unheeded).rejects.toMatchObject({ code: 'check' });
      expect(await engine.read(count)).toBe(0);
      await put(thing('a'));
      expect(await engine.read(count)).toBe(1);
    });

    it('names what the schema refused', async () => {
      await put(thing('a', 1, 't'));
      const twice = engine.write((sql) => sql.run(`INSERT INTO things (county_id, a, b) VALUES (:county, 'a', 1)`));
      await expect(twice).rejects.toMatchObject({ name: 'StoreRefused', code: 'unique' });
      await expect(put(thing('b', -13))).rejects.toMatchObject({ code: 'check' });
      const missing = engine.write((sql) => sql.run('INSERT INTO things (county_id, b) VALUES (:county, 1)'));
      await expect(missing).rejects.toMatchObject({ code: 'check' });
      const wrong = engine.write((sql) => sql.run('INSERT INTO nowhere VALUES (1)'));
      await expect(wrong).rejects.toThrow(/nowhere/);
    });

    it('sees one state in a read, whatever is written meanwhile', async () => {
      await put(thing('a'));
      const seen = await engine.read(async (sql) => {
        const before = await count(sql);
        await put2();
        return [before, await count(sql)];
      });
      expect(seen).toEqual([1, 1]);
      expect(await engine.read(count)).toBe(2);
      // Another engine: within a read of this one a transaction of this one is refused.
      async function put2() {
        const other = await another('c');
        await other.write((sql) => sql.insertMany(THINGS, [thing('b')], 'refuse'));
      }
    });

    it('refuses to write in a read, a transaction in a transaction, and an Sql kept for later', async () => {
      await expect(engine.read((sql) => sql.insertMany(THINGS, [thing('a')], 'refuse'))).rejects.toThrow();
      await expect(engine.write(() => engine.read(count))).rejects.toThrow(/inside a transaction/);
      const kept = await engine.write(async (sql) => sql);
      await expect(kept.run('DELETE FROM things')).rejects.toThrow(/has ended/);
    });

    it('lets one writer of a county in at a time, also from two hubs', async () => {
      const second = await another('c');
      const add = (from: Engine) =>
        from.write(async (sql) => {
          const row = await sql.get<{ n: number }>(`SELECT coalesce(max(n), 0) AS n FROM things`);
          await delay(2);
          const next = (row?.n ?? 0) + 1;
          await sql.insertMany(THINGS, [thing(String(next), next)], 'refuse');
        });
      await Promise.all(Array.from({ length: 20 }, (_, i) => add(i % 2 === 0 ? engine : second)));
      expect(await engine.read((sql) => sql.get('SELECT max(n) AS n FROM things'))).toEqual({ n: 20 });
    });

    it('iterates without holding all, with other reads between, and may be left early', async () => {
      await put(...Array.from({ length: 1_200 }, (_, n) => thing(`a${n}`, n)));
      const seen = await engine.read(async (sql) => {
        let sum = 0;
        for await (const row of sql.iterate<{ n: number }>('SELECT n FROM things WHERE n >= :from ORDER BY n', {
          from: 1,
        })) {
          if (row.n % 400 === 0)
            sum += (await sql.get<{ n: number }>('SELECT n FROM things WHERE n = :n', row))?.n ?? 0;
        }
        for await (const row of sql.iterate<{ n: number }>('SELECT n FROM things')) if (row.n >= 0) break;
        return sum;
      });
      expect(seen).toBe(400 + 800);
      const left = engine.write(async (sql) => {
        const rows = sql.iterate('SELECT n FROM things')[Symbol.asyncIterator]();
        await rows.next();
        return 'left open';
      });
      await expect(left).resolves.toBe('left open');
      expect(await put(thing('after'))).toBe(1);
    });

    it('migrates an older schema once, also when two start together, and refuses a newer one', async () => {
      await put(thing('kept'));
      migration(
        '002-more.sql',
        ...twice(`CREATE TABLE more (county_id TEXT NOT NULL); INSERT INTO more VALUES ('x');`),
      );
      const opened = await Promise.all([another('c'), another('d')]);
      for (const each of opened) {
        expect(await each.read(count)).toBe(1);
        expect(await each.read((sql) => sql.get('SELECT count(*) AS n FROM more'))).toEqual({ n: 1 });
      }
      migration('003-broken.sql', ...twice(`INSERT INTO more VALUES ('y'); SELECT nonsense;`));
      await expect(another('c')).rejects.toThrow(/nonsense/);
      for (const dialect of ['sqlite', 'postgres']) rmSync(join(migrations, dialect, '003-broken.sql'));
      expect(await engine.read((sql) => sql.get('SELECT count(*) AS n FROM more'))).toEqual({ n: 1 });
      for (const dialect of ['sqlite', 'postgres']) rmSync(join(migrations, dialect, '002-more.sql'));
      await expect(another('c')).rejects.toThrow(/has schema 2, this program knows 1/);
    });
  });
});

const twice = (text: string) => [text, text] as const;
