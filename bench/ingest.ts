import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HubParts } from '../hub/parts.ts';
import { type PostgresServer, startPostgres } from '../test/support/postgres.ts';
import { type Row, rate } from './report.ts';
import { createFleetCounty } from './support/fleet-county.ts';
import { freePort, postSync, startHub } from './support/hub-process.ts';
import { postgresFloorMs, sqliteFloorMs, verifyFloorMs } from './support/ingest-floor.ts';
import { type Envelope, envelopesOf, type Fleet } from './support/signed-fleet.ts';

/**
 * `ingest`: records signed beforehand, by HTTP into a hub of its own process: received, durable, verified, matched,
 * posted. Floor: every signature verified once on all cores, plus the same bytes inserted raw with the same indices.
 */
const SIZE = { terminals: 300, records: 100_000 };
const BATCH = 200;
/** Terminals that talk at the same time: a fifth of the fleet. Each waits for its answer before it sends more. */
const AT_ONCE = 60;
const GOALS = { sqlite: 0.6, postgres: 0.4 };
const GOAL_SQLITE_RATE = 5_000;

export async function benchIngest(say: (line: string) => void): Promise<Row[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tally-bench-'));
  let server: PostgresServer | null = null;
  try {
    say(`ingest: signing ${SIZE.records} records`);
    server = await startPostgres();
    const rows: Row[] = [];
    for (const engine of (process.env.ENGINES?.split(',') ?? ['sqlite', 'postgres']) as ('sqlite' | 'postgres')[]) {
      const store = engine === 'sqlite' ? 'sqlite:hub.sqlite' : await server.database();
      const run = await ingest(store, join(dir, engine), SIZE, say);
      const rawMs =
        engine === 'sqlite'
          ? sqliteFloorMs(run.fleet, BATCH, join(dir, 'floor.sqlite'))
          : await postgresFloorMs(run.fleet, BATCH, await server.database());
      const verifyMs = await verifyFloorMs(run.fleet);
      say(`ingest ${engine}: ours ${Math.round(run.ms)} ms, floor ${Math.round(verifyMs)} + ${Math.round(rawMs)} ms`);
      const records = run.records;
      const measured = { floor: (records / (verifyMs + rawMs)) * 1_000, ours: (records / run.ms) * 1_000 };
      rows.push(rate('ingest', `${engine}, records matched and posted`, measured, GOALS[engine]));
      if (engine === 'sqlite')
        rows.push(rate('ingest', 'sqlite, at least', { floor: 0, ours: measured.ours }, GOAL_SQLITE_RATE));
    }
    return rows;
  } finally {
    await server?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

export interface Ingested {
  readonly fleet: Fleet;
  readonly ms: number;
  readonly records: number;
}

async function ingest(
  store: string,
  dir: string,
  size: { terminals: number; records: number },
  say: (line: string) => void,
): Promise<Ingested> {
  const county = await createFleetCounty({ dir, store, size });
  const { fleet } = county;
  const port = await freePort();
  const hub = await startHub({ config: county.configOn(port), port, nodeArgs: profiling() });
  try {
    const queues = fleet.terminals.map((terminal) => envelopesOf(terminal, fleet.inc, BATCH));
    const ms = await send(port, queues, say);
    const records = fleet.terminals.reduce((sum, terminal) => sum + terminal.records.length, 0);
    const counted = await county.open((parts) => matchedOf(parts, fleet));
    if (counted !== records) throw new Error(`${counted} of ${records} records were matched`);
    return { fleet, ms, records };
  } finally {
    await hub.stop();
  }
}

/** For whoever looks for what is left: TALLY_PROFILE=<dir> writes the hub's CPU profile there. */
function profiling(): string[] {
  const dir = process.env.TALLY_PROFILE;
  return dir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${dir}`];
}

/** Each terminal sends its batches in order; `AT_ONCE` terminals talk at a time, as they come. */
async function send(port: number, queues: Envelope[][], say: (line: string) => void): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const waiting = [...queues];
  let done = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let queue = waiting.shift(); queue !== undefined; queue = waiting.shift()) {
        for (const envelope of queue) await post(port, agent, envelope);
        done += 1;
        if (done % 60 === 0) say(`ingest: ${done} of ${queues.length} terminals`);
      }
    }),
  );
  const ms = performance.now() - began;
  agent.destroy();
  return ms;
}

/** A busy hub says when to come back. */
async function post(port: number, agent: Agent, envelope: Envelope): Promise<void> {
  for (;;) {
    const { status, retryAfterMs, body } = await postSync(port, agent, envelope);
    if (status === 200) return;
    if (status !== 429) throw new Error(`the hub answered ${status}: ${body.toString().slice(0, 300)}`);
    await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
  }
}

async function matchedOf(parts: HubParts, fleet: Fleet): Promise<number> {
  return parts.store.books.read(async (books) => {
    let matched = 0;
    for (const { tid } of fleet.terminals) {
      const rows = await books.list('judgements', 'ofChain', { tid, ep: 1 });
      matched += rows.filter((row) => row.stage === 'matched').length;
    }
    return matched;
  });
}
