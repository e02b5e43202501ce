import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Demo } from '../../bench/support/demo.ts';
import { type Hands, hands } from './hands.ts';

/** Redemptions in a loop, the agent killed (-9) at a random moment of each; then what journal, hub and paper say. */

export interface KillLoop {
  readonly rounds: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly onRound?: (round: number) => void;
}
export interface KillOutcome {
  readonly rounds: number;
  readonly redeemsInJournal: number;
  readonly screensDone: number;
  readonly jobs: Readonly<Record<string, number>>;
}
/** A whole redemption takes about so long; some kills fall before it, some after. */
const SPREAD_MS = 900;
const CLOSE_MS = 40;
const SKU = 'salt';

export async function killLoop(demo: Demo, loop: KillLoop): Promise<KillOutcome> {
  const kiosk = hands(demo.ready.kiosk);
  const card = (await demo.cards())[0]?.id ?? '';
  let screensDone = 0;
  for (let round = 1; round <= loop.rounds; round++) {
    await selling(kiosk, demo);
    // Every other round the kill falls somewhere in the whole redemption, else close behind the touch that confirms.
    const anywhere = round % 2 === 0;
    const waitMs = loop.random() * (anywhere ? SPREAD_MS : CLOSE_MS);
    const killing: Promise<void>[] = [];
    const kill = () => killing.push(killAfter(demo, waitMs));
    if (anywhere) kill();
    await demo.post(`api/cards/${card}/tap`, { holdMs: 500 });
    // Most redemptions are cut short; that is the point, so whatever the page would have seen is not an error here.
    const seen = await kiosk.redeem(SKU, anywhere ? undefined : kill).then(
      () => true,
      () => false,
    );
    if (seen) screensDone += 1;
    await Promise.all(killing);
    loop.onRound?.(round);
  }
  await selling(kiosk, demo);
  await demo.until(
    (s) => s.journal.unsent === 0 && (s.printer.jobs.queued ?? 0) + (s.printer.jobs.sending ?? 0) === 0,
    'settled',
    60_000,
  );
  const state = await demo.until(
    (s) => s.hub.seq === s.journal.seq && s.hub.head === s.journal.head,
    'journal and hub agree',
  );
  return { rounds: loop.rounds, redeemsInJournal: redeems(demo).length, screensDone, jobs: state.printer.jobs };
}

async function killAfter(demo: Demo, waitMs: number): Promise<void> {
  await new Promise((done) => setTimeout(done, waitMs));
  await demo.post('api/faults', { name: 'agent-killed', on: true });
}

/** With the agent's last words where it does not come back. */
async function selling(kiosk: Hands, demo: Demo): Promise<void> {
  await kiosk.untilSelling(30_000).catch((error: Error) => {
    const log = readFileSync(join(demo.data, 'kiosk-1', 'agent.log'), 'utf8').slice(-3_000);
    throw new Error(`${error.message}\n${demo.says()}\n${log}`);
  });
}

export interface JournalRedeem {
  readonly seq: number;
  readonly hash: string;
  readonly jobs: readonly { readonly copy: number; readonly state: string }[];
}

/** What the kiosk's own journal holds, read beside the running agent. */
export function redeems(demo: Demo): JournalRedeem[] {
  const db = new Database(join(demo.data, 'kiosk-1', 'data', 'journal.sqlite'), { readonly: true });
  const rows = db.prepare(`SELECT seq, hash FROM records WHERE type = 'redeem' ORDER BY seq`).all() as JournalRedeem[];
  const jobs = db.prepare('SELECT copy, state FROM print_jobs WHERE seq = ? ORDER BY copy');
  const found = rows.map((row) => ({ ...row, jobs: jobs.all(row.seq) as { copy: number; state: string }[] }));
  db.close();
  return found;
}

/** How often each record's number heads a slip, originals and copies apart. */
export function slipsOf(paper: string): Map<string, { originals: number; copies: number }> {
  const found: Map<string, { originals: number; copies: number }> = new Map();
  for (const slip of paper.split(/^.*8<.*$/m)) {
    // The number stands at a slip's head and tail. What a kill cut short hangs above, where the next kill came before its cut.
    const number = [...slip.matchAll(/记录号 (\S+)/g)].at(-1)?.[1];
    if (number === undefined) continue;
    const entry = found.get(number) ?? { originals: 0, copies: 0 };
    if (/COPY \d+/.test(slip)) entry.copies += 1;
    else entry.originals += 1;
    found.set(number, entry);
  }
  return found;
}
