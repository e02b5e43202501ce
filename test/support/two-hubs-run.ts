import { randomBytes } from 'node:crypto';
import type { FleetCounty } from '../../bench/support/fleet-county.ts';
import { freePort, type HubProcess, startHub } from '../../bench/support/hub-process.ts';
import { createCore } from '../../hub/core.ts';
import type { HubParts } from '../../hub/parts.ts';
import { nodeHashing, nodeVerifying } from '../../protocol/node/crypto.ts';
import { signPeopleIn, storePeople } from './console-people.ts';
import { createSender, drain, type OutboxSender } from './outbox-sender.ts';
import { type KiosksCounts, runKiosks } from './two-hubs-kiosks.ts';
import { type PeopleCounts, runPeople } from './two-hubs-people.ts';

/** Two hub processes on one county's books, with kiosks and people at both of them until the time is over. */
export interface TwoHubsRun {
  readonly kiosks: KiosksCounts;
  readonly people: PeopleCounts;
  /** Records answered as stored while people worked; the rest was sent behind it. */
  readonly underLoad: number;
  readonly senders: readonly OutboxSender[];
  /** Answers that no hub should give, and what neither may say of the other. */
  readonly faults: readonly string[];
}
/** How often each way of sending, and each act, must have been. */
export const LEAST_TIMES = 3;
const PATIENCE_MS = 90_000;

interface TwoHubsOptions {
  readonly ms: number;
  readonly seed: number;
  /** Told about every tenth of the time. */
  readonly onProgress: (acknowledged: number) => void;
}

export async function runTwoHubs(county: FleetCounty, options: TwoHubsOptions): Promise<TwoHubsRun> {
  return county.open(async (parts) => {
    await storePeople(parts);
    const hubs: HubProcess[] = [];
    try {
      for (let n = 0; n < 2; n++) {
        const port = await freePort();
        hubs.push(await startHub({ config: county.configOn(port), port }));
      }
      return await underLoad(county, parts, [hubs[0]?.port ?? 0, hubs[1]?.port ?? 0], options);
    } finally {
      await Promise.all(hubs.map((hub) => hub.stop()));
    }
  });
}

async function underLoad(
  { fleet }: FleetCounty,
  parts: HubParts,
  ports: readonly [number, number],
  { ms, seed, onProgress }: TwoHubsOptions,
): Promise<TwoHubsRun> {
  const faults: string[] = [];
  const onFault = (says: string) => void faults.push(says);
  const core = coreOn(parts, (what, error) => onFault(`${what}: ${String(error)}`));
  const people = await signPeopleIn(ports, onFault);
  const senders = fleet.terminals.map((terminal) => createSender(terminal, fleet.inc, parts.hub.publicKey));
  const acknowledged = () => senders.reduce((sum, sender) => sum + sender.acked(), 0);
  const kiosks: KiosksCounts = { one: 0, both: 0, swapped: 0, again: 0, busy: 0 };
  const acts: PeopleCounts = { credits: 0, released: 0, rejected: 0, freezes: 0 };
  const began = performance.now();
  // Where the machine is slow it goes on until each thing was put to the test.
  const over = () => {
    const sinceMs = performance.now() - began;
    const { busy: _busy, ...ways } = kiosks;
    const times = [...Object.values(ways), acts.credits, acts.released + acts.rejected, acts.freezes];
    return sinceMs >= ms && (sinceMs >= ms + PATIENCE_MS || times.every((each) => each >= LEAST_TIMES));
  };
  const progress = setInterval(() => onProgress(acknowledged()), ms / 10);
  await Promise.all([
    runKiosks({ ports, senders, seed, over, counts: kiosks }),
    runPeople({ ports, senders, people, core, seed, over, counts: acts, onFault }),
  ]).finally(() => clearInterval(progress));
  const sentUnderLoad = acknowledged();
  for (const sender of senders) sender.closeShop();
  let turn = 0;
  await drain(senders, () => ports[turn++ % 2] ?? 0);
  return { kiosks, people: acts, underLoad: sentUnderLoad, senders, faults };
}

function coreOn({ store, seal, hub }: HubParts, onFault: (what: string, error: unknown) => void) {
  const crypto = { ...nodeHashing, ...nodeVerifying };
  return createCore({
    ...{ books: store.books, seal, crypto, hub, randomBytes, onFault },
    ...{ receiptBase: 'http://hub.test', pollMs: 1_000, nowMs: Date.now },
  });
}

/** Each credit and each held sale moved its points once, whoever decided it first. */
export async function decidedFaults({ store }: HubParts, { people }: TwoHubsRun): Promise<string[]> {
  const [credits, decided] = await store.engine.read(async (sql) => [
    await sql.all<{ credit: string; state: string; kinds: string | null; wrong: number }>(
      `SELECT c.credit, c.state,
         (SELECT string_agg(t.kind, ' ' ORDER BY t.kind) FROM transfers t WHERE t.county_id = c.county_id
            AND t.ref = c.credit AND t.kind IN ('earn', 'post', 'withdraw')) AS kinds,
         (SELECT count(*) FROM transfers t WHERE t.county_id = c.county_id
            AND t.ref = c.credit AND t.kind IN ('earn', 'post', 'withdraw') AND t.amount <> c.pts) AS wrong
       FROM credits c WHERE c.county_id = :county`,
    ),
    await sql.all<{ kind: string; refs: number; moves: number }>(
      `SELECT kind, count(DISTINCT ref) AS refs, count(*) AS moves FROM transfers
       WHERE county_id = :county AND kind IN ('release', 'reject') GROUP BY kind`,
    ),
  ]);
  const faults: string[] = [];
  for (const { credit, state, kinds, wrong } of credits) {
    if ((kinds ?? '') !== MOVES_OF[state] || wrong > 0) faults.push(`${credit} is ${state} and moved by ${kinds}`);
  }
  if (credits.length !== people.credits)
    faults.push(`${people.credits} credits were made, ${credits.length} are there`);
  for (const [kind, times] of [
    ['release', people.released],
    ['reject', people.rejected],
  ] as const) {
    const { refs = 0, moves = 0 } = decided.find((row) => row.kind === kind) ?? {};
    if (refs !== times || moves !== times)
      faults.push(`${times} times ${kind} was done; ${moves} moves of ${refs} records`);
  }
  return faults;
}
const MOVES_OF: Readonly<Record<string, string>> = {
  ...{ made: '', refused: '', pending: 'earn', posted: 'earn post', withdrawn: 'earn withdraw' },
};
