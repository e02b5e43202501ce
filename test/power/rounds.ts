import { Agent } from 'node:http';
import { AGAIN_MS, drain } from '../support/outbox-sender.ts';
import { seeded } from '../support/seeded.ts';
import { type Custody, custodyOf, pointsFaults } from './custody.ts';
import { type CutProgram, NotReady, type Synchronous } from './cut-program.ts';
import { createSales, type Sales } from './sales.ts';
import { createStand, type Stand } from './stand.ts';
import { within } from './within.ts';

/**
 * Rounds of selling and sending, each ended by a power cut of the agent, the hub or both; behind each cut, what was
 * acknowledged must be there, once, and the kiosk must sell again.
 */

export interface PowerRun {
  readonly rounds: number;
  readonly seed: number;
  readonly synchronous: Synchronous;
  readonly preload: string;
  readonly onRound?: (round: number, outcome: PowerOutcome) => void;
  /** Each thing found, as a sentence, with its round. */
  readonly onFinding?: (says: string) => void;
}
export interface PowerOutcome {
  readonly rounds: number;
  /** Redemptions that screen or paper showed, and records that the hub answered as stored. */
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  /** What else a cut may not do: a kiosk closed as rolled back, a damaged file, points that do not agree. */
  readonly faults: number;
  readonly cuts: Readonly<Record<Victim, number>> & {
    /** Of all: before a change of the disk, while starting again. */
    readonly atChange: number;
    readonly atStart: number;
  };
  /** Changes of the disk that were not synced when the power went, and how many of them did not survive whole. */
  readonly unsynced: number;
  readonly unsyncedLost: number;
}
type Victim = 'agent' | 'hub' | 'both';

const VICTIMS: readonly Victim[] = ['agent', 'hub', 'agent', 'hub', 'both'];
/** About what two redemptions, or a few batches, change on the disk. */
const CHANGES_MAX = { terminal: 120, hub: 240 } as const;
const MOMENT_MAX_MS = 700;
const CUT_WITHIN_MS = 1_500;
/** One start in so many is cut again. */
const START_CUT_EVERY = 3;
/** What a program writes by itself as it starts, or else for the first who ask it for something. */
const START_CHANGES_MAX = 5;
/** People are at the kiosk again, and kiosks at the hub, well within this, also on a busy machine. */
const STARTING_MS = 10_000;
const BATCH_MAX = 16;
export const RECORDS_A_ROUND = 60;

export async function powerRounds(run: PowerRun): Promise<PowerOutcome> {
  const random = seeded(run.seed);
  const records = 100 + run.rounds * RECORDS_A_ROUND;
  const stand = await createStand({ synchronous: run.synchronous, preload: run.preload, records });
  const sum = { acknowledged: 0, lost: 0, doubled: 0, faults: 0, unsynced: 0, unsyncedLost: 0 };
  const cuts = { agent: 0, hub: 0, both: 0, atChange: 0, atStart: 0 };
  const find = (round: number, kind: 'lost' | 'doubled' | 'faults', says: readonly string[]) => {
    sum[kind] += says.length;
    for (const each of says) run.onFinding?.(`round ${round}: ${each}`);
  };
  const note = (round: number, { lost, doubled, faults }: Custody) => {
    find(round, 'lost', lost);
    find(round, 'doubled', doubled);
    find(round, 'faults', faults);
    return lost.length + doubled.length + faults.length === 0;
  };
  const outcome = (rounds: number, sales: Sales): PowerOutcome => ({
    ...{ rounds, cuts, ...sum },
    acknowledged: sum.acknowledged + acknowledged(sales, stand),
  });
  let sales = createSales(stand.kiosk, stand.readerPort);
  try {
    for (let round = 1; round <= run.rounds; round++) {
      const victim = VICTIMS[(round - 1) % VICTIMS.length] ?? 'both';
      cuts[victim] += 1;
      const it: Round = { stand, sales, victim, random, ofSenders: seeded(run.seed * 1_000 + round), cuts, sum };
      await underway(it);
      const fault = await restarted(it, round % START_CUT_EVERY === 0).catch((error) => {
        if (!(error instanceof NotReady)) throw error;
        return error;
      });
      const clean = note(round, custodyOf(asked(stand, sales)));
      if (fault !== null) find(round, 'faults', [fault.message]);
      if (!clean || fault !== null) {
        // What is lost stays lost: the next round begins before the first cut.
        sum.acknowledged += acknowledged(sales, stand);
        await stand.reset();
        sales = createSales(stand.kiosk, stand.readerPort);
      } else if (victim !== 'hub') find(round, 'faults', await sellsAgain(sales));
      run.onRound?.(round, outcome(round, sales));
    }
    note(run.rounds, await settled(stand, sales));
    return outcome(run.rounds, sales);
  } catch (error) {
    const { agent, hub } = stand;
    throw new Error(`${(error as Error).message}\nagent: ${agent.says()}\nhub: ${hub.says()}`, { cause: error });
  } finally {
    await stand.close();
  }
}

function asked({ journalPath, hubPath, printer, senders }: Stand, { told }: Sales) {
  return { journalPath, hubPath, told, paper: printer.paperText(), senders: senders() };
}

