import type { BalanceRow, HomeView, Stage, TerminalRow, TerminalState } from '../../../protocol/api/console.ts';
import type { ConsoleStore } from '../../api/console-port.ts';
import type { BookStore } from '../../ledger/books.ts';
import { accountKind } from '../engine/dialect.ts';
import type { Engine, Sql } from '../engine/port.ts';
import { programmeLists } from './console-programme.ts';
import { recordQueries } from './console-records.ts';

/** What the console's pages show: each list one statement, the same on both engines. */
export function consoleStore(engine: Engine, books: BookStore): ConsoleStore {
  return {
    ...programmeLists(engine, books),
    ...recordQueries(engine),
    home: (at) => engine.read((sql) => home(sql, at)),
    balances: (query) => engine.read((sql) => balances(sql, query)),
    terminals: () => engine.read(terminals),
    shops: () =>
      engine.read((sql) =>
        sql.all(
          `SELECT s.shop, s.name, v.name AS village FROM shops s
             JOIN villages v ON v.county_id = s.county_id AND v.village = s.village
           WHERE s.county_id = :county ORDER BY s.shop`,
          { county: sql.county },
        ),
      ),
  };
}

async function home(sql: Sql, at: number): Promise<HomeView> {
  const { county } = sql;
  const kind = accountKind(sql.dialect, 'account');
  const sums = await sql.all<{ kind: string; pts: number }>(
    `SELECT ${kind} AS kind, CAST(sum(amount) AS BIGINT) AS pts FROM balances WHERE county_id = :county GROUP BY ${kind}`,
    { county },
  );
  const pts = (name: string) => sums.find((sum) => sum.kind === name)?.pts ?? 0;
  const terminals: Record<TerminalState, number> = {
    ...{ 'awaiting-device': 0, 'awaiting-confirmation': 0, open: 0, frozen: 0, ended: 0, revoked: 0 },
  };
  const states = await sql.all<{ state: TerminalState; n: number }>(
    'SELECT state, count(*) AS n FROM epochs WHERE county_id = :county GROUP BY state',
    { county },
  );
  for (const row of states) terminals[row.state] = row.n;
  return {
    asOf: at,
    issuedPts: -pts('programme'),
    redeemedPts: pts('shop') + pts('settled'),
    leasedPts: pts('allowance'),
    freePts: pts('account'),
    ledgerSumPts: sums.reduce((total, sum) => total + sum.pts, 0),
    terminals,
    records: await stages(sql),
  };
}

async function stages(sql: Sql): Promise<Record<Stage, number>> {
  const { county } = sql;
  const counts: Record<Stage, number> = {
    ...{ received: 0, gap: 0, matched: 0, quarantined: 0, closed: 0, settled: 0, junk: 0 },
  };
  const judged = await sql.all<{ stage: Stage; n: number }>(
    `SELECT CASE WHEN j.stage = 'matched' AND j.seq <= e.closed_seq THEN 'closed' ELSE j.stage END AS stage, count(*) AS n
     FROM judgements j JOIN epochs e ON e.county_id = j.county_id AND e.tid = j.tid AND e.ep = j.ep
     WHERE j.county_id = :county GROUP BY 1`,
    { county },
  );
  for (const row of judged) counts[row.stage] = row.n;
  const rest = await sql.all<{ stage: Stage; n: number }>(
    `SELECT CASE WHEN r.seq IS NULL THEN 'junk' WHEN r.seq <= e.stored_seq THEN 'received' ELSE 'gap' END AS stage, count(*) AS n
     FROM records r JOIN epochs e ON e.county_id = r.county_id AND e.tid = r.tid AND e.ep = r.ep
     WHERE r.county_id = :county AND (r.seq IS NULL OR r.seq > e.judged_seq) GROUP BY 1`,
    { county },
  );
  for (const row of rest) counts[row.stage] = row.n;
  return counts;
}

type BalanceSqlRow = Omit<BalanceRow, 'last4' | 'blocked'> & { last4: string | null; blocked: number };

async function balances(sql: Sql, query: Parameters<ConsoleStore['balances']>[0]) {
  const like = `%${(query.q ?? '').replace(/[\\%_]/g, '\\$&')}%`;
  const rows = await sql.all<BalanceSqlRow>(
    `SELECT r.acct, r.name, v.name AS village,
       (SELECT string_agg(c.last4, ',') FROM cards c WHERE c.county_id = r.county_id AND c.acct = r.acct) AS last4,
       CASE WHEN EXISTS (SELECT 1 FROM cards c WHERE c.county_id = r.county_id AND c.acct = r.acct AND c.state = 'blocked')
         THEN 1 ELSE 0 END AS blocked,
       coalesce((SELECT amount FROM balances b WHERE b.county_id = r.county_id AND b.account = 'account:' || r.acct), 0) AS "accountPts",
       coalesce((SELECT amount FROM balances b WHERE b.county_id = r.county_id AND b.account = 'pending:' || r.acct), 0) AS "pendingPts",
       coalesce((SELECT CAST(sum(a.g - a.r - (a.s - a.v)) AS BIGINT) FROM allowances a
         WHERE a.county_id = r.county_id AND a.acct = r.acct), 0) AS "allowancePts",
       coalesce((SELECT CAST(sum(h.left_pts) AS BIGINT) FROM holds h
         WHERE h.county_id = r.county_id AND h.acct = r.acct AND h.state = 'held'), 0) AS "suspensePts"
     FROM residents r JOIN villages v ON v.county_id = r.county_id AND v.village = r.village
     WHERE r.county_id = :county AND r.acct > :cursor AND (:q = '' OR r.acct = :q OR r.name LIKE :like ESCAPE '\\'
       OR EXISTS (SELECT 1 FROM cards c WHERE c.county_id = r.county_id AND c.acct = r.acct AND c.last4 = :q))
     ORDER BY r.acct LIMIT :row_limit`,
    { county: sql.county, cursor: query.cursor ?? '', q: query.q ?? '', like, row_limit: query.limit + 1 },
  );
  const shown = rows.slice(0, query.limit);
  return {
    rows: shown.map((row) => ({ ...row, last4: row.last4?.split(',') ?? [], blocked: row.blocked === 1 })),
    next: rows.length > query.limit ? (shown.at(-1)?.acct ?? null) : null,
  };
}

async function terminals(sql: Sql): Promise<TerminalRow[]> {
  const rows = await sql.all<Omit<TerminalRow, 'health'> & { healthJson: string | null }>(
    `SELECT e.tid, e.ep, e.shop, e.state, e.fingerprint, e.issued_by AS "issuedBy", e.stored_seq AS "storedSeq",
       e.judged_seq AS "judgedSeq", t.last_sync_at AS "lastSyncAt", t.health_json AS "healthJson",
       s.name AS "shopName", v.name AS "villageName",
       (SELECT CAST(coalesce(sum(a.g - a.r - (a.s - a.v)), 0) AS BIGINT) FROM allowances a
         WHERE a.county_id = e.county_id AND a.tid = e.tid AND a.ep = e.ep) AS "openPts"
     FROM epochs e JOIN terminals t ON t.county_id = e.county_id AND t.tid = e.tid
       JOIN shops s ON s.county_id = e.county_id AND s.shop = e.shop
       JOIN villages v ON v.county_id = s.county_id AND v.village = s.village
     WHERE e.county_id = :county ORDER BY e.tid, e.ep`,
    { county: sql.county },
  );
  return rows.map(({ healthJson, ...row }) => ({
    ...row,
    health: healthJson === null ? null : JSON.parse(healthJson),
  }));
}
