import { type Action, KIOSK_ACTIONS } from './actions.ts';
import { checkEnd } from './end.ts';
import { HubDied } from './hub-node.ts';
import type { KioskNode } from './kiosk-node.ts';
import { Violation } from './model.ts';
import { deliver, send } from './network.ts';
import { afterRestore, isRestoring, PEOPLE_ACTIONS, stopWaiting } from './people.ts';
import { createWorld, DAY_MS, type Options, type World } from './world.ts';

/** One seed: three hundred events and more over a month, then everything heals, and the books must agree. */

export interface SeedResult {
  readonly events: number;
  readonly faults: number;
  readonly days: number;
  readonly violation: string | null;
}

/** What is done, by people, kiosks, the hub and bad luck; a message that arrives is an event too. */
const ACTIONS_A_SEED = 170;
const EVENTS_MIN = 300;
const DAYS = 32;
const HEAL_ROUNDS = 40;

const ACTIONS = [...KIOSK_ACTIONS, ...PEOPLE_ACTIONS];
const TOTAL = ACTIONS.reduce((sum, [weight]) => sum + weight, 0);

export async function runSeed(options: Options): Promise<SeedResult> {
  const world = await createWorld(options);
  options.onWorld?.(world);
  const beginMs = world.time.ms;
  let violation: string | null = null;
  try {
    await live(world);
    await heal(world);
    checkEnd(world);
  } catch (error) {
    if (error instanceof Violation) violation = error.message;
    else violation = `crash: ${(error as Error).stack ?? String(error)}`;
  }
  const { events, faults } = world.counts;
  return { events, faults, days: Math.floor((world.time.ms - beginMs) / DAY_MS), violation };
}

async function live(world: World): Promise<void> {
  const { random, time } = world;
  for (let n = 0; n < ACTIONS_A_SEED || world.counts.events < EVENTS_MIN; n++) {
    time.ms += Math.round((-Math.log(1 - random()) * DAYS * DAY_MS) / ACTIONS_A_SEED);
    await chosen(random() * TOTAL)(world);
    world.counts.events += 1;
    await deliver(world);
    world.model.check();
  }
}

/** `at` in [0, TOTAL): the action whose weight it falls into. */
function chosen(at: number): Action {
  let left = at;
  for (const [weight, action] of ACTIONS) {
    left -= weight;
    if (left < 0) return action;
  }
  return KIOSK_ACTIONS[0]?.[1] ?? (() => undefined);
}

/** Every link is up, every machine runs, nobody dies any more: what was missing arrives. */
async function heal(world: World): Promise<void> {
  world.skew.wallMs = 0;
  world.disk.full = false;
  if (!world.hub.isUp()) await world.hub.start();
  const kiosks = world.kiosks.filter((kiosk) => !kiosk.lost);
  for (const kiosk of kiosks) {
    kiosk.online = true;
    if (kiosk.running === null) kiosk.start();
  }
  for (let round = 0; round < HEAL_ROUNDS; round++) {
    world.time.ms += DAY_MS / 24;
    for (const kiosk of kiosks) send(world, kiosk);
    for (const message of world.messages.splice(0)) world.messages.push({ ...message, dueMs: 0 });
    await deliver(world);
    if (!world.hub.isUp()) await world.hub.start();
    try {
      await afterRestore(world);
    } catch (error) {
      if (!(error instanceof HubDied)) throw error;
    }
    if (round === HEAL_ROUNDS - 5) await stopWaiting(world);
    world.model.check();
    if (round > 2 && kiosks.every(isDrained) && !isRestoring(world)) break;
  }
}

/** An old copy has nothing left to say once it has sent all it has: what the hub lacks of it is another branch. */
function isDrained({ running }: KioskNode): boolean {
  if (running === null) return true;
  const { outbox } = running;
  return outbox.rolledBack() ? outbox.resent() : outbox.unsent() === 0;
}
