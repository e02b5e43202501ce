import type { TerminalRow, TerminalState } from '../../../protocol/api/console.ts';
import type { EpochRecord, FleetStore } from '../../fleet/port.ts';
import { audit, type Context, transaction } from './context.ts';

/** Terminals, epochs and enrolment on SQLite. */
export function sqliteFleetStore(context: Context): FleetStore {
  const { db, county } = context;
  const select = `SELECT e.*, s.village FROM epochs e JOIN shops s ON s.county_id = e.county_id AND s.shop = e.shop`;
  const byCode = db.prepare(`${select} WHERE e.county_id = ? AND e.code_hash = ?`);
  const byId = db.prepare(`${select} WHERE e.county_id = ? AND e.tid = ? AND e.ep = ?`);
  const epochOf = (tid: string, ep: number) => toEpoch(byId.get(county, tid, ep) as EpochRow | undefined);

  return {
    async createTerminal(t, at) {
      return transaction(context, () => {
        if (!db.prepare('SELECT 1 FROM shops WHERE county_id = ? AND shop = ?').get(county, t.shop))
          return 'unknown-shop';
        if (db.prepare('SELECT 1 FROM terminals WHERE county_id = ? AND tid = ?').get(county, t.tid))
          return 'tid-taken';
        db.prepare('INSERT INTO terminals (county_id, tid, shop) VALUES (?, ?, ?)').run(county, t.tid, t.shop);
        db.prepare(
          `INSERT INTO epochs (county_id, tid, ep, shop, state, code_hash, code_expires_at, issued_by, pepper_sealed)
           VALUES (?, ?, 1, ?, 'awaiting-device', ?, ?, ?, ?)`,
        ).run(county, t.tid, t.shop, t.codeHash, t.codeExpiresAt, t.by, t.pepperSealed);
        audit(context, { at, user: t.by, act: 'terminal-created', subject: t.tid, detail: { shop: t.shop } });
        return 'created';
      });
    },
    epochByCode: async (codeHash) => toEpoch(byCode.get(county, codeHash) as EpochRow | undefined),
    epoch: async (tid, ep) => epochOf(tid, ep),
    async keys(tid) {
      const rows = db
        .prepare('SELECT ep, public_key FROM epochs WHERE county_id = ? AND tid = ? AND enrolment_jws IS NOT NULL')
        .all(county, tid) as { ep: number; public_key: Uint8Array }[];
      return new Map(rows.map((row) => [row.ep, row.public_key]));
    },
    async claimCode(tid, ep, publicKey, fingerprint) {
      return transaction(context, () => {
        const epoch = epochOf(tid, ep);
        if (epoch?.publicKey) return Buffer.compare(epoch.publicKey, publicKey) === 0 ? 'claimed' : 'other-key';
        if (db.prepare('SELECT 1 FROM epochs WHERE county_id = ? AND public_key = ?').get(county, publicKey)) {
          return 'key-in-use';
        }
        db.prepare(
          `UPDATE epochs SET public_key = ?, fingerprint = ?, state = 'awaiting-confirmation'
           WHERE county_id = ? AND tid = ? AND ep = ? AND state = 'awaiting-device'`,
        ).run(publicKey, fingerprint, county, tid, ep);
        return 'claimed';
      });
    },
    async confirm(tid, ep, by, enrolmentJws, enrolmentHash, at) {
      return transaction(context, () => {
        const epoch = epochOf(tid, ep);
        if (epoch?.state !== 'awaiting-confirmation') return 'not-waiting';
        if (epoch.issuedBy === by) return 'same-person';
        db.prepare(
          `UPDATE epochs SET state = 'open', confirmed_by = ?, enrolment_jws = ?, enrolment_hash = ?
           WHERE county_id = ? AND tid = ? AND ep = ?`,
        ).run(by, enrolmentJws, enrolmentHash, county, tid, ep);
        const detail = { ep, fingerprint: epoch.fingerprint };
        audit(context, { at, user: by, act: 'enrolment-confirmed', subject: tid, detail });
        return 'opened';
      });
    },
    async noteSync(tid, at, healthJson) {
      db.prepare(
        'UPDATE terminals SET last_sync_at = ?, health_json = coalesce(?, health_json) WHERE county_id = ? AND tid = ?',
      ).run(at, healthJson, county, tid);
    },
    rows: async () => terminalRows(context),
  };
}

function terminalRows({ db, county }: Context): TerminalRow[] {
  const rows = db
    .prepare(
      `SELECT e.tid, e.ep, e.shop, e.state, e.fingerprint, e.issued_by, e.stored_seq, e.judged_seq, t.last_sync_at, t.health_json,
         s.name AS shop_name, v.name AS village_name,
         (SELECT coalesce(sum(a.g - a.r - (a.s - a.v)), 0) FROM allowances a
           WHERE a.county_id = e.county_id AND a.tid = e.tid AND a.ep = e.ep) AS open_pts
       FROM epochs e JOIN terminals t ON t.county_id = e.county_id AND t.tid = e.tid
         JOIN shops s ON s.county_id = e.county_id AND s.shop = e.shop
         JOIN villages v ON v.county_id = s.county_id AND v.village = s.village
       WHERE e.county_id = ? ORDER BY e.tid, e.ep`,
    )
    .all(county) as TerminalSqlRow[];
  return rows.map((row) => ({
    tid: row.tid,
    ep: row.ep,
    shop: row.shop,
    shopName: row.shop_name,
    villageName: row.village_name,
    state: row.state,
    fingerprint: row.fingerprint,
    issuedBy: row.issued_by,
    lastSyncAt: row.last_sync_at,
    storedSeq: row.stored_seq,
    judgedSeq: row.judged_seq,
    openPts: row.open_pts,
    health: row.health_json === null ? null : JSON.parse(row.health_json),
  }));
}

function toEpoch(row: EpochRow | undefined): EpochRecord | null {
  if (row === undefined) return null;
  return {
    tid: row.tid,
    ep: row.ep,
    state: row.state,
    shop: row.shop,
    village: row.village,
    issuedBy: row.issued_by,
    codeExpiresAt: row.code_expires_at,
    publicKey: row.public_key,
    fingerprint: row.fingerprint,
    pepperSealed: row.pepper_sealed,
    enrolmentJws: row.enrolment_jws,
  };
}

interface EpochRow {
  readonly tid: string;
  readonly ep: number;
  readonly state: TerminalState;
  readonly shop: string;
  readonly village: string;
  readonly issued_by: string;
  readonly code_expires_at: number;
  readonly public_key: Uint8Array | null;
  readonly fingerprint: string | null;
  readonly pepper_sealed: Uint8Array;
  readonly enrolment_jws: string | null;
}
interface TerminalSqlRow {
  readonly tid: string;
  readonly ep: number;
  readonly shop: string;
  readonly state: TerminalState;
  readonly fingerprint: string | null;
  readonly issued_by: string;
  readonly stored_seq: number;
  readonly judged_seq: number;
  readonly last_sync_at: number | null;
  readonly health_json: string | null;
  readonly shop_name: string;
  readonly village_name: string;
  readonly open_pts: number;
}
