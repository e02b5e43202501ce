import type { RecordRow, Stage, TransferRow } from '../../../protocol/api/console.ts';
import { hashPrefixOf, recordNumber } from '../../../protocol/records/number.ts';
import { readTrusted } from '../../../protocol/records/record.ts';
import type { ConsoleStore, RecordDetail, RecordQuery } from '../../api/console-port.ts';
import type { Context } from './context.ts';

/** Records as lists and as evidence, on SQLite. A record's stage before judging follows from what is stored. */

const STAGE = `CASE WHEN r.seq IS NULL THEN 'junk' WHEN j.stage IS NOT NULL THEN j.stage
  WHEN r.seq <= e.stored_seq THEN 'received' ELSE 'gap' END`;
const SELECT = `
  SELECT r.arrival, r.tid, r.ep, r.seq, r.hash, r.jws, r.received_at, j.type, j.acct, j.pts, j.at, j.code,
    j.flags_json, j.s, j.v, j.r, j.g, res.name,
    ${STAGE} AS stage,
    (SELECT count(*) FROM records f WHERE f.county_id = r.county_id AND f.tid = r.tid AND f.ep = r.ep AND f.seq = r.seq) AS branches
  FROM records r
    LEFT JOIN epochs e ON e.county_id = r.county_id AND e.tid = r.tid AND e.ep = r.ep
    LEFT JOIN judgements j ON j.county_id = r.county_id AND j.tid = r.tid AND j.ep = r.ep AND j.seq = r.seq AND j.hash = r.hash
    LEFT JOIN residents res ON res.county_id = j.county_id AND res.acct = j.acct`;

export function recordQueries(context: Context): Pick<ConsoleStore, 'records' | 'record'> {
  const { db, county } = context;
  return {
    async records(query) {
      const { where, values } = conditions(query);
      const rows = db
        .prepare(`${SELECT} WHERE r.county_id = @county ${where} ORDER BY r.arrival DESC LIMIT @limit + 1`)
        .all({ county, limit: query.limit, ...values }) as SqlRow[];
      const shown = rows.slice(0, query.limit);
      const next = rows.length > query.limit ? String(shown.at(-1)?.arrival ?? '') : null;
      return { rows: shown.map(toRow), next };
    },
    async record(tid, ep, seq) {
      const rows = db
        .prepare(`${SELECT} WHERE r.county_id = ? AND r.tid = ? AND r.ep = ? AND r.seq = ? ORDER BY r.arrival`)
        .all(county, tid, ep, seq) as SqlRow[];
      return rows.map((row) => detail(context, row));
    },
  };
}

function conditions(query: RecordQuery): { where: string; values: Record<string, string | number> } {
  const parts: string[] = [];
  const values: Record<string, string | number> = {};
  if (query.tid) {
    parts.push('r.tid = @tid');
    values.tid = query.tid;
  }
  if (query.stage) {
    // Not the alias: in WHERE `stage` is the column of judgements, which the unjudged do not have.
    parts.push(`${STAGE} = @stage`);
    values.stage = query.stage;
  }
  if (query.q) {
    const prefix = hashPrefixOf(query.q);
    if (prefix !== null) {
      parts.push('substr(r.hash, 1, 10) = @prefix');
      values.prefix = prefix;
    } else {
      parts.push(`(r.tid || '.' || r.ep || '.' || r.seq = @q OR j.acct = @q OR res.name LIKE @like ESCAPE '\\')`);
      values.q = query.q;
      values.like = `%${query.q.replace(/[\\%_]/g, '\\$&')}%`;
    }
  }
  const cursor = Number(query.cursor ?? Number.NaN);
  if (Number.isSafeInteger(cursor)) {
    parts.push('r.arrival < @cursor');
    values.cursor = cursor;
  }
  return { where: parts.map((part) => `AND ${part}`).join(' '), values };
}

function toRow(row: SqlRow): RecordRow {
  const flags = row.flags_json === null ? [] : (JSON.parse(row.flags_json) as string[]);
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

function detail(context: Context, row: SqlRow): RecordDetail {
  const { db, county } = context;
  const seq = row.seq ?? 0;
  const neighbour = db
    .prepare('SELECT hash FROM records WHERE county_id = ? AND tid = ? AND ep = ? AND seq = ? ORDER BY arrival LIMIT 1')
    .pluck();
  const enrolment = db.prepare('SELECT enrolment_hash FROM epochs WHERE county_id = ? AND tid = ? AND ep = ?').pluck();
  const before = seq > 1 ? neighbour.get(county, row.tid, row.ep, seq - 1) : enrolment.get(county, row.tid, row.ep);
  const number = recordNumber({ tid: row.tid, ep: row.ep, seq });
  const transfers = db
    .prepare(
      'SELECT id, at, debit, credit, amount, kind, ref FROM transfers WHERE county_id = ? AND ref = ? ORDER BY pos',
    )
    .all(county, number) as TransferRow[];
  const names = db.prepare('SELECT sku, name FROM items WHERE county_id = ?').all(county) as {
    sku: string;
    name: string;
  }[];
  const { s, v, r, g } = row;
  return {
    row: toRow(row),
    jws: row.jws,
    code: row.code,
    prevHash: (before as string | undefined) ?? null,
    hasNext: neighbour.get(county, row.tid, row.ep, seq + 1) !== undefined,
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
  readonly flags_json: string | null;
  readonly s: number | null;
  readonly v: number | null;
  readonly r: number | null;
  readonly g: number | null;
  readonly name: string | null;
  readonly stage: Stage;
  readonly branches: number;
}
