import { readNamed, sound, valuesOf } from './named.ts';
import type { BaseType, Key, OnConflict, Param, Params, RowOf, TableShape } from './port.ts';
import { ARRAY_OID, type Link, OID, type Value } from './postgres-link.ts';
import type { Statistics } from './postgres-statistics.ts';
import type { RawSql } from './scope.ts';
import { baseType, cell, columnsOf, conflictClause, quoted, refuseBadKeys, refuseTwins } from './table.ts';

/** Rows per statement: a bound on the size of one message. */
const ROWS_MAX = 5_000;
/** Characters of the longest column in one statement: a larger string lies outside of where short-lived objects live. */
const CHARS_MAX = 96 * 1_024;
/** Rows fetched at a time from a cursor. */
const FETCH_ROWS = 500;

/** Statements of one transaction on one PostgreSQL connection. */
export function postgresSql(link: Link, county: string, statistics: Statistics): RawSql {
  let cursors = 0;
  const ask = (text: string, params: Params) => {
    const { numbered, names } = readNamed(text);
    return link.query(numbered, valuesOf(names, params, county).map(toValue));
  };

  async function insertMany<T extends TableShape>(table: T, rows: readonly RowOf<T>[], onConflict: OnConflict<T>) {
    if (typeof onConflict === 'object') refuseTwins(table, rows);
    const columns = columnsOf(table);
    // In the order given: the database numbers arrivals and positions as it inserts.
    const text = `INSERT INTO ${quoted(table.name)} (${['county_id', ...columns].map(quoted).join(', ')})
      SELECT $1, ${columns.map(quoted).join(', ')} FROM ${unnested(columns, 2)} ORDER BY given_at ${conflictClause(table, onConflict)}`;
    let changed = 0;
    for (const some of messagesOf(columns, rows)) {
      const arrays = columns.map((column) =>
        toArray(
          baseType(table, column),
          some.map((row) => cell(table, row, column)),
        ),
      );
      changed += (await link.query(text, [toValue(county), ...arrays])).count;
    }
    statistics.noteRows(table.name, changed);
    return changed;
  }

  async function getMany<T extends TableShape>(
    table: T,
    keys: readonly Key[],
    locked?: 'locked',
  ): Promise<(RowOf<T> | undefined)[]> {
    refuseBadKeys(table, keys);
    if (locked && keys.length > ROWS_MAX) throw new RangeError(`more than ${ROWS_MAX} rows of ${table.name} at once`);
    const columns = columnsOf(table).map((column) => `t.${quoted(column)}`);
    const order = table.key.map((column) => `t.${quoted(column)}`).join(', ');
    const lock = locked ? ` ORDER BY ${order} FOR UPDATE OF t` : '';
    const text = `SELECT u.given_at, ${columns.join(', ')} ${joined(table)}${lock}`;
    const found: (RowOf<T> | undefined)[] = keys.map(() => undefined);
    for (let from = 0; from < keys.length; from += ROWS_MAX) {
      const { rows } = await link.query(text, keyValues(table, keys.slice(from, from + ROWS_MAX), county));
      for (const { given_at: givenAt, ...row } of rows) found[from + Number(givenAt) - 1] = row as RowOf<T>;
    }
    return found;
  }

  async function deleteMany(table: TableShape, keys: readonly Key[]): Promise<number> {
    refuseBadKeys(table, keys);
    const is = table.key.map((column) => `t.${quoted(column)} = u.${quoted(column)}`).join(' AND ');
    const text = `DELETE FROM ${quoted(table.name)} t USING ${unnested(table.key, 2)} WHERE t.county_id = $1 AND ${is}`;
    let changed = 0;
    for (let from = 0; from < keys.length; from += ROWS_MAX)
      changed += (await link.query(text, keyValues(table, keys.slice(from, from + ROWS_MAX), county))).count;
    return changed;
  }

  async function* iterate<Row>(text: string, params: Params = {}): AsyncGenerator<Row> {
    cursors += 1;
    const name = `tally_${cursors}`;
    // A cursor of SQL, not of the protocol: other statements may run between its fetches.
    await ask(`DECLARE ${name} NO SCROLL CURSOR FOR ${text}`, params);
    for (;;) {
      const { rows } = await link.query(`FETCH ${FETCH_ROWS} FROM ${name}`, []);
      yield* rows as unknown as Row[];
      if (rows.length < FETCH_ROWS) break;
    }
    await link.query(`CLOSE ${name}`, []);
  }

  return {
    ...{ county, dialect: 'postgres' },
    all: async (text, params = {}) => (await ask(text, params)).rows as never[],
    get: async (text, params = {}) => (await ask(text, params)).rows[0] as never,
    run: async (text, params = {}) => (await ask(text, params)).count,
    ...{ insertMany, deleteMany, getMany, iterate },
  };
}

/** Rows that go in one statement: not too many, nor with a text so long that it costs more to make than to send. */
function* messagesOf(columns: readonly string[], rows: readonly RowOf<TableShape>[]): Generator<typeof rows> {
  let from = 0;
  let chars = 0;
  for (const [n, row] of rows.entries()) {
    let longest = 0;
    for (const column of columns) {
      const value = row[column];
      if (typeof value === 'string') longest = Math.max(longest, value.length);
      else if (value instanceof Uint8Array) longest = Math.max(longest, 2 * value.length);
    }
    if (n > from && (n - from >= ROWS_MAX || chars + longest > CHARS_MAX)) {
      yield rows.slice(from, n);
      from = n;
      chars = 0;
    }
    chars += longest;
  }
  if (from < rows.length) yield rows.slice(from);
}

/** `unnest($2, $3 …) AS u("a", "b", …, given_at)`: rows out of one array a column. */
function unnested(columns: readonly string[], first: number): string {
  const arrays = columns.map((_, i) => `$${first + i}`);
  return `unnest(${arrays.join(', ')}) WITH ORDINALITY AS u(${columns.map(quoted).join(', ')}, given_at)`;
}

function joined(table: TableShape): string {
  const on = table.key.map((column) => `t.${quoted(column)} = u.${quoted(column)}`);
  return `FROM ${unnested(table.key, 2)} JOIN ${quoted(table.name)} t ON t.county_id = $1 AND ${on.join(' AND ')}`;
}

function keyValues(table: TableShape, keys: readonly Key[], county: string): Value[] {
  const arrays = table.key.map((column, i) =>
    toArray(
      baseType(table, column),
      keys.map((key) => sound(key[i] ?? null, column)),
    ),
  );
  return [toValue(county), ...arrays];
}

/** Typed by what it is, so that a statement means the same whatever stands around its parameter. */
function toValue(value: Param): Value {
  if (value === null) return { value, type: 0 };
  if (typeof value === 'number') return { value: String(value), type: OID.int8 };
  if (typeof value === 'string') return { value, type: OID.text };
  return { value: `\\x${hex(value)}`, type: OID.bytea };
}

/** PostgreSQL's array literal (manual, 8.15.2). */
function toArray(type: BaseType, values: readonly Param[]): Value {
  const parts = values.map((value) => {
    if (value === null) return 'NULL';
    if (typeof value === 'number') return String(value);
    if (typeof value === 'string') return TO_ESCAPE.test(value) ? `"${value.replace(/[\\"]/g, '\\$&')}"` : `"${value}"`;
    return `"\\\\x${hex(value)}"`;
  });
  return { value: `{${parts.join(',')}}`, type: ARRAY_OID[type] };
}
const TO_ESCAPE = /[\\"]/;

const hex = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
