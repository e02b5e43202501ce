import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../bench/support/demo.ts';
import { liveAlone } from '../../bench/support/month-alone.ts';
import type { RigState } from '../../protocol/api/rig.ts';
import { type LoneKiosk, loneKiosk } from '../support/lone-kiosk.ts';

/**
 * Thirty days alone: a kiosk that stood without a network is switched on again, sells as ever, and tells the hub everything in
 * order once it is reached. `npm run test:long -- alone` with 50,000 records.
 */
const RECORDS = Number(process.env.TALLY_ALONE_RECORDS ?? 1_500);
const MINUTE_MS = 60_000;
const LONG_MS = 2 * MINUTE_MS + RECORDS * 5;
/** The battery of the machine's clock is empty: it wakes up years ago. */
const DEAD_CLOCK = 'data:text/javascript,const now=Date.now;Date.now=()=>now()-10*365*86400000;';

describe('thirty days alone', () => {
  let data: string;
  let kiosk: LoneKiosk;
  let demo: Demo | null = null;

  beforeAll(async () => {
    const first = await startDemo(['--reader', 'virtual']);
    ({ data } = first);
    await first.halt();
    liveAlone(join(data, 'kiosk-1'), RECORDS);
    kiosk = loneKiosk(join(data, 'kiosk-1'), first.ready.kiosk);
  }, LONG_MS);
  afterAll(async () => {
    await kiosk?.switchOff();
    await demo?.stop();
  }, MINUTE_MS);

  it(
    'starts with no network, a wrong clock, after days without power; and sells',
    async () => {
      kiosk.switchOn({ node: ['--import', DEAD_CLOCK] });
      await kiosk.until(null);
      const before = await kiosk.state();
      expect(before.journal.unsent).toBeGreaterThan(RECORDS - 60);
      expect(before.hub.seq).toBeLessThan(before.journal.seq);
      expect((await kiosk.sale(0)).screen).toBe('done');
      const after = await kiosk.state();
      expect([after.journal.seq, after.journal.unsent]).toEqual([before.journal.seq + 1, before.journal.unsent + 1]);
      await kiosk.switchOff();
    },
    MINUTE_MS,
  );

  it(
    'drains in order when the hub is there again: the same chain at both ends, all of it matched',
    async () => {
      demo = await startDemo(['--reader', 'virtual'], data);
      const drained = (s: RigState) => s.journal.unsent === 0 && s.hub.head === s.journal.head;
      await demo.until(drained, 'drained', LONG_MS);
      const ours = rows(
        join(data, 'kiosk-1', 'data', 'journal.sqlite'),
        'SELECT seq, hash FROM records WHERE ep = 1 ORDER BY seq',
      );
      const hub = join(data, 'hub', 'hub.sqlite');
      expect(rows(hub, `SELECT seq, hash FROM records WHERE tid = 'k1' AND ep = 1 ORDER BY arrival`)).toEqual(ours);
      const stages = rows(hub, `SELECT stage, count(*) FROM judgements WHERE tid = 'k1' AND ep = 1 GROUP BY stage`);
      expect(stages).toEqual([['matched', ours.length]]);
    },
    LONG_MS,
  );
});

function rows(path: string, sql: string): unknown[] {
  const db = new Database(path, { readonly: true });
  const found = db.prepare(sql).raw().all();
  db.close();
  return found;
}
