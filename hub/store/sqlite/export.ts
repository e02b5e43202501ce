import type { TransferRow } from '../../../protocol/api/console.ts';
import type { ExportedEpoch, ExportedRecord, ExportStore } from '../../export/port.ts';
import { type Context, transaction } from './context.ts';

/** What an auditor is given, read in one snapshot while the hub goes on (WAL readers see the state they began with). */
export function sqliteExportStore(context: Context): ExportStore {
  const { db, county } = context;
  return {
    snapshot(work) {
      return db.transaction(() =>
        work({
          records: () => records(context),
          transfers: () =>
            db
              .prepare(
                'SELECT id, at, debit, credit, amount, kind, ref FROM transfers WHERE county_id = ? ORDER BY pos',
              )
              .iterate(county) as Iterable<TransferRow>,
          epochs: () =>
            db
              .prepare(
                `SELECT tid, ep, public_key AS publicKey, enrolment_jws AS enrolmentJws FROM epochs
                 WHERE county_id = ? AND enrolment_jws IS NOT NULL ORDER BY tid, ep`,
              )
              .iterate(county) as Iterable<ExportedEpoch>,
          previousManifest: () =>
            (db
              .prepare('SELECT manifest_sha256 FROM exports WHERE county_id = ? ORDER BY n DESC LIMIT 1')
              .pluck()
              .get(county) as string | undefined) ?? null,
        }),
      )();
    },
    noteExport(manifestSha256, at) {
      transaction(context, () => {
        db.prepare(
          `INSERT INTO exports (county_id, n, at, manifest_sha256)
           VALUES (@county, (SELECT coalesce(max(n), 0) + 1 FROM exports WHERE county_id = @county), @at, @manifestSha256)`,
        ).run({ county, at, manifestSha256 });
      });
    },
  };
}

function* records({ db, county }: Context): Generator<ExportedRecord> {
  const rows = db
    .prepare(
      `SELECT r.tid, r.ep, r.seq, r.jws, coalesce(j.flags_json, '[]') AS flags,
         CASE WHEN r.seq IS NULL THEN 'junk' WHEN j.stage IS NOT NULL THEN j.stage
           WHEN r.seq <= e.stored_seq THEN 'received' ELSE 'gap' END AS stage,
         (SELECT count(*) FROM records f WHERE f.county_id = r.county_id AND f.tid = r.tid AND f.ep = r.ep AND f.seq = r.seq) AS branches
       FROM records r
         LEFT JOIN epochs e ON e.county_id = r.county_id AND e.tid = r.tid AND e.ep = r.ep
         LEFT JOIN judgements j ON j.county_id = r.county_id AND j.tid = r.tid AND j.ep = r.ep AND j.seq = r.seq AND j.hash = r.hash
       WHERE r.county_id = ? ORDER BY r.tid, r.ep, r.seq IS NULL, r.seq, r.arrival`,
    )
    .iterate(county) as Iterable<ExportedRecord & { flags: string; branches: number }>;
  for (const { tid, ep, seq, jws, stage, flags, branches } of rows) {
    const list = JSON.parse(flags) as string[];
    yield { tid, ep, seq, jws, stage, flags: branches > 1 && seq !== null ? [...list, 'forked'] : list };
  }
}
