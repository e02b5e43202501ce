import type { CardRow, ClerkRow, CountyRow, DownlinkStore, Place, RosterRow, TopUp } from '../../fleet/port.ts';
import { ledgerAccount } from '../../ledger/accounts.ts';
import { topUpPts } from '../../ledger/grants.ts';
import { transfer } from '../../ledger/transfers.ts';
import { type Context, nextDownlinkVersion, postTransfers, transaction } from './context.ts';

/** What goes down to terminals, on SQLite: top-ups, roster changes, grants. */
export function sqliteDownlinkStore(context: Context): DownlinkStore {
  const { db, county } = context;
  return {
    topUp: async (request) => transaction(context, () => topUp(context, request)),
    changesSince: async (request) => db.transaction(() => changesSince(context, request))(),
    async pepper(village) {
      const row = db
        .prepare(
          'SELECT pepper_version AS version, pepper_sealed AS sealed FROM villages WHERE county_id = ? AND village = ?',
        )
        .get(county, village);
      return (row as { version: number; sealed: Uint8Array } | undefined) ?? null;
    },
    async place(shop) {
      const row = db
        .prepare(
          `SELECT s.name, s.name_en, s.phone, v.name AS village, v.name_en AS village_en FROM shops s
           JOIN villages v ON v.county_id = s.county_id AND v.village = s.village WHERE s.county_id = ? AND s.shop = ?`,
        )
        .get(county, shop) as
        | { name: string; name_en: string; phone: string; village: string; village_en: string }
        | undefined;
      if (row === undefined) return null;
      const place: Place = {
        village: { zh: row.village, en: row.village_en },
        shop: { zh: row.name, en: row.name_en },
        phone: row.phone,
      };
      return place;
    },
    county: async () => countyRow(context),
  };
}

function topUp(context: Context, request: TopUp): number {
  const { db, county } = context;
  const rows = db
    .prepare(
      `SELECT r.acct, free.amount AS free, coalesce(open.amount, 0) AS open, coalesce(a.g, 0) AS g
       FROM residents r
         JOIN balances free ON free.county_id = r.county_id AND free.account = 'account:' || r.acct AND free.amount > 0
         LEFT JOIN balances open ON open.county_id = r.county_id
           AND open.account = 'allowance:' || r.acct || @suffix
         LEFT JOIN allowances a ON a.county_id = r.county_id AND a.tid = @tid AND a.ep = @ep AND a.acct = r.acct
       WHERE r.county_id = @county AND r.village = @village AND coalesce(open.amount, 0) < @cap LIMIT @limit`,
    )
    .all({
      county,
      tid: request.tid,
      ep: request.ep,
      // Made here: the driver binds every number as a float, and SQL would write epoch 1 as "1.0".
      suffix: `:${request.tid}:${request.ep}`,
      village: request.village,
      cap: request.capPts,
      limit: request.limit,
    }) as { acct: string; free: number; open: number; g: number }[];
  const store = db.prepare(
    `INSERT INTO allowances (county_id, tid, ep, acct, g, grant_jws, grant_version) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET g = excluded.g, grant_jws = excluded.grant_jws, grant_version = excluded.grant_version`,
  );
  const touch = db.prepare('UPDATE residents SET roster_version = ? WHERE county_id = ? AND acct = ?');
  for (const row of rows) {
    const pts = topUpPts(row.free, row.open, request.capPts);
    const G = row.g + pts;
    const id = `grant:${row.acct}.${request.tid}.${request.ep}.${G}`;
    const allowance = ledgerAccount.allowance(row.acct, request.tid, request.ep);
    const move = transfer('grant', id, ledgerAccount.account(row.acct), allowance, pts, `${request.tid}.${request.ep}`);
    postTransfers(context, [move], request.at);
    const version = nextDownlinkVersion(context);
    store.run(county, request.tid, request.ep, row.acct, G, request.sign(row.acct, G), version);
    touch.run(version, county, row.acct);
  }
  return rows.length;
}

function changesSince(context: Context, q: Parameters<DownlinkStore['changesSince']>[0]) {
  const { db, county } = context;
  const newest = db.prepare('SELECT downlink_version FROM counties WHERE county_id = ?').pluck().get(county) as number;
  const grants = db
    .prepare(
      `SELECT grant_jws AS jws, grant_version AS version FROM allowances
       WHERE county_id = ? AND tid = ? AND ep = ? AND grant_version > ? ORDER BY grant_version LIMIT ?`,
    )
    .all(county, q.tid, q.ep, q.version, q.limit) as { jws: string; version: number }[];
  const rows = db
    .prepare(
      `SELECT r.acct, r.name, r.initials, r.roster_version AS version, coalesce(b.amount, 0) AS freePts FROM residents r
         LEFT JOIN balances b ON b.county_id = r.county_id AND b.account = 'account:' || r.acct
       WHERE r.county_id = ? AND r.village = ? AND r.roster_version > ? ORDER BY r.roster_version LIMIT ?`,
    )
    .all(county, q.village, q.version, q.limit) as (RosterRow & { version: number })[];
  // A page ends where the shorter of the two full lists ends, so that a grant never arrives without its account.
  const ends = [grants, rows].filter((list) => list.length === q.limit).map((list) => list.at(-1)?.version ?? newest);
  const version = Math.min(newest, ...ends);
  const clerks = db
    .prepare('SELECT clerk, name FROM clerks WHERE county_id = ? AND village = ? AND roster_version > ?')
    .all(county, q.village, q.version) as { clerk: string; name: string }[];
  return {
    version,
    more: version < newest && ends.length > 0,
    grants: grants.filter((grant) => grant.version <= version).map((grant) => grant.jws),
    rows: rows
      .filter((row) => row.version <= version)
      .map((row) => ({ ...row, cards: cardsOf(context, 'acct', row.acct) })),
    clerks: clerks.map((clerk): ClerkRow => ({ ...clerk, cards: cardsOf(context, 'clerk', clerk.clerk) })),
  };
}

function cardsOf({ db, county }: Context, owner: 'acct' | 'clerk', id: string): CardRow[] {
  return db
    .prepare(
      `SELECT kind, uid_sealed AS uidSealed, last4, state, pin_salt AS pinSalt, pin_sealed AS pinSealed
       FROM cards WHERE county_id = ? AND ${owner} = ? ORDER BY card`,
    )
    .all(county, id) as CardRow[];
}

function countyRow({ db, county }: Context): CountyRow | null {
  const row = db.prepare('SELECT * FROM counties WHERE county_id = ?').get(county) as
    | Record<string, string | number | null>
    | undefined;
  if (row === undefined) return null;
  return {
    id: county,
    name: String(row.name),
    nameEn: String(row.name_en),
    timeZone: String(row.time_zone),
    inc: String(row.inc),
    policy: JSON.parse(String(row.policy_json)),
    policyVersion: Number(row.policy_version),
    catalogueJws: String(row.catalogue_jws ?? ''),
    catalogueVersion: Number(row.catalogue_version),
    hotlistVersion: Number(row.hotlist_version),
  };
}
