import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HubParts } from '../hub/parts.ts';
import { type PostgresServer, startPostgres } from '../test/support/postgres.ts';
import { type Row, rate } from './report.ts';
import { createFleetCounty, type FleetCounty } from './support/fleet-county.ts';
import { freePort, postSync, startHub } from './support/hub-process.ts';
import { postgresFloorMs, sqliteFloorMs, verifyFloorMs } from './support/ingest-floor.ts';
import { type Envelope, envelopesOf, type Fleet } from './support/signed-fleet.ts';

/**
 * `ingest`: records signed beforehand, by HTTP into a hub of its own process: received, durable, verified, matched,
 * posted. Floor: every signature verified once on all cores, plus the same bytes inserted raw with the same indices.
 */
const SIZE = { terminals: 300, records: 100_000 };
/**
 * Terminals before those, with as many records each: a hub that has just started spends its first seconds on compiling. The
 * floor's workers, too, stand ready before its clock runs.
 */
const WARMING = 30;
/** Of each engine; the one in the middle counts. */
const ROUNDS = 3;
const BATCH = 200;
/** Terminals that talk at the same time: a fifth of the fleet. Each waits for its answer before it sends more. */
const AT_ONCE = 60;
const GOALS = { sqlite: 0.6, postgres: 0.4 };
const GOAL_SQLITE_RATE = 5_000;
type Engine = keyof typeof GOALS;

export async function benchIngest(say: (line: string) => void): Promise<Row[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tally-bench-'));
  let server: PostgresServer | null = null;
  try {
    server = await startPostgres();
    const rows: Row[] = [];
    for (const engine of (process.env.ENGINES?.split(',') ?? ['sqlite', 'postgres']) as Engine[]) {
      const rounds: Ingested[] = [];
      for (let n = 1; n <= ROUNDS; n++) rounds.push(await round(engine, join(dir, `${engine}-${n}`), server, say));
      const { ms, floorMs: floor, records } = medianOf(rounds);
      const measured = { floor: (records / floor) * 1_000, ours: (records / ms) * 1_000 };
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

/** Ours between two floors: a machine that others use too is not as fast from one minute to the next. */
async function round(
  engine: Engine,
  dir: string,
  server: PostgresServer,
  say: (line: string) => void,
): Promise<Ingested> {
  say(`ingest ${engine}: signing ${SIZE.records} records`);
  const store = engine === 'sqlite' ? 'sqlite:hub.sqlite' : server.onSocket(await server.database());
  const terminals = SIZE.terminals + WARMING;
  const size = { terminals, records: Math.ceil((SIZE.records * terminals) / SIZE.terminals) };
  const county = await createFleetCounty({ dir, store, size });
  const { fleet: all } = county;
  const fleet = { ...all, terminals: all.terminals.slice(WARMING) };
  const warming = { ...all, terminals: all.terminals.slice(0, WARMING) };
  const floor = async (n: number) => {
    const verifyMs = await verifyFloorMs(fleet);
    const file = join(dir, `floor-${n}.sqlite`);
    const raw =
      engine === 'sqlite'
        ? sqliteFloorMs(fleet, BATCH, file)
        : await postgresFloorMs(fleet, BATCH, server.onSocket(await server.database()));
    return verifyMs + raw;
  };
  const floorsMs = [await floor(1)];
  const { ms, records } = await ingest(county, warming, fleet, say);
  floorsMs.push(await floor(2));
  say(`ingest ${engine}: ours ${Math.round(ms)} ms, floor before and after ${floorsMs.map(Math.round).join(', ')} ms`);
  return { ms, floorMs: floorsMs.reduce((sum, each) => sum + each, 0) / floorsMs.length, records };
}

function medianOf(rounds: readonly Ingested[]): Ingested {
  const sorted = [...rounds].sort((a, b) => a.floorMs / a.ms - b.floorMs / b.ms);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined) throw new Error('no round was run');
  return median;
}

interface Ingested {
  readonly ms: number;
  readonly floorMs: number;
  readonly records: number;
}

async function ingest(
  county: FleetCounty,
  warming: Fleet,
  fleet: Fleet,
  say: (line: string) => void,
): Promise<Pick<Ingested, 'ms' | 'records'>> {
  const port = await freePort();
  const hub = await startHub({ config: county.configOn(port), port, nodeArgs: profiling() });
  try {
    const [first, queues] = [queuesOf(warming), queuesOf(fleet)];
    await send(port, first, () => undefined);
    const ms = await send(port, queues, say);
    const records = fleet.terminals.reduce((sum, terminal) => sum + terminal.records.length, 0);
    const counted = await county.open((parts) => matchedOf(parts, fleet));
    if (counted !== records) throw new Error(`${counted} of ${records} records were matched`);
    return { ms, records };
  } finally {
    await hub.stop();
  }
}

function queuesOf({ terminals, inc }: Fleet): Envelope[][] {
  return terminals.map((terminal) => envelopesOf(terminal, inc, BATCH));
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
        if (done % 100 === 0) say(`ingest: ${done} of ${queues.length} terminals`);
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
