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
  const sums = await kindSums(sql);
  const pts = (name: string) => sums.get(name) ?? 0;
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
    ledgerSumPts: [...sums.values()].reduce((total, sum) => total + sum, 0),
    terminals,
    records: await stages(sql),
  };
}

/** A county has millions of balances: some at a time, so that no kiosk waits for an operator's page. All of one snapshot. */
async function kindSums(sql: Sql): Promise<ReadonlyMap<string, number>> {
  const kind = accountKind(sql.dialect, 'account');
  const text = `SELECT ${kind} AS kind, CAST(sum(amount) AS BIGINT) AS pts, count(*) AS n, max(account) AS last
    FROM (SELECT account, amount FROM balances WHERE county_id = :county AND account > :after ORDER BY account
      LIMIT :slice) b GROUP BY ${kind}`;
  const sums: Map<string, number> = new Map();
  let after = '';
  for (;;) {
    const rows = await sql.all<{ kind: string; pts: number; n: number; last: string }>(text, { after, slice: SLICE });
    let read = 0;
    for (const { kind: name, pts, n, last } of rows) {
      sums.set(name, (sums.get(name) ?? 0) + pts);
      read += n;
      if (last > after) after = last;
    }
    if (read < SLICE) return sums;
    await new Promise((next) => setImmediate(next));
  }
}

/** Some ten milliseconds. */
const SLICE = 20_000;

/** Counted by how far each chain is, not record by record: the judged are a contiguous prefix, accepted holes aside. */
async function stages(sql: Sql): Promise<Record<Stage, number>> {
  const one = async (text: string) => {
    const row = await sql.get<Record<string, number>>(text);
    return (name: string) => row?.[name] ?? 0;
  };
  const chains = await one(`SELECT CAST(sum(judged_seq) AS BIGINT) AS judged, CAST(sum(closed_seq) AS BIGINT) AS closed
    FROM epochs WHERE county_id = :county`);
  const length = (until: string) =>
    `CAST(sum(CASE WHEN h.to_seq <= ${until} THEN h.to_seq - h.from_seq + 1 ELSE 0 END) AS BIGINT)`;
  const holes = await one(`SELECT ${length('e.judged_seq')} AS judged, ${length('e.closed_seq')} AS closed
    FROM holes h JOIN epochs e ON e.county_id = h.county_id AND e.tid = h.tid AND e.ep = h.ep WHERE h.county_id = :county`);
  const held =
    await one(`SELECT count(*) AS judged, CAST(sum(CASE WHEN j.seq <= e.closed_seq THEN 1 ELSE 0 END) AS BIGINT) AS closed
    FROM judgements j JOIN epochs e ON e.county_id = j.county_id AND e.tid = j.tid AND e.ep = j.ep
    WHERE j.county_id = :county AND j.stage = 'quarantined'`);
  const unjudged =
    await one(`SELECT count(*) AS n, CAST(sum(CASE WHEN r.seq > e.stored_seq THEN 1 ELSE 0 END) AS BIGINT) AS gap
    FROM epochs e CROSS JOIN records r WHERE e.county_id = :county AND r.county_id = :county
      AND r.tid = e.tid AND r.ep = e.ep AND r.seq > e.judged_seq`);
  const junk = await one(`SELECT count(*) AS n FROM epochs e CROSS JOIN records r
    WHERE e.county_id = :county AND r.county_id = :county AND r.tid = e.tid AND r.ep = e.ep AND r.seq IS NULL`);
  const closed = chains('closed') - holes('closed') - held('closed');
  return {
    ...{ received: unjudged('n') - unjudged('gap'), gap: unjudged('gap'), junk: junk('n'), settled: 0 },
    ...{ matched: chains('judged') - holes('judged') - held('judged') - closed, quarantined: held('judged'), closed },
  };
}

type BalanceSqlRow = Omit<BalanceRow, 'last4' | 'blocked'> & { last4: string | null; blocked: number };

async function balances(sql: Sql, query: Parameters<ConsoleStore['balances']>[0]) {
  const like = `%${(query.q ?? '').replace(/[\\%_]/g, '\\$&')}%`;
  const rows = await sql.all<BalanceSqlRow>(
    `SELECT r.acct, r.name, v.name AS village,
       (SELECT string_agg(c.last4, ',') FROM cards c WHERE c.county_id = r.county_id AND c.acct = r.acct) AS last4,
       CASE WHEN EXISTS (SELECT 1 FROM cards c WHERE c.county_id = r.county_id AND c.acct = r.acct AND c.state <> 'good')
         THEN 1 ELSE 0 END AS blocked,
       coalesce((SELECT amount FROM balances b WHERE b.county_id = r.county_id AND b.account = 'account:' || r.acct), 0) AS "accountPts",
       coalesce((SELECT amount FROM balances b WHERE b.county_id = r.county_id AND b.account = 'pending:' || r.acct), 0) AS "pendingPts",
       coalesce((SELECT CAST(sum(a.g - a.r - (a.s - a.v)) AS BIGINT) FROM allowances a
         WHERE a.county_id = r.county_id AND a.acct = r.acct), 0) AS "allowancePts",
       coalesce((SELECT CAST(sum(h.left_pts) AS BIGINT) FROM holds h
         WHERE h.county_id = r.county_id AND h.acct = r.acct AND h.state = 'held'), 0) AS "suspensePts"
     FROM residents r JOIN villages v ON v.county_id = r.county_id AND v.village = r.village
     WHERE r.county_id = :county AND r.acct > :cursor AND (:q = '' OR r.acct = :q OR r.name LIKE :like ESCAPE '\\'
       OR r.acct IN (SELECT c.acct FROM cards c WHERE c.county_id = :county AND c.last4 = :q))
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
