import { setTimeout as sleep } from 'node:timers/promises';
import { written } from '../../bench/support/stopped-kiosk.ts';
import { verifyFaults } from '../support/fleet-audit.ts';
import { createPlaying, type Playing } from './faults.ts';
import { levelFaults, type Seen } from './level.ts';
import { planSoak, type Step } from './plan.ts';
import { readSeen } from './seen.ts';
import { createSeller, PEOPLE, SELLS_AGAIN_MS, type Seller, SKUS } from './seller.ts';
import { createSoakStand, leftBehind, type SoakStand } from './stand.ts';
import type { Memory } from './vitals.ts';
import { type CardProcessSeen, createWatch, type Watch } from './watch.ts';

/**
 * Redemptions in two parts, each under every fault of the plan. In the first, agents and hub are killed. In the second they are
 * not, so that one life of each is long enough to show whether its memory grows; everything else goes on going wrong.
 */

export interface SoakRun {
  readonly redemptions: number;
  readonly seed: number;
  readonly pcsc: boolean;
  readonly onProgress: (says: string) => void;
  /** When all has stopped, with everything still there: for controls. */
  readonly onStopped?: (hubPath: string, look: () => Seen) => void;
}
export interface SoakOutcome {
  /** Called done on a screen. */
  readonly redemptions: number;
  readonly throughPcscd: number;
  /** Touches of confirm, those that a fault cut short among them. */
  readonly touched: number;
  readonly voids: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly slowest: { readonly ms: number; readonly behind: string };
  /** Null where the second part was too short to say. */
  readonly memory: Readonly<Record<string, Memory | null>>;
  readonly cardProcess: CardProcessSeen;
  readonly minutes: number;
  /** Everything that is not as it should be, as sentences. */
  readonly found: readonly string[];
}

/** Of the second part: until then programs load what they load once. */
const WARM_UP = 0.2;
const SAMPLE_EVERY = 5;
const PROGRESS_EVERY = 50;
const PIECES = 100_000;
const VOIDS = 3;
const DRAINED_WITHIN_MS = 240_000;
const JUDGED_WITHIN_MS = 15_000;
const LOOK_MS = 100;

export async function soak(run: SoakRun): Promise<SoakOutcome> {
  const beganMs = performance.now();
  const say = (says: string) => run.onProgress(`${Math.round((performance.now() - beganMs) / 1_000)} s: ${says}`);
  const stand = await createSoakStand(run);
  say('enrolled');
  try {
    const found: string[] = [];
    await stand.rest(({ till }) => {
      written(
        till.stock(
          'count',
          SKUS.map((sku) => ({ sku, qty: PIECES })),
          'c1',
        ),
      );
    });
    say('stocked');
    const sellers = stand.kiosks.map(createSeller);
    const playing = createPlaying(stand);
    const slowest = { ms: 0, behind: '' };
    const first = Math.floor((run.redemptions * 9) / 20);
    const selling: Selling = { stand, sellers, playing, slowest, say };
    await sellAll(selling, steps(run, first, true), null);
    say('all sold in part 1, settling');
    found.push(...(await settled(selling)));
    say(`settled, resting; found: ${found.join('; ') || 'nothing'}`);
    const voids = await rest(stand);
    say('started again');
    found.push(...(await leftBehind(stand)));
    const watch = createWatch(stand);
    await sellAll(selling, steps(run, run.redemptions - first, false), watch);
    say('all sold in part 2, settling');
    found.push(...(await settled(selling)), ...(await watch.faults()));
    say(`settled; found: ${found.join('; ') || 'nothing'}`);
    const memory = watch.memory();
    found.push(...(await verifyFaults({ dir: stand.dir, configOn: () => stand.hubConfigPath })));
    await stand.stop();
    found.push(...(await leftBehind(stand)));
    run.onStopped?.(stand.hubPath, () => readSeen(stand, sellers));
    return {
      ...{ redemptions: sum(sellers, ({ done }) => done.length), touched: sum(sellers, ({ touched }) => touched()) },
      ...{ throughPcscd: sellers[1]?.done.length ?? 0, voids, faults: playing.played, slowest, memory, found },
      cardProcess: watch.cardProcess(),
      minutes: Math.round((performance.now() - beganMs) / 6_000) / 10,
    };
  } finally {
    await stand.close();
  }
}

