import type Database from 'better-sqlite3';
import { type Db, openDurable } from '../../protocol/node/durable-sqlite.ts';
import type { Payload } from '../../protocol/records/payload.ts';
import { readTrusted } from '../../protocol/records/record.ts';
import type { PinSet, TextBeside } from '../../protocol/sync/messages.ts';
import { type Prepare, peopleTables } from './people-sql.ts';
import type { AllowanceRow, BookAccount, BookCard, EpochRow, JournalRecord, JournalStore, Verdict } from './port.ts';

/** The journal on SQLite. Every statement of its own is a FULL commit; `transact` makes one of many. */

export function openJournal(path: string): Db {
  return openDurable({ path, migrations: new URL('./migrations/', import.meta.url) });
}

export function sqliteStore(db: Db): JournalStore {
  const prepared: Map<string, Database.Statement> = new Map();
  const sql = (text: string): Database.Statement => {
    let statement = prepared.get(text);
    if (statement === undefined) {
      statement = db.prepare(text);
      prepared.set(text, statement);
    }
    return statement;
  };
  const known = new Known();
  const whole = db.transaction((work: () => unknown) => work());
  const transact = <T>(work: () => T): T => {
    if (db.inTransaction) return work();
    try {
      return whole.immediate(work) as T;
    } catch (error) {
      known.forget(); // what it held of this transaction never became durable
      throw error;
    }
  };
  return {
    transact,
    ...chainTables(sql, transact, known),
    ...bookTables(sql, transact, known),
    ...peopleTables(sql),
    ...queueTables(sql, transact),
  };
}

/** What one sale asks a dozen times. Only this store writes its journal while an agent runs, so what it wrote is so. */
class Known {
  readonly facts: Map<string, string | null> = new Map();
  readonly last: Map<number, JournalRecord | null> = new Map();
  forget(): void {
    this.facts.clear();
    this.last.clear();
  }
}

/** `ask` is asked once a key. */
function kept<K, V>(map: Map<K, V>, key: K, ask: () => V): V {
  const before = map.get(key);
  if (before !== undefined) return before;
  const value = ask();
  map.set(key, value);
  return value;
}

type Transact = JournalStore['transact'];

interface RecordSqlRow {
  readonly ep: number;
  readonly seq: number;
  readonly jws: string;
  readonly hash: string;
}
/** A sale looks at the newest record four times, and at its account's: each is taken apart once. */
const PARSED_MAX = 256;
const parsed: Map<string, { readonly jws: string; readonly payload: Payload }> = new Map();

function payloadOf({ ep, seq, jws, hash }: RecordSqlRow): Payload {
  const known = parsed.get(hash);
  if (known?.jws === jws) return known.payload;
  const { payload } = readTrusted(jws, hash);
  if (payload === null) throw new Error(`record ${ep}.${seq} of this journal is from a newer program`);
  return rememberParsed(jws, hash, payload);
}

function rememberParsed(jws: string, hash: string, payload: Payload): Payload {
  if (parsed.size >= PARSED_MAX) parsed.clear();
  parsed.set(hash, { jws, payload });
  return payload;
}

function toRecord(row: unknown): JournalRecord | null {
  if (row === undefined) return null;
  const { ep, seq, jws, hash } = row as RecordSqlRow;
  return { ep, seq, jws, hash, payload: payloadOf(row as RecordSqlRow) };
}
const toRecords = (rows: unknown[]): JournalRecord[] => rows.flatMap((row) => toRecord(row) ?? []);

function chainTables(sql: Prepare, transact: Transact, known: Known) {
  const columns = 'ep, seq, jws, hash';
  const allowance = 'acct, g AS G, s AS S, v AS V, r AS R, not_after AS notAfter, grant_jws AS grantJws';
  return {
    epochs(): EpochRow[] {
      const rows = sql(
        `SELECT tid, ep, enrolment_jws AS enrolmentJws, enrolment_hash AS enrolmentHash, hub_kid AS hubKid,
           hub_key AS hubKey, pepper FROM epochs ORDER BY ep`,
      ).all() as EpochRow[];
      return rows.map((row) => ({ ...row, hubKey: new Uint8Array(row.hubKey), pepper: new Uint8Array(row.pepper) }));
    },
    addEpoch(row: EpochRow) {
      sql('INSERT INTO epochs VALUES (@ep, @tid, @enrolmentJws, @enrolmentHash, @hubKid, @hubKey, @pepper)').run(row);
    },
    last: (ep: number) =>
      kept(known.last, ep, () =>
        toRecord(sql(`SELECT ${columns} FROM records WHERE ep = ? ORDER BY seq DESC LIMIT 1`).get(ep)),
      ),
    lastClose: (ep: number) =>
      toRecord(sql(`SELECT ${columns} FROM records WHERE ep = ? AND type = 'close' ORDER BY seq DESC LIMIT 1`).get(ep)),
    record(ep: number, seq: number) {
      const newest = known.last.get(ep);
      if (newest?.seq === seq) return newest;
      return toRecord(sql(`SELECT ${columns} FROM records WHERE ep = ? AND seq = ?`).get(ep, seq));
    },
    after: (ep: number, seq: number, limit: number) =>
      toRecords(
        sql(`SELECT ${columns} FROM records WHERE ep = ? AND seq > ? ORDER BY seq LIMIT ?`).all(ep, seq, limit),
      ),
    ofAccount: (acct: string, at: number) =>
      toRecords(sql(`SELECT ${columns} FROM records WHERE acct = ? AND at >= ? ORDER BY ep, seq`).all(acct, at)),
    addRecord: (record: JournalRecord, slip: object | null) =>
      transact(() => {
        const { ep, seq, jws, hash, payload } = record;
        const acct = 'acct' in payload ? payload.acct : null;
        sql('INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)').run(ep, seq, jws, hash, payload.type, payload.at, acct);
        known.last.set(ep, record);
        rememberParsed(jws, hash, payload);
        if (slip === null) return;
        sql(`INSERT INTO print_jobs (ep, seq, copy, state, made_at, slip_json) VALUES (?, ?, 0, 'queued', ?, ?)`).run(
          ep,
          seq,
          payload.at,
          JSON.stringify(slip),
        );
      }),
    allowance: (ep: number, acct: string) =>
      (sql(`SELECT ${allowance} FROM allowances WHERE ep = ? AND acct = ?`).get(ep, acct) as AllowanceRow) ?? null,
    allowances: (ep: number) =>
      sql(`SELECT ${allowance} FROM allowances WHERE ep = ? ORDER BY acct`).all(ep) as AllowanceRow[],
    putAllowance(ep: number, row: AllowanceRow) {
      sql(
        `INSERT INTO allowances (ep, acct, g, s, v, r, not_after, grant_jws) VALUES (@ep, @acct, @G, @S, @V, @R, @notAfter, @grantJws)
         ON CONFLICT DO UPDATE SET g = @G, s = @S, v = @V, r = @R, not_after = @notAfter, grant_jws = @grantJws`,
      ).run({ ep, ...row });
    },
    verdict: (ep: number, seq: number) =>
      (sql('SELECT stage, code FROM judged WHERE ep = ? AND seq = ?').get(ep, seq) as Verdict) ?? null,
    putVerdict(ep: number, seq: number, { stage, code }: Verdict) {
      sql(
        `INSERT INTO judged VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET stage = excluded.stage, code = excluded.code
         WHERE stage <> excluded.stage OR code IS NOT excluded.code`,
      ).run(ep, seq, stage, code);
    },
    quarantined: (ep: number, seq: number) =>
      sql(`SELECT seq FROM judged WHERE ep = ? AND seq > ? AND stage = 'quarantined' ORDER BY seq`)
        .pluck()
        .all(ep, seq) as number[],
  };
}

