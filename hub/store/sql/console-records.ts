import type { RecordRow, Stage, TransferRow } from '../../../protocol/api/console.ts';
import { hashPrefixOf, parseRecordNumber, recordNumber } from '../../../protocol/records/number.ts';
import { readTrusted } from '../../../protocol/records/record.ts';
import type { ConsoleStore, RecordDetail, RecordQuery } from '../../api/console-port.ts';
import type { Engine, Params, Sql } from '../engine/port.ts';
import { originalText } from './junk-text.ts';

/** Records as lists and as evidence. A record's stage before judging follows from what is stored. */

export const STAGE = `CASE WHEN r.seq IS NULL THEN 'junk' WHEN j.stage = 'matched' AND j.seq <= e.closed_seq THEN 'closed'
  WHEN j.stage IS NOT NULL THEN j.stage WHEN r.seq <= e.stored_seq THEN 'received' ELSE 'gap' END`;
const COLUMNS = `r.arrival, r.tid, r.ep, r.seq, r.hash, r.jws, r.received_at, j.type, j.acct, j.pts, j.at, j.code,
    j.flags, j.s, j.v, j.r, j.g, res.name,
    ${STAGE} AS stage,
    (SELECT count(*) FROM records f WHERE f.county_id = r.county_id AND f.tid = r.tid AND f.ep = r.ep AND f.seq = r.seq) AS branches`;
const JOINED = `LEFT JOIN epochs e ON e.county_id = r.county_id AND e.tid = r.tid AND e.ep = r.ep
    LEFT JOIN judgements j ON j.county_id = r.county_id AND j.tid = r.tid AND j.ep = r.ep AND j.seq = r.seq AND j.hash = r.hash
    LEFT JOIN residents res ON res.county_id = j.county_id AND res.acct = j.acct`;

export function recordQueries(engine: Engine): Pick<ConsoleStore, 'records' | 'record'> {
  return {
    records: (query) =>
      engine.read(async (sql) => {
        const among = candidates(query);
        const { where, values } = conditions(query);
        // Among few candidates these are read first, whatever a planner thinks of the millions beside them.
        const from = among === null ? 'records r' : `(${among.text}) c CROSS JOIN records r`;
        const matches = among === null ? '' : 'AND r.arrival = c.arrival';
        const text = `SELECT ${COLUMNS} FROM ${from} ${JOINED} WHERE r.county_id = :county ${matches} ${where}
          ORDER BY r.arrival DESC LIMIT :row_limit`;
        const rows = await sql.all<SqlRow>(text, {
          ...{ county: sql.county, row_limit: query.limit + 1 },
          ...values,
          ...among?.values,
        });
        const shown = rows.slice(0, query.limit);
        const next = rows.length > query.limit ? String(shown.at(-1)?.arrival ?? '') : null;
        return { rows: shown.map(toRow), next };
      }),
    record: (tid, ep, seq) =>
      engine.read(async (sql) => {
        const text = `SELECT ${COLUMNS} FROM records r ${JOINED} WHERE r.county_id = :county AND r.tid = :tid AND r.ep = :ep AND r.seq = :seq ORDER BY r.arrival`;
        const found: RecordDetail[] = [];
        for (const row of await sql.all<SqlRow>(text, { county: sql.county, tid, ep, seq }))
          found.push(await detail(sql, row));
        return found;
      }),
  };
}

interface Candidates {
  readonly text: string;
  readonly values: Params;
}

/**
 * Where few records can be meant, just those: a county keeps millions, and a filter laid over all of them would hold up every
 * kiosk meanwhile. Null where the newest records are the ones to look at.
 */
function candidates({ q, stage, tid, cursor, limit }: RecordQuery): Candidates | null {
  if (q) return meantBy(q);
  const held = stage === undefined ? undefined : OF_STAGE[stage];
  if (held !== undefined) return { text: held, values: {} };
  if (!tid || stage) return null;
  const before = Number.isSafeInteger(Number(cursor ?? Number.NaN)) ? 'AND arrival < :cursor' : '';
  const text = `SELECT arrival FROM records WHERE county_id = :county AND tid = :tid ${before}
    ORDER BY arrival DESC LIMIT :of_terminal`;
  return { text, values: { of_terminal: limit + 1 } };
}

/** A check code, a record number, an account, or a part of a name. */
function meantBy(q: string): Candidates {
  const prefix = hashPrefixOf(q);
  if (prefix !== null) {
    const text = 'SELECT arrival FROM records WHERE county_id = :county AND substr(hash, 1, 10) = :prefix';
    return { text, values: { prefix } };
  }
  const like = `%${q.replace(/[\\%_]/g, '\\$&')}%`;
  const named = { q, like, people: PEOPLE_MAX };
  const id = parseRecordNumber(q);
  if (id === null) return { text: BY_PERSON, values: named };
  const { tid: q_tid, ep: q_ep, seq: q_seq } = id;
  return { text: `${BY_NUMBER} UNION ${BY_PERSON}`, values: { ...named, q_tid, q_ep, q_seq } };
}

/** A surname alone names a tenth of a county: whoever looks for somebody types more of the name. */
const PEOPLE_MAX = 200;
const BY_NUMBER = `SELECT arrival FROM records
  WHERE county_id = :county AND tid = :q_tid AND ep = :q_ep AND seq = :q_seq`;
const ofJudged = (from: string, which: string) => `SELECT jr.arrival FROM ${from} CROSS JOIN records jr
  WHERE jj.county_id = :county AND ${which}
    AND jr.county_id = :county AND jr.tid = jj.tid AND jr.ep = jj.ep AND jr.hash = jj.hash`;
const PEOPLE = `(SELECT acct FROM residents WHERE county_id = :county AND name LIKE :like ESCAPE '\\' LIMIT :people)`;
const BY_PERSON = `${ofJudged('judgements jj', 'jj.acct = :q')}
  UNION ${ofJudged(`${PEOPLE} p CROSS JOIN judgements jj`, 'jj.acct = p.acct')}`;

/** What can be in a stage follows from how far each chain is; the rest of a stage's rule is looked at row by row. */
const ofChains = (from: string) => `SELECT cr.arrival FROM epochs ce CROSS JOIN records cr
  WHERE ce.county_id = :county AND cr.county_id = :county AND cr.tid = ce.tid AND cr.ep = ce.ep AND ${from}`;
const OF_STAGE: Partial<Record<Stage, string>> = {
  junk: ofChains('cr.seq IS NULL'),
  gap: ofChains('cr.seq > ce.stored_seq'),
  // Of a fork one branch is never judged, however far judging has come; nor is what is found later of an accepted hole.
  received: `${ofChains('cr.seq > ce.judged_seq')} UNION ${ofChains('cr.seq >= ce.forked_seq')}
    UNION SELECT hr.arrival FROM holes h CROSS JOIN records hr WHERE h.county_id = :county AND hr.county_id = :county
      AND hr.tid = h.tid AND hr.ep = h.ep AND hr.seq BETWEEN h.from_seq AND h.to_seq`,
  matched: ofChains('cr.seq > ce.closed_seq'),
  quarantined: ofJudged('judgements jj', "jj.stage = 'quarantined'"),
};

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
