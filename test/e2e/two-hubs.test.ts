import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFleetCounty, type FleetCounty } from '../../bench/support/fleet-county.ts';
import { faultsOf, verifyFaults } from '../support/fleet-audit.ts';
import { type PostgresServer, startPostgres, withoutPostgres } from '../support/postgres.ts';
import { decidedFaults, LEAST_TIMES, runTwoHubs, type TwoHubsRun } from '../support/two-hubs-run.ts';

/** Two hubs on one PostgreSQL: a seeded slice here, a minute with `npm run test:long -- two-hubs`. */

const MS = Number(process.env.TALLY_TWO_HUBS_MS ?? 6_000);
const SEED = Number(process.env.TALLY_TWO_HUBS_SEED ?? 20261128);
const TERMINALS = 8;
const RECORDS_A_SECOND = 400;
/** Much more than any account holds: what comes to an account goes on to its kiosk at the next sync. */
const CAP_PTS = 10_000_000;

describe.skipIf(withoutPostgres)('two hubs on one PostgreSQL', () => {
  let dir: string;
  let server: PostgresServer;
  let county: FleetCounty;
  let run: TwoHubsRun;

  beforeAll(
    async () => {
      dir = mkdtempSync(join(tmpdir(), 'tally-two-hubs-'));
      server = await startPostgres();
      county = await createFleetCounty({
        ...{ dir, store: await server.database() },
        size: { terminals: TERMINALS, records: (MS / 1_000) * RECORDS_A_SECOND, wrongPriceEvery: 11 },
        policy: { capPts: CAP_PTS, pinAbovePts: 50, objectionDays: 0 },
      });
      const onProgress = (acknowledged: number) =>
        process.stderr.write(MS < 30_000 ? '' : `two-hubs: ${acknowledged} records answered as stored\n`);
      run = await runTwoHubs(county, { ms: MS, seed: SEED, onProgress });
      const { people, kiosks, underLoad, senders } = run;
      const acknowledged = senders.reduce((sum, sender) => sum + sender.acked(), 0);
      process.stderr.write(`two-hubs: ${JSON.stringify({ acknowledged, underLoad, ...kiosks, ...people })}\n`);
    },
    180_000 + 4 * MS,
  );
  afterAll(async () => {
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('hear every kiosk and let each thing be decided once', () => {
    expect(run.faults).toEqual([]);
    const { busy: _busy, ...ways } = run.kiosks;
    const { credits, released, rejected, freezes } = run.people;
    const times = { ...ways, credits, freezes, decided: released + rejected };
    // Otherwise nothing was put to the test.
    for (const [what, each] of Object.entries(times)) expect(each, what).toBeGreaterThanOrEqual(LEAST_TIMES);
  });

  it('keep every record once, judge each chain once, and hold books that balance', async () => {
    expect(await county.open((parts) => faultsOf(parts, run.senders))).toEqual([]);
    expect(await county.open((parts) => decidedFaults(parts, run))).toEqual([]);
  });

  it('write an export in which verify finds nothing', async () => {
    expect(await verifyFaults(county)).toEqual([]);
  });
});
