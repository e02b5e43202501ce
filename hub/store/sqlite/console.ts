import type { BalanceRow, HomeView, Stage, TerminalState } from '../../../protocol/api/console.ts';
import type { SyncResponse } from '../../../protocol/sync/messages.ts';
import type { ConsoleStore } from '../../api/console-port.ts';
import { recordQueries } from './console-records.ts';
import type { Context } from './context.ts';

/** What the console's pages show, on SQLite. */
export function sqliteConsoleStore(context: Context): ConsoleStore {
  const { db, county } = context;
  return {
    ...recordQueries(context),
    home: async (at) => db.transaction(() => home(context, at))(),
    balances: async (query) => balances(context, query),
    async shops() {
      return db
        .prepare(
          `SELECT s.shop, s.name, v.name AS village FROM shops s
           JOIN villages v ON v.county_id = s.county_id AND v.village = s.village WHERE s.county_id = ? ORDER BY s.shop`,
        )
        .all(county) as { shop: string; name: string; village: string }[];
    },
    async judgedOf(tid, ep, limit) {
      const rows = db
        .prepare(
          `SELECT seq, stage, flags_json, code FROM judgements WHERE county_id = ? AND tid = ? AND ep = ?
           ORDER BY seq DESC LIMIT ?`,
        )
        .all(county, tid, ep, limit) as { seq: number; stage: string; flags_json: string; code: string | null }[];
      return rows.reverse().map((row): SyncResponse['judged'][number] => ({
        ...{ ep, seq: row.seq, stage: row.stage, flags: JSON.parse(row.flags_json) as string[] },
        ...(row.code === null ? {} : { code: row.code }),
      }));
    },
  };
}

function home({ db, county }: Context, at: number): HomeView {
  const sums = db
    .prepare(
      `SELECT substr(account, 1, instr(account || ':', ':') - 1) AS kind, sum(amount) AS pts
       FROM balances WHERE county_id = ? GROUP BY kind`,
    )
    .all(county) as { kind: string; pts: number }[];
  const pts = (kind: string) => sums.find((sum) => sum.kind === kind)?.pts ?? 0;
  const terminals: Record<TerminalState, number> = {
    ...{ 'awaiting-device': 0, 'awaiting-confirmation': 0, open: 0, frozen: 0, ended: 0, revoked: 0 },
  };
  const states = db.prepare('SELECT state, count(*) AS n FROM epochs WHERE county_id = ? GROUP BY state').all(county);
  for (const row of states as { state: TerminalState; n: number }[]) terminals[row.state] = row.n;
  return {
    asOf: at,
    issuedPts: -pts('programme'),
    redeemedPts: pts('shop') + pts('settled'),
    leasedPts: pts('allowance'),
    freePts: pts('account'),
    ledgerSumPts: sums.reduce((total, sum) => total + sum.pts, 0),
    terminals,
    records: stages({ db, county }),
  };
}

function stages({ db, county }: Context): Record<Stage, number> {
  const counts: Record<Stage, number> = {
    ...{ received: 0, gap: 0, matched: 0, quarantined: 0, closed: 0, settled: 0, junk: 0 },
  };
  const judged = db
    .prepare('SELECT stage, count(*) AS n FROM judgements WHERE county_id = ? GROUP BY stage')
    .all(county);
  for (const row of judged as { stage: Stage; n: number }[]) counts[row.stage] = row.n;
  const rest = db
    .prepare(
      `SELECT CASE WHEN r.seq IS NULL THEN 'junk' WHEN r.seq <= e.stored_seq THEN 'received' ELSE 'gap' END AS stage, count(*) AS n
       FROM records r JOIN epochs e ON e.county_id = r.county_id AND e.tid = r.tid AND e.ep = r.ep
       WHERE r.county_id = ? AND (r.seq IS NULL OR r.seq > e.judged_seq) GROUP BY 1`,
    )
    .all(county) as { stage: Stage; n: number }[];
  for (const row of rest) counts[row.stage] = row.n;
  return counts;
}

function balances({ db, county }: Context, query: Parameters<ConsoleStore['balances']>[0]) {
  const like = `%${(query.q ?? '').replace(/[\\%_]/g, '\\$&')}%`;
  const rows = db
    .prepare(
      `SELECT r.acct, r.name, v.name AS village,
         (SELECT group_concat(c.last4) FROM cards c WHERE c.county_id = r.county_id AND c.acct = r.acct) AS last4,
         EXISTS (SELECT 1 FROM cards c WHERE c.county_id = r.county_id AND c.acct = r.acct AND c.state = 'blocked') AS blocked,
         coalesce((SELECT amount FROM balances b WHERE b.county_id = r.county_id AND b.account = 'account:' || r.acct), 0) AS accountPts,
         coalesce((SELECT amount FROM balances b WHERE b.county_id = r.county_id AND b.account = 'pending:' || r.acct), 0) AS pendingPts,
         coalesce((SELECT sum(a.g - a.r - (a.s - a.v)) FROM allowances a WHERE a.county_id = r.county_id AND a.acct = r.acct), 0) AS allowancePts,
         coalesce((SELECT sum(j.pts) FROM judgements j WHERE j.county_id = r.county_id AND j.acct = r.acct AND j.stage = 'quarantined'), 0) AS suspensePts
       FROM residents r JOIN villages v ON v.county_id = r.county_id AND v.village = r.village
       WHERE r.county_id = @county AND r.acct > @cursor AND (@q = '' OR r.acct = @q OR r.name LIKE @like ESCAPE '\\'
         OR EXISTS (SELECT 1 FROM cards c WHERE c.county_id = r.county_id AND c.acct = r.acct AND c.last4 = @q))
       ORDER BY r.acct LIMIT @limit + 1`,
    )
    .all({ county, cursor: query.cursor ?? '', q: query.q ?? '', like, limit: query.limit }) as (Omit<
    BalanceRow,
    'last4' | 'blocked'
  > & { last4: string | null; blocked: number })[];
  const shown = rows.slice(0, query.limit);
  return {
    rows: shown.map((row) => ({ ...row, last4: row.last4?.split(',') ?? [], blocked: row.blocked === 1 })),
    next: rows.length > query.limit ? (shown.at(-1)?.acct ?? null) : null,
  };
}