function bookTables(sql: Prepare, transact: Transact, known: Known) {
  const putCard = (row: BookCard) =>
    void sql('INSERT OR REPLACE INTO cards VALUES (@token, @acct, @clerk, @last4, @state, @pinSalt, @pinVerifier)').run(
      row,
    );
  return {
    putAccount({ acct, name, initials, elsewhere, language, visitor, used }: BookAccount) {
      sql('INSERT OR REPLACE INTO roster VALUES (?, ?, ?, ?, ?, ?, ?)').run(
        ...[acct, name, initials, elsewhere, language, visitor ? 1 : 0, used ? JSON.stringify(used) : null],
      );
    },
    clerkName: (clerk: string) => (sql('SELECT name FROM clerks WHERE clerk = ?').pluck().get(clerk) as string) ?? null,
    clerkAcct: (clerk: string) => (sql('SELECT acct FROM clerks WHERE clerk = ?').pluck().get(clerk) as string) ?? null,
    putClerk: (clerk: string, name: string, acct: string | null = null) =>
      void sql(
        'INSERT INTO clerks VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name, acct = excluded.acct',
      ).run(clerk, name, acct),
    putCard,
    putCards: (owner: { acct: string } | { clerk: string }, cards: readonly BookCard[]) =>
      transact(() => {
        if ('acct' in owner) sql('DELETE FROM cards WHERE acct = ?').run(owner.acct);
        else sql('DELETE FROM cards WHERE clerk = ?').run(owner.clerk);
        for (const each of cards) putCard(each);
      }),
    forgetPeople: () =>
      transact(() => {
        for (const table of ['roster', 'clerks', 'cards']) sql(`DELETE FROM ${table}`).run();
      }),
    fact: (name: string): string | null =>
      kept(
        known.facts,
        name,
        () => (sql('SELECT value FROM facts WHERE name = ?').pluck().get(name) as string) ?? null,
      ),
    setFact(name: string, value: string | null) {
      if (value === null) sql('DELETE FROM facts WHERE name = ?').run(name);
      else sql('INSERT INTO facts VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value').run(name, value);
      known.facts.set(name, value);
    },
    pinTries: (token: string) => (sql('SELECT tries FROM pin_tries WHERE token = ?').pluck().get(token) as number) ?? 0,
    setPinTries(token: string, tries: number) {
      sql('INSERT INTO pin_tries VALUES (?, ?) ON CONFLICT DO UPDATE SET tries = excluded.tries').run(token, tries);
    },
  };
}

function queueTables(sql: Prepare, transact: Transact) {
  return {
    texts: (limit: number) =>
      sql('SELECT hash, salt, text FROM texts ORDER BY hash LIMIT ?').all(limit) as TextBeside[],
    addText: ({ hash, salt, text }: TextBeside) =>
      void sql('INSERT INTO texts VALUES (?, ?, ?) ON CONFLICT DO NOTHING').run(hash, salt, text),
    dropTexts: (hashes: readonly string[]) =>
      transact(() => {
        for (const hash of hashes) sql('DELETE FROM texts WHERE hash = ?').run(hash);
      }),
    pins: (limit: number) =>
      (sql('SELECT pin_json FROM pins ORDER BY id LIMIT ?').pluck().all(limit) as string[]).map(
        (json) => JSON.parse(json) as PinSet,
      ),
    addPin: (pin: PinSet) =>
      void sql('INSERT INTO pins VALUES (?, ?) ON CONFLICT DO NOTHING').run(pin.id, JSON.stringify(pin)),
    dropPins: (ids: readonly string[]) =>
      transact(() => {
        for (const id of ids) sql('DELETE FROM pins WHERE id = ?').run(id);
      }),
  };
}
