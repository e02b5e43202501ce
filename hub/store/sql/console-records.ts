import type { RecordRow, Stage, TransferRow } from '../../../protocol/api/console.ts';
import { hashPrefixOf, recordNumber } from '../../../protocol/records/number.ts';
import { readTrusted } from '../../../protocol/records/record.ts';
import type { ConsoleStore, RecordDetail, RecordQuery } from '../../api/console-port.ts';
import type { Engine, Params, Sql } from '../engine/port.ts';
import { originalText } from './junk-text.ts';

/** Records as lists and as evidence, on SQLite. A record's stage before judging follows from what is stored. */

export const STAGE = `CASE WHEN r.seq IS NULL THEN 'junk' WHEN j.stage = 'matched' AND j.seq <= e.closed_seq THEN 'closed'
  WHEN j.stage IS NOT NULL THEN j.stage WHEN r.seq <= e.stored_seq THEN 'received' ELSE 'gap' END`;
const SELECT = `
  SELECT r.arrival, r.tid, r.ep, r.seq, r.hash, r.jws, r.received_at, j.type, j.acct, j.pts, j.at, j.code,
    j.flags, j.s, j.v, j.r, j.g, res.name,
    ${STAGE} AS stage,
    (SELECT count(*) FROM records f WHERE f.county_id = r.county_id AND f.tid = r.tid AND f.ep = r.ep AND f.seq = r.seq) AS branches
  FROM records r
    LEFT JOIN epochs e ON e.county_id = r.county_id AND e.tid = r.tid AND e.ep = r.ep
    LEFT JOIN judgements j ON j.county_id = r.county_id AND j.tid = r.tid AND j.ep = r.ep AND j.seq = r.seq AND j.hash = r.hash
    LEFT JOIN residents res ON res.county_id = j.county_id AND res.acct = j.acct`;

export function recordQueries(engine: Engine): Pick<ConsoleStore, 'records' | 'record'> {
  return {
    records: (query) =>
      engine.read(async (sql) => {
        const { where, values } = conditions(query);
        const text = `${SELECT} WHERE r.county_id = :county ${where} ORDER BY r.arrival DESC LIMIT :row_limit`;
        const rows = await sql.all<SqlRow>(text, { county: sql.county, row_limit: query.limit + 1, ...values });
        const shown = rows.slice(0, query.limit);
        const next = rows.length > query.limit ? String(shown.at(-1)?.arrival ?? '') : null;
        return { rows: shown.map(toRow), next };
      }),
    record: (tid, ep, seq) =>
      engine.read(async (sql) => {
        const text = `${SELECT} WHERE r.county_id = :county AND r.tid = :tid AND r.ep = :ep AND r.seq = :seq ORDER BY r.arrival`;
        const found: RecordDetail[] = [];
        for (const row of await sql.all<SqlRow>(text, { county: sql.county, tid, ep, seq }))
          found.push(await detail(sql, row));
        return found;
      }),
  };
}

function conditions(query: RecordQuery): { where: string; values: Params } {
  const parts: string[] = [];
  const values: Record<string, string | number> = {};
  if (query.tid) {
    parts.push('r.tid = :tid');
    values.tid = query.tid;
  }
  if (query.stage) {
    // Not the alias: in WHERE `stage` is the column of judgements, which the unjudged do not have.
    parts.push(`${STAGE} = :stage`);
    values.stage = query.stage;
  }
  if (query.q) {
    const prefix = hashPrefixOf(query.q);
    if (prefix !== null) {
      parts.push('substr(r.hash, 1, 10) = :prefix');
      values.prefix = prefix;
    } else {
      parts.push(`(r.tid || '.' || r.ep || '.' || r.seq = :q OR j.acct = :q OR res.name LIKE :like ESCAPE '\\')`);
      values.q = query.q;
      values.like = `%${query.q.replace(/[\\%_]/g, '\\$&')}%`;
    }
  }
  const cursor = Number(query.cursor ?? Number.NaN);
  if (Number.isSafeInteger(cursor)) {
    parts.push('r.arrival < :cursor');
    values.cursor = cursor;
  }
  return { where: parts.map((part) => `AND ${part}`).join(' '), values };
}

function toRow(row: SqlRow): RecordRow {
  const flags = row.flags === null ? [] : (JSON.parse(row.flags) as string[]);
  const unjudged = row.seq !== null && row.type === null ? readTrusted(row.jws, row.hash) : null;
  return {
    number: row.seq === null ? null : recordNumber({ tid: row.tid, ep: row.ep, seq: row.seq }),
    ...{ tid: row.tid, ep: row.ep, seq: row.seq, hash: row.hash },
    type: row.type ?? unjudged?.type ?? 'junk',
    at: row.at ?? unjudged?.payload?.at ?? null,
    receivedAt: row.received_at,
    ...{ acct: row.acct, residentName: row.name, pts: row.pts, stage: row.stage },
    flags: row.branches > 1 ? [...flags, 'forked'] : flags,
  };
}

async function detail(sql: Sql, row: SqlRow): Promise<RecordDetail> {
  const { county } = sql;
  const { tid, ep } = row;
  const seq = row.seq ?? 0;
  const hashAt = (at: number) =>
    sql.get<{ hash: string | null }>(
      `SELECT hash FROM records WHERE county_id = :county AND tid = :tid AND ep = :ep AND seq = :seq
       ORDER BY arrival LIMIT 1`,
      { county, tid, ep, seq: at },
    );
  const enrolment = `SELECT enrolment_hash AS hash FROM epochs WHERE county_id = :county AND tid = :tid AND ep = :ep`;
  const before =
    seq > 1 ? await hashAt(seq - 1) : await sql.get<{ hash: string | null }>(enrolment, { county, tid, ep });
  const transfers = await sql.all<TransferRow>(
    'SELECT id, at, debit, credit, amount, kind, ref FROM transfers WHERE county_id = :county AND ref = :ref ORDER BY pos',
    { county, ref: recordNumber({ tid, ep, seq }) },
  );
  const names = await sql.all<{ sku: string; name: string }>('SELECT sku, name FROM items WHERE county_id = :county', {
    county,
  });
  const { s, v, r, g } = row;
  return {
    row: toRow(row),
    jws: originalText(row.jws),
    code: row.code,
    prevHash: before?.hash ?? null,
    hasNext: (await hashAt(seq + 1)) !== undefined,
    allowanceAfter: s === null || v === null || r === null || g === null ? null : { G: g, S: s, V: v, R: r },
    transfers,
    itemNames: new Map(names.map((item) => [item.sku, item.name])),
  };
}

interface SqlRow {
  readonly arrival: number;
  readonly tid: string;
  readonly ep: number;
  readonly seq: number | null;
  readonly hash: string;
  readonly jws: string;
  readonly received_at: number;
  readonly type: string | null;
  readonly acct: string | null;
  readonly pts: number | null;
  readonly at: number | null;
  readonly code: string | null;
  readonly flags: string | null;
  readonly s: number | null;
  readonly v: number | null;
  readonly r: number | null;
  readonly g: number | null;
  readonly name: string | null;
  readonly stage: Stage;
  readonly branches: number;
}
