import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFleetCounty } from '../../bench/support/fleet-county.ts';
import { faultsOf, verifyFaults } from '../support/fleet-audit.ts';
import { type HubKillLoop, type HubKillOutcome, hubKillLoop } from '../support/hub-kill-loop.ts';
import { type PostgresServer, startPostgres, withoutPostgres } from '../support/postgres.ts';

/** kill -9 of the hub in the midst of ingest: a seeded slice here, fifty rounds an engine with `npm run test:long -- hub-kills`. */

const ROUNDS = Number(process.env.TALLY_HUB_KILL_ROUNDS ?? 3);
const SEED = Number(process.env.TALLY_HUB_KILL_SEED ?? 20261128);
const TERMINALS = 6;
/** More than a round sends, so that every kill falls into traffic. */
const RECORDS_A_ROUND = 500;
const ANSWERS_EARLY = fileURLToPath(new URL('../support/answers-early.cjs', import.meta.url));
const LONG_MS = 120_000 + ROUNDS * 20_000;

let dir: string;
let server: PostgresServer | null = null;
let counties = 0;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tally-hub-kills-'));
  if (!withoutPostgres) server = await startPostgres();
});
afterAll(async () => {
  await server?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const ENGINES = [
  { name: 'sqlite', skip: false },
  { name: 'postgres', skip: withoutPostgres },
];

/** Plays it on a new county of its own. */
async function play(engine: string, loopOn: (store: string) => Omit<HubKillLoop, 'seed' | 'server'>) {
  counties += 1;
  const place = join(dir, `${engine}-${counties}`);
  const onServer = engine === 'postgres' && server !== null ? { server } : {};
  const store = onServer.server ? await onServer.server.database() : `sqlite:${place}/hub.sqlite`;
  const loop = loopOn(store);
  const size = { terminals: TERMINALS, records: loop.rounds * RECORDS_A_ROUND, wrongPriceEvery: 17 };
  const county = await createFleetCounty({ dir: place, store, size });
  const [outcome, senders] = await hubKillLoop(county, { ...loop, ...onServer, seed: SEED });
  process.stderr.write(`hub-kills: ${engine}, ${summary(outcome)}\n`);
  return { outcome, county, senders };
}

function summary({ lost, doubled, faults, ...rest }: HubKillOutcome): string {
  return JSON.stringify({ ...rest, lost: lost.length, doubled: doubled.length, faults: faults.length });
}

/** Takes a record out of the books, past the triggers that let nobody. */
async function steal(store: string, tid: string, seq: number): Promise<void> {
  const taking = `DELETE FROM records WHERE tid = '${tid}' AND seq = ${seq}`;
  // On again, or the hub would see that they are off, and not start.
  await server?.sql(
    `ALTER TABLE records DISABLE TRIGGER USER; ${taking}; ALTER TABLE records ENABLE TRIGGER USER`,
    store,
  );
}

describe.each(ENGINES)('a hub killed in the midst of ingest, on $name', ({ name, skip }) => {
  it.skipIf(skip)(
    'loses and doubles nothing that it answered as stored, and goes on',
    async () => {
      const onRound = (round: number) => {
        if (round % 5 === 0) process.stderr.write(`hub-kills: ${name}, ${round} of ${ROUNDS} rounds\n`);
      };
      const { outcome, county, senders } = await play(name, () => ({ rounds: ROUNDS, onRound }));
      const faults = outcome.lost.length > 0 ? [] : await county.open((parts) => faultsOf(parts, senders));
      const verified = await verifyFaults(county);
      expect(outcome).toMatchObject({ lost: [], doubled: [], faults: [] });
      expect(faults).toEqual([]);
      expect(verified).toEqual([]);
      // Otherwise every kill fell into silence, and this proved nothing.
      expect(outcome.cut).toBeGreaterThanOrEqual(ROUNDS);
    },
    LONG_MS,
  );
});

describe('what would be found', () => {
  it.skipIf(withoutPostgres)('a record that was taken out of the books between kill and start', async () => {
    let taken = '';
    const { outcome } = await play('postgres', (store) => ({
      rounds: 3,
      async afterKill(senders) {
        const sender = senders.find((each) => each.acked() > 0);
        if (sender === undefined || taken !== '') return;
        taken = `${sender.tid}.1.${sender.acked()}`;
        await steal(store, sender.tid, sender.acked());
      },
    }));
    expect(taken).not.toBe('');
    expect(outcome.lost).toEqual([taken]);
  });

  it('a hub that answers before its commit', async () => {
    const { outcome } = await play('sqlite', () => ({ rounds: 6, nodeArgs: ['--require', ANSWERS_EARLY] }));
    expect(outcome.lost.length).toBeGreaterThan(0);
  });
});