function acknowledged({ told }: Sales, { senders }: Stand): number {
  return told.done.size + told.hubSeq + senders().reduce((sum, sender) => sum + sender.acked(), 0);
}

function victimsOf({ agent, hub }: Stand, victim: Victim): readonly [CutProgram, ...CutProgram[]] {
  return victim === 'agent' ? [agent] : victim === 'hub' ? [hub] : [agent, hub];
}

interface Round {
  readonly stand: Stand;
  readonly sales: Sales;
  readonly victim: Victim;
  readonly random: () => number;
  /** Of what is sent, which depends on the machine's speed: the cuts do not. */
  readonly ofSenders: () => number;
  readonly cuts: { atChange: number; atStart: number };
  readonly sum: { unsynced: number; unsyncedLost: number };
}

/** Sells and sends until the power is gone. */
async function underway({ stand, sales, ofSenders, random, victim, cuts }: Round): Promise<void> {
  const victims = victimsOf(stand, victim);
  let cut = false;
  const selling = sales.sellUntil(() => cut);
  const sending = victim === 'agent' ? [] : sendUntil(stand, ofSenders, () => cut);
  let atMs = CUT_WITHIN_MS;
  if (random() < 0.7) {
    cuts.atChange += 1;
    const first = victims[Math.floor(random() * victims.length)] ?? stand.agent;
    first.control.arm(1 + Math.floor(random() * CHANGES_MAX[first.name]));
  } else atMs = random() * MOMENT_MAX_MS;
  const late = setTimeout(() => victims[0]?.kill(), atMs);
  await Promise.race(victims.map((each) => each.ended()));
  clearTimeout(late);
  for (const each of victims) each.kill();
  await Promise.all(victims.map((each) => each.ended()));
  cut = true;
  await Promise.all([selling, ...sending]);
  for (const each of victims) each.control.disarm();
}

/** Each kiosk in our hands sends its records in order, some of them again. */
function sendUntil({ hubPort, senders }: Stand, random: () => number, stop: () => boolean): Promise<void>[] {
  return senders().map(async (sender) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!stop() && !sender.done()) {
      const back = random() < 0.2 ? Math.floor(random() * BATCH_MAX) : 0;
      const envelope = sender.envelope(1 + Math.floor(random() * BATCH_MAX), { back });
      const sent = await sender.send(hubPort, agent, envelope).catch(() => 'cut' as const); // as a kiosk sees the cut
      if (sent !== 'stored') await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
    agent.destroy();
  });
}

/** The disk loses what it may, and the programs start on the rest; `cutAgain`: the power goes once more meanwhile. */
async function restarted(
  { stand, sales, victim, random, ofSenders, cuts, sum }: Round,
  cutAgain: boolean,
): Promise<null> {
  const lose = (program: CutProgram) => {
    const { unsynced, lost } = program.loseUnsynced(random);
    sum.unsynced += unsynced;
    sum.unsyncedLost += lost;
  };
  const victims = victimsOf(stand, victim);
  for (const each of victims) lose(each);
  const starts = () => Promise.allSettled(victims.map((each) => each.start()));
  if (!cutAgain) {
    allStarted(await starts());
    return null;
  }
  const [first] = victims;
  first.control.arm(1 + Math.floor(random() * START_CHANGES_MAX));
  let cut = false;
  const sending = victim === 'agent' ? [] : sendUntil(stand, ofSenders, () => cut);
  const selling = sales.sellUntil(() => cut);
  const started = await starts();
  if (await within(STARTING_MS, first.ended())) cuts.atStart += 1;
  first.kill();
  await first.ended();
  first.control.disarm();
  cut = true;
  await Promise.all([selling, ...sending]);
  allStarted(started);
  lose(first);
  if ((await first.start()) === 'died') throw new Error(`the ${first.name} died where nobody cut its power`);
  return null;
}

function allStarted(starts: readonly PromiseSettledResult<unknown>[]): void {
  for (const start of starts) if (start.status === 'rejected') throw start.reason;
}

const SELLS_WITHIN_MS = 30_000;
const TRY_AGAIN_MS = 500;

/** A busy machine may be late to answer a touch; a kiosk that does not sell within half a minute is a fault. */
async function sellsAgain(sales: Sales): Promise<readonly string[]> {
  const endMs = performance.now() + SELLS_WITHIN_MS;
  for (;;) {
    const why = await sales.sellOne().then(
      () => null,
      (error: Error) => error.message,
    );
    if (why === null) return [];
    if (performance.now() > endMs) return [`the kiosk does not sell again: ${why}`];
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
  }
}

const SETTLE_MS = 15_000;

/** No more cuts: all is sent and judged, and then every sum must agree. */
async function settled(stand: Stand, sales: Sales): Promise<Custody> {
  for (const sender of stand.senders()) sender.closeShop();
  const sells = await sellsAgain(sales);
  await drain(stand.senders(), () => stand.hubPort);
  const endMs = performance.now() + SETTLE_MS;
  const ask = asked(stand, sales);
  let points = pointsFaults(ask);
  while (points.length > 0 && performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    points = pointsFaults(ask);
  }
  const { lost, doubled, faults } = custodyOf(ask);
  const said = stand.senders().flatMap((sender) => sender.faults);
  return { lost, doubled, faults: [...sells, ...faults, ...points, ...said] };
}
