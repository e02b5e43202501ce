import { Agent } from 'node:http';
import type { FleetCounty } from '../../bench/support/fleet-county.ts';
import { freePort, type HubProcess, startHub } from '../../bench/support/hub-process.ts';
import { custodyOf } from './fleet-audit.ts';
import { AGAIN_MS, createSender, drain, type OutboxSender } from './outbox-sender.ts';
import type { PostgresServer } from './postgres.ts';
import { seeded } from './seeded.ts';

/**
 * A hub under load, killed (-9) at a random moment of its traffic again and again, or its PostgreSQL with it. Behind each
 * kill, before any kiosk sends again, all that was ever answered as stored must be there: what an outbox would only bring
 * once more is lost all the same.
 */
export interface HubKillLoop {
  readonly rounds: number;
  readonly seed: number;
  /** Where the books lie on PostgreSQL: then the server is killed too, now and then. */
  readonly server?: PostgresServer;
  readonly nodeArgs?: readonly string[];
  readonly onRound?: (round: number) => void;
  /** Breaks in between the kill and the next start. */
  readonly afterKill?: (senders: readonly OutboxSender[]) => Promise<void>;
}
export interface HubKillOutcome {
  readonly rounds: number;
  readonly kills: Readonly<Record<Victim, number>>;
  /** Records answered as stored. */
  readonly acknowledged: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Requests that a kill left without an answer. */
  readonly cut: number;
  /** Records that stood when they had not been answered: kills that fell between the commit and its answer. */
  readonly kept: number;
  readonly faults: readonly string[];
}
type Victim = 'hub' | 'server' | 'both';
/** In turn, where there is a server to kill. */
const VICTIMS: readonly Victim[] = ['hub', 'server', 'both', 'hub', 'hub'];

const BATCH_MAX = 24;
/** A kill falls so many answers, and then so many ms, behind the first request of its round. */
const ANSWERS_MAX = 16;
const SPREAD_MS = 40;
const ROUND_MS = 60_000;

export async function hubKillLoop(county: FleetCounty, loop: HubKillLoop): Promise<[HubKillOutcome, OutboxSender[]]> {
  const { server, rounds, seed } = loop;
  const random = seeded(seed);
  const { fleet } = county;
  const hubKey = await county.open(async ({ hub }) => hub.publicKey);
  const senders = fleet.terminals.map((terminal) => createSender(terminal, fleet.inc, hubKey));
  const port = await freePort();
  let says = '';
  const onSays = (text: string) => {
    says = (says + text).slice(-4_000);
  };
  const start = { config: county.configOn(port), port, nodeArgs: loop.nodeArgs ?? [], onSays };
  const kills: Record<Victim, number> = { hub: 0, server: 0, both: 0 };
  const sum = { cut: 0, kept: 0 };
  let lost: readonly string[] = [];
  let doubled: readonly string[] = [];
  let hub: HubProcess = await startHub(start);
  try {
    for (let round = 1; round <= rounds && lost.length === 0; round++) {
      const victim = server === undefined ? 'hub' : (VICTIMS[(round - 1) % VICTIMS.length] ?? 'hub');
      const traffic = startTraffic(port, senders, seed + round);
      await traffic.reached(Math.floor(random() * ANSWERS_MAX));
      await new Promise((resolve) => setTimeout(resolve, random() * SPREAD_MS));
      kills[victim] += 1;
      if (victim !== 'hub') server?.kill();
      if (victim !== 'server') await hub.kill();
      sum.cut += await traffic.stop();
      if (victim !== 'hub') await server?.restart();
      await loop.afterKill?.(senders);
      if (victim !== 'server') hub = await startHub(start);
      if (hub.exit() !== null) throw new Error(`the hub ended by itself (${hub.exit()}) when its database was killed`);
      const acked = acknowledged(senders);
      const custody = await county.open((parts) => custodyOf(parts, senders));
      ({ lost, doubled } = custody);
      sum.kept += Math.max(0, custody.stored - acked);
      loop.onRound?.(round);
    }
    if (lost.length === 0) await drain(senders, () => port);
  } catch (error) {
    throw new Error(`${(error as Error).message}; the hub said: ${says}`, { cause: error });
  } finally {
    await hub.stop();
  }
  const faults = senders.flatMap((sender) => sender.faults);
  return [{ rounds, kills, acknowledged: acknowledged(senders), lost, doubled, ...sum, faults }, senders];
}

function acknowledged(senders: readonly OutboxSender[]): number {
  return senders.reduce((sum, sender) => sum + sender.acked(), 0);
}

/** Every terminal sends at once, each its own records in order, some of them again. */
function startTraffic(port: number, senders: readonly OutboxSender[], seed: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: senders.length });
  let [stopping, answers, cut] = [false, 0, 0];
  const ends = senders.map(async (sender, n) => {
    const random = seeded(seed * 1_000 + n);
    while (!stopping && !sender.done()) {
      const back = random() < 0.2 ? Math.floor(random() * BATCH_MAX) : 0;
      const envelope = sender.envelope(1 + Math.floor(random() * BATCH_MAX), { back });
      const sent = await sender.send(port, agent, envelope).catch(() => 'cut' as const); // the kill, as a kiosk sees it
      if (sent === 'stored') answers += 1;
      if (sent === 'cut') cut += 1;
      if (sent === 'cut' || sent === 'again') await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  });
  return {
    async reached(least: number): Promise<void> {
      const end = performance.now() + ROUND_MS;
      while (answers < least) {
        if (senders.every((sender) => sender.done())) throw new Error('the fleet has no records left to send');
        if (performance.now() > end) throw new Error(`${answers} of ${least} requests were answered in ${ROUND_MS} ms`);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
    /** Lets nobody begin another request; answers how many were left without an answer. */
    async stop(): Promise<number> {
      stopping = true;
      await Promise.all(ends);
      agent.destroy();
      return cut;
    },
  };
}
