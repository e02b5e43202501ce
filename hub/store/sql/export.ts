import type { TransferRow } from '../../../protocol/api/console.ts';
import type { ExportedEpoch, ExportedRecord, ExportStore } from '../../export/port.ts';
import type { Engine, Sql } from '../engine/port.ts';
import { STAGE } from './console-records.ts';
import { originalText } from './junk-text.ts';

/** What an auditor is given, read in one snapshot while the hub goes on. */
export function exportStore(engine: Engine): ExportStore {
  return {
    snapshot: (work) =>
      engine.read((sql) =>
        work({
          records: () => records(sql),
          transfers: () =>
            sql.iterate<TransferRow>(
              'SELECT id, at, debit, credit, amount, kind, ref FROM transfers WHERE county_id = :county ORDER BY pos',
              { county: sql.county },
            ),
          closes: () =>
            sql.iterate(
              `SELECT tid, ep, seq, from_seq AS "from", to_seq AS "to", at, redeemed_count AS "redeemedCount",
                 redeemed_pts AS "redeemedPts", voided_count AS "voidedCount", voided_pts AS "voidedPts", auto, holed
               FROM closes WHERE county_id = :county ORDER BY tid, ep, from_seq`,
              { county: sql.county },
            ),
          epochs: () =>
            sql.all<ExportedEpoch>(
              `SELECT tid, ep, public_key AS "publicKey", enrolment_jws AS "enrolmentJws" FROM epochs
               WHERE county_id = :county AND enrolment_jws IS NOT NULL ORDER BY tid, ep`,
              { county: sql.county },
            ),
          async previousManifest() {
            const text = `SELECT manifest_sha256 AS sha FROM exports WHERE county_id = :county ORDER BY n DESC LIMIT 1`;
            return (await sql.get<{ sha: string }>(text, { county: sql.county }))?.sha ?? null;
          },
        }),
      ),
    noteExport: (sha, at) =>
      engine.write(async (sql) => {
        const text = `INSERT INTO exports (county_id, n, at, manifest_sha256)
          SELECT CAST(:county AS TEXT), coalesce(max(n), 0) + 1, :at, :sha FROM exports WHERE county_id = :county`;
        await sql.run(text, { county: sql.county, at, sha });
      }),
  };
}

async function* records(sql: Sql): AsyncGenerator<ExportedRecord> {
  const rows = sql.iterate<Omit<ExportedRecord, 'flags'> & { flags: string; branches: number; behind: number }>(
    `SELECT r.tid, r.ep, r.seq, r.jws, coalesce(j.flags, '[]') AS flags, ${STAGE} AS stage,
       (SELECT count(*) FROM records f WHERE f.county_id = r.county_id AND f.tid = r.tid AND f.ep = r.ep AND f.seq = r.seq) AS branches,
       (SELECT count(*) FROM holes h WHERE h.county_id = r.county_id AND h.tid = r.tid AND h.ep = r.ep AND h.to_seq = r.seq - 1) AS behind
     FROM records r
       LEFT JOIN epochs e ON e.county_id = r.county_id AND e.tid = r.tid AND e.ep = r.ep
       LEFT JOIN judgements j ON j.county_id = r.county_id AND j.tid = r.tid AND j.ep = r.ep AND j.seq = r.seq AND j.hash = r.hash
     WHERE r.county_id = :county
     ORDER BY r.tid, r.ep, CASE WHEN r.seq IS NULL THEN 1 ELSE 0 END, r.seq, r.arrival`,
    { county: sql.county },
  );
  for await (const { tid, ep, seq, jws, stage, flags, branches, behind } of rows) {
    const more = [...(branches > 1 && seq !== null ? ['forked'] : []), ...(behind > 0 ? ['hole'] : [])];
    yield {
      tid,
      ep,
      seq,
      jws: originalText(jws),
      stage,
      flags: [...new Set([...(JSON.parse(flags) as string[]), ...more])],
    };
  }
}
