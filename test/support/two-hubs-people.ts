import type { createCore } from '../../hub/core.ts';
import type { ConsolePeople } from './console-people.ts';
import { rightlyPriced } from './fleet-audit.ts';
import type { OutboxSender } from './outbox-sender.ts';
import { seeded } from './seeded.ts';

/**
 * What two people do meanwhile, at both hubs' consoles in the same moment: of two who decide the same thing, exactly one
 * may have decided it.
 */
export interface PeopleLoad {
  readonly ports: readonly [number, number];
  readonly senders: readonly OutboxSender[];
  readonly people: ConsolePeople;
  /** A third program on the same books, for what no console offers. */
  readonly core: Pick<ReturnType<typeof createCore>, 'acts' | 'jobs'>;
  readonly seed: number;
  readonly over: () => boolean;
  readonly counts: PeopleCounts;
  readonly onFault: (says: string) => void;
}
export type PeopleCounts = Record<'credits' | 'released' | 'rejected' | 'freezes', number>;

const PAUSE_MS = 20;
const ACCOUNTS = 20;

export async function runPeople(load: PeopleLoad): Promise<void> {
  await Promise.all([runCredits(load), runDecisions(load), runFreezes(load), runJobs(load)]);
}

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

/** Made at both hubs at once, approved at both at once, or withdrawn at the one while the other approves. */
async function runCredits({ ports, senders, people, seed, over, counts, onFault }: PeopleLoad): Promise<void> {
  const random = seeded(seed * 1_000 + 101);
  while (!over()) {
    counts.credits += 1;
    const credit = `c${counts.credits}`;
    const { tid } = senders[Math.floor(random() * senders.length)] ?? { tid: '' };
    const acct = `${tid}a${Math.floor(random() * ACCOUNTS)}`;
    const body = { credit, acct, activity: 'trees', reason: 'planted trees', pts: 1 + Math.floor(random() * 9) };
    const twice = await Promise.all(ports.map((port) => people.post('ann', port, 'credits', body)));
    if (twice.some(({ status }) => status !== 200))
      onFault(`${credit} was made twice, and answered ${twice.map(({ status }) => status)}`);
    const withdrawn = random() < 0.3;
    const words = withdrawn ? ['approve', 'withdraw'] : ['approve', 'approve'];
    const done = await Promise.all(ports.map((port, n) => people.post('ben', port, `credits/${credit}/${words[n]}`)));
    const good = done.filter(({ status }) => status === 200).length;
    if (withdrawn ? good < 1 : good !== 1) onFault(`${credit} by ${words} was answered ${good} times as done`);
    await pause();
  }
}

/** One hub is told to release a held sale, the other to reject it, in the same moment. */
async function runDecisions({ ports, senders, people, over, counts, onFault }: PeopleLoad): Promise<void> {
  const decided: Set<string> = new Set();
  while (!over()) {
    const held = heldSale(senders, decided);
    if (held === null) {
      await pause();
      continue;
    }
    const kinds = decided.size % 2 === 0 ? (['release', 'reject'] as const) : (['reject', 'release'] as const);
    const done = await Promise.all(
      kinds.map(async (kind, n) => {
        const port = ports[n] ?? 0;
        const { act } = (await people.post('ann', port, 'acts', { kind, detail: held })).body;
        return { kind, ...(await people.post('ben', port, `acts/${act}/approve`)) };
      }),
    );
    const good = done.filter(({ status }) => status === 200);
    const number = `${held.tid}.${held.ep}.${held.seq}`;
    if (good.length > 1) onFault(`${number} was both released and rejected`);
    for (const { kind } of good) counts[kind === 'release' ? 'released' : 'rejected'] += 1;
    // Its close may be stored and not judged yet: then neither could be, and it is asked again.
    if (good.length > 0) decided.add(number);
    await pause();
  }
}

/** The next sale at a wrong price that nobody undid and whose day is closed. */
function heldSale(senders: readonly OutboxSender[], decided: ReadonlySet<string>) {
  for (const { records, acked } of senders) {
    const stored = records().slice(0, acked());
    const closed = stored.findLast((record) => record.type === 'close')?.seq ?? 0;
    for (const record of stored.slice(0, closed)) {
      const { tid, ep, seq, payload } = record;
      if (rightlyPriced(record) || decided.has(`${tid}.${ep}.${seq}`)) continue;
      if (payload?.type === 'redeem' && stored[seq]?.type !== 'void') return { tid, ep, seq, acct: payload.acct };
    }
  }
  return null;
}

/** Frozen by one person, unfrozen by two, and by two at both hubs at once. */
async function runFreezes({ ports, senders, people, core, ...load }: PeopleLoad): Promise<void> {
  const { seed, over, counts, onFault } = load;
  const random = seeded(seed * 1_000 + 103);
  while (!over()) {
    const { tid } = senders[Math.floor(random() * senders.length)] ?? { tid: '' };
    if (!(await core.acts.freeze(tid, 1, 'ann'))) onFault(`${tid} could not be frozen`);
    counts.freezes += 1;
    await pause();
    const done = await Promise.all(
      ports.map(async (port) => {
        const { act } = (await people.post('ann', port, 'acts', { kind: 'unfreeze', detail: { tid, ep: 1 } })).body;
        return people.post('ben', port, `acts/${act}/approve`);
      }),
    );
    const good = done.filter(({ status }) => status === 200).length;
    if (good !== 1) onFault(`${tid} was unfrozen ${good} times`);
    await pause();
  }
}

/** The calendar's work, beside both hubs' own. */
async function runJobs({ core, over }: PeopleLoad): Promise<void> {
  while (!over()) {
    await core.jobs.runOnce();
    await new Promise((resolve) => setTimeout(resolve, 10 * PAUSE_MS));
  }
  await core.jobs.runOnce();
}
