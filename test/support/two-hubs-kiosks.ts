import { Agent } from 'node:http';
import { AGAIN_MS, type OutboxSender } from './outbox-sender.ts';
import { seeded } from './seeded.ts';

/** Kiosks that choose a hub anew for each request, and say some things twice, out of order, or to both hubs at once. */
export interface KiosksLoad {
  readonly ports: readonly [number, number];
  readonly senders: readonly OutboxSender[];
  readonly seed: number;
  readonly over: () => boolean;
  readonly counts: KiosksCounts;
}
/** How often each way of sending was taken; `busy`: how often a hub asked to be asked again. */
export type KiosksCounts = Record<Way | 'busy', number>;
type Way = 'one' | 'both' | 'swapped' | 'again';

const BATCH_MAX = 24;

export async function runKiosks({ ports, senders, seed, over, counts }: KiosksLoad): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 2 * senders.length });
  await Promise.all(
    senders.map(async (sender, n) => {
      const random = seeded(seed * 1_000 + n);
      while (!over()) {
        const [here, there] = random() < 0.5 ? ports : ([ports[1], ports[0]] as const);
        const count = 1 + Math.floor(random() * BATCH_MAX);
        const way = wayOf(random());
        const back = way === 'again' ? 1 + Math.floor(random() * BATCH_MAX) : 0;
        const envelope = sender.envelope(count, { back });
        const sending = [sender.send(here, agent, envelope)];
        if (way === 'both') sending.push(sender.send(there, agent, envelope));
        // What follows goes out beside it, to the other hub: either may come first.
        if (way === 'swapped') sending.push(sender.send(there, agent, sender.envelope(count, { skip: count })));
        const sent = await Promise.all(sending);
        counts[way] += 1;
        if (!sent.includes('again')) continue;
        counts.busy += 1;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }),
  );
  agent.destroy();
}

function wayOf(chance: number): Way {
  if (chance < 0.64) return 'one';
  if (chance < 0.78) return 'both';
  return chance < 0.9 ? 'swapped' : 'again';
}