interface Selling {
  readonly stand: SoakStand;
  readonly sellers: readonly Seller[];
  readonly playing: Playing;
  readonly slowest: { ms: number; behind: string };
  readonly say: (says: string) => void;
}

function steps({ seed, pcsc }: SoakRun, redemptions: number, kills: boolean): Step[] {
  return planSoak({ redemptions, kills, pcsc, seed: kills ? seed : seed + 1, people: PEOPLE, items: SKUS.length });
}

async function sellAll(selling: Selling, plan: readonly Step[], watch: Watch | null): Promise<void> {
  const { sellers, playing, slowest } = selling;
  const warm = Math.ceil(plan.length * WARM_UP);
  for (const [n, step] of plan.entries()) {
    if (n === warm && watch !== null) {
      await drained(selling);
      await watch.begin();
    }
    const seller = sellers[step.kiosk - 1];
    if (seller === undefined) throw new Error(`there is no kiosk ${step.kiosk}`);
    for (const fault of step.begins) await playing.begin(seller.kiosk, fault);
    const behind = `${step.blow?.name ?? 'nothing'} with ${playing.lasting().join(', ') || 'nothing else'}`;
    const ms = await seller.sell(step, playing).catch((error: Error) => {
      const where = `redemption ${n + 1} of ${plan.length} at kiosk ${step.kiosk}, behind ${behind}`;
      throw new Error(`not sold again within ${SELLS_AGAIN_MS} ms: ${where}: ${error.message}`, { cause: error });
    });
    if (ms > slowest.ms) Object.assign(slowest, { ms: Math.round(ms), behind });
    await playing.sold();
    seller.kiosk.collect();
    if (watch !== null && n >= warm && n % SAMPLE_EVERY === 0) await watch.sample();
    if ((n + 1) % PROGRESS_EVERY === 0) {
      selling.say(`${n + 1} of ${plan.length} in part ${watch === null ? 1 : 2}`);
    }
  }
}

/** All faults off, everything printed and sent. */
async function drained({ stand, playing }: Selling): Promise<void> {
  await playing.endAll();
  const endMs = performance.now() + DRAINED_WITHIN_MS;
  for (const { layout, now } of stand.kiosks) {
    for (;;) {
      const state = await now().unit.agentState();
      const { queued = 0, sending = 0, sent = 0 } = state.printer.jobs;
      const level = state.journal.unsent === 0 && state.hub.head === state.journal.head;
      if (level && queued + sending + sent === 0 && state.reader.state === 'ready') break;
      if (performance.now() > endMs) throw new Error(`${layout.tid} does not drain: ${JSON.stringify(state)}`);
      await sleep(LOOK_MS);
    }
  }
}

/** Judging follows custody a moment later; then every sum must agree. */
async function settled(selling: Selling): Promise<string[]> {
  await drained(selling);
  const endMs = performance.now() + JUDGED_WITHIN_MS;
  for (;;) {
    const faults = levelFaults(readSeen(selling.stand, selling.sellers));
    if (faults.length === 0 || performance.now() > endMs) return faults;
    await sleep(LOOK_MS);
  }
}

/** Everything stops and starts; meanwhile each kiosk's till undoes its last sales, as there is no screen for it yet. */
async function rest(stand: SoakStand): Promise<number> {
  let voids = 0;
  await stand.rest(({ till, journal }) => {
    const open = journal.after(journal.lastClose()?.seq ?? 0, Number.MAX_SAFE_INTEGER);
    const sales = open.filter(({ payload }) => payload.type === 'redeem').slice(-VOIDS);
    for (const { seq } of sales) written(till.void(seq, 'mistake', 'c1'));
    voids += sales.length;
  });
  return voids;
}

function sum(sellers: readonly Seller[], of: (seller: Seller) => number): number {
  return sellers.reduce((total, seller) => total + of(seller), 0);
}
