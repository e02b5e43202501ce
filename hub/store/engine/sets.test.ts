import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ENGINES } from '../../../test/support/sql-engines.ts';
import { THINGS, thing, thingMigrations, thingsOn } from '../../../test/support/things.ts';
import type { Engine } from './port.ts';

/** Many rows in one call, on both engines alike. */

const { migrations, remove } = thingMigrations();
afterAll(remove);

describe.each(ENGINES)('$name', ({ skip, start }) => {
  describe.skipIf(skip)('takes sets of rows', () => {
    let engine: Engine;
    const things = thingsOn(start, migrations);
    const { another, put } = things;
    beforeEach(() => {
      engine = things.engine();
    });

    it('of long values, in the order given, one longer than a message', async () => {
      const lengths = [40_000, 40_000, 40_000, 5, 300_000, 5, 90_000];
      const rows = lengths.map((length, n) => ({ ...thing(`a${n}`, n), bytes: Buffer.alloc(length, n) }));
      expect(await engine.write((sql) => sql.insertMany(THINGS, rows, 'refuse'))).toBe(rows.length);
      const text = 'SELECT n, bytes FROM things ORDER BY pos';
      const all = await engine.read((sql) => sql.all<{ n: number; bytes: Uint8Array }>(text));
      expect(all.map(({ n, bytes }) => [n, bytes.length, bytes[3]])).toEqual(
        lengths.map((length, n) => [n, length, n]),
      );
    });

    it('inserts many: refusing, ignoring, updating, in the order given', async () => {
      await put(thing('a', 1), thing('b', 2));
      const rows = [thing('c', 30), thing('a', 10), thing('d', 40)];
      await expect(put(...rows)).rejects.toMatchObject({ code: 'unique' });
      expect(await engine.write((sql) => sql.insertMany(THINGS, rows, 'ignore'))).toBe(2);
      expect(await engine.write((sql) => sql.insertMany(THINGS, [thing('b', 20, 'no')], { update: ['n'] }))).toBe(1);
      expect(await engine.write((sql) => sql.insertMany(THINGS, [], 'refuse'))).toBe(0);
      const all = await engine.read((sql) => sql.all('SELECT a, n, t FROM things ORDER BY pos'));
      expect(all.map((row) => Object.values(row as object))).toEqual([
        ...[
          ['a', 1, null],
          ['b', 20, null],
          ['c', 30, null],
          ['d', 40, null],
        ],
      ]);
      const twins = engine.write((sql) => sql.insertMany(THINGS, [thing('z'), thing('z')], { update: ['n'] }));
      await expect(twins).rejects.toThrow(/share a key/);
      await put(thing('other', 1, 't'));
      const elsewhere = engine.write((sql) => sql.insertMany(THINGS, [thing('new', 1, 't')], 'ignore'));
      await expect(elsewhere, 'ignores a conflict of the key only').rejects.toMatchObject({ code: 'unique' });
    });

    it('numbers thousands of rows in the order given', async () => {
      const rows = Array.from({ length: 12_000 }, (_, n) => thing(`a${(n * 7919) % 12_000}`, n));
      expect(await put(...rows)).toBe(12_000);
      const all = await engine.read((sql) => sql.all<{ n: number }>('SELECT n FROM things ORDER BY pos'));
      expect(all.every((row, i) => row.n === i)).toBe(true);
    });

    it('gets many in the order of the keys, and locks them', async () => {
      const other = await another('other');
      await other.write((sql) => sql.insertMany(THINGS, [thing('a', 99)], 'refuse'));
      await put(thing('a', 1), thing('b', 2));
      const keys = [
        ['b', 1],
        ['none', 1],
        ['a', 1],
        ['b', 1],
      ] as const;
      const found = await engine.custody((sql) => sql.getMany(THINGS, keys, 'locked'));
      expect(await engine.read((sql) => sql.getMany(THINGS, keys))).toEqual(found);
      expect(found.map((row) => row?.n)).toEqual([2, undefined, 1, 2]);
      expect(found[2]).toEqual(thing('a', 1));
    });

    it('takes away many by key: only those, only of this county, and says how many there were', async () => {
      const other = await another('other');
      await other.write((sql) => sql.insertMany(THINGS, [thing('a', 99)], 'refuse'));
      await put(thing('a', 1), thing('b', 2), thing('c', 3));
      const keys = [
        ['a', 1],
        ['none', 1],
        ['c', 1],
        ['b', 2],
      ] as const;
      expect(await engine.write((sql) => sql.deleteMany(THINGS, keys))).toBe(2);
      expect(await engine.write((sql) => sql.deleteMany(THINGS, []))).toBe(0);
      const left = await engine.read((sql) => sql.all<{ a: string }>('SELECT a FROM things ORDER BY n'));
      expect(left.map((row) => row.a)).toEqual(['b', 'a']);
    });
  });
});
