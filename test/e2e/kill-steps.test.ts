import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CI } from '../../bench/support/demo.ts';
import { custodyOf } from '../power/custody.ts';
import { builtPreload } from '../power/preload.ts';
import { createSales, type Sales } from '../power/sales.ts';
import { createStand, type Stand } from '../power/stand.ts';

/**
 * kill -9 of the agent at every step of a redemption: before each change that it makes on its disk, of record, fence and print
 * job. What was written stays, as a kill leaves it. Some steps here, all of them with `npm run test:long -- kills`.
 */

const STEPS = Number(process.env.TALLY_KILL_STEPS ?? 8);
const ENDS_MS = 2_000;
const BEHIND_MS = 1_000;
const LONG_MS = 240_000 + STEPS * 15_000;

const built = builtPreload();
const SKIP = 'missing' in built && !CI;
if ('missing' in built) process.stderr.write(`kill steps: skipped. ${built.missing} ${built.install}\n`);

describe.skipIf(SKIP)('kill -9 at every step', () => {
  let stand: Stand;
  let sales: Sales;
  beforeAll(async () => {
    if ('missing' in built) throw new Error(`${built.missing} ${built.install}`);
    stand = await createStand({ synchronous: 'full', preload: built.path, records: 1 });
    sales = createSales(stand.kiosk, stand.readerPort);
  }, LONG_MS);
  afterAll(() => stand?.close());

  /** Sells until the agent is gone: what it still writes behind a sale may be the step. */
  async function sellUntilKilled(): Promise<void> {
    let gone = false;
    const ended = stand.agent.ended().then(() => {
      gone = true;
    });
    while (!gone) {
      // The kill, as the person at the kiosk sees it.
      await sales.sellOne().catch(() => undefined);
      await Promise.race([ended, new Promise((done) => setTimeout(done, ENDS_MS))]);
    }
  }

  it(
    'of one redemption: nothing acknowledged is lost, nothing is there or on paper twice, and it sells again',
    async () => {
      const { agent, journalPath, hubPath, printer, senders } = stand;
      await sales.sellOne();
      const from = agent.control.changes();
      await sales.sellOne();
      // Its paper, and the hub's answer, are steps too.
      await new Promise((done) => setTimeout(done, BEHIND_MS));
      const changes = agent.control.changes() - from;
      // A record, its fence and its print job are more than these.
      expect(changes).toBeGreaterThan(8);
      const steps = Math.min(STEPS, changes);
      for (let step = 1; step <= steps; step++) {
        const before = Math.round((step * changes) / steps);
        agent.control.arm(before);
        await sellUntilKilled();
        agent.control.disarm();
        expect(await agent.start(), `killed before change ${before} of ${changes}`).toBe('ready');
        const asked = { journalPath, hubPath, told: sales.told, paper: printer.paperText(), senders: senders() };
        const clean = { lost: [], doubled: [], faults: [] };
        expect(custodyOf(asked), `killed before change ${before} of ${changes}`).toEqual(clean);
      }
      await sales.sellOne();
      process.stderr.write(
        `kill steps: before ${steps} of ${changes} changes, ${sales.told.done.size} sales shown as done\n`,
      );
    },
    LONG_MS,
  );
});
