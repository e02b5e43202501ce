import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, ROOT, startDemo, stopped } from '../../bench/support/demo.ts';
import { liveAlone } from '../../bench/support/month-alone.ts';
import { layCard } from '../../firmware-sim/card/index.ts';
import { demoCounty } from '../../firmware-sim/demo/county/county.ts';
import { walletFor } from '../../firmware-sim/rig/wallet.ts';
import type { RigState } from '../../protocol/api/rig.ts';
import type { TerminalConfig } from '../../terminal/config.ts';
import { hands } from '../support/hands.ts';

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
  let address: string;
  let config: TerminalConfig;
  let agent: ChildProcess | null = null;
  let demo: Demo | null = null;

  beforeAll(async () => {
    const first = await startDemo(['--reader', 'virtual']);
    ({ data } = first);
    address = first.ready.kiosk;
    await first.halt();
    liveAlone(join(data, 'kiosk-1'), RECORDS);
    config = JSON.parse(readFileSync(join(data, 'kiosk-1', 'config.json'), 'utf8'));
  }, LONG_MS);
  afterAll(async () => {
    if (agent !== null) await stopped(agent);
    await demo?.stop();
  }, MINUTE_MS);

  function switchOn(): void {
    const argv = ['--import', DEAD_CLOCK, join(ROOT, 'dist/terminal/main.js'), 'serve'];
    agent = spawn(process.execPath, [...argv, '--config', join(data, 'kiosk-1', 'config.json')], { stdio: 'ignore' });
  }
  async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
    const endMs = performance.now() + MINUTE_MS / 2;
    for (;;) {
      const found = await look().catch(() => null); // it may not listen yet: the bound ends it
      if (found !== null) return found;
      if (performance.now() > endMs) throw new Error(`not seen: ${what}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }
  async function state(): Promise<RigState> {
    const { url, token } = { url: new URL(address).origin, token: new URL(address).searchParams.get('token') };
    return (await (
      await fetch(`${url}/api/state`, { headers: { authorization: `Bearer ${token}` } })
    ).json()) as RigState;
  }

  it(
    'starts with no network, a wrong clock, after days without power; and sells',
    async () => {
      switchOn();
      await until('ready to sell', async () => ((await fetch(new URL('/readyz', address))).ok ? true : null));
      const before = await state();
      expect(before.journal.unsent).toBeGreaterThan(RECORDS - 60);
      expect(before.hub.seq).toBeLessThan(before.journal.seq);
      const uid = walletFor(demoCounty, demoCounty.villages[0]?.id ?? '')[0]?.card.uid ?? '';
      const slot = { host: '127.0.0.1', port: config.reader.driver === 'virtual' ? config.reader.port : 0 };
      const laid = await layCard({ kind: 'uid', uid }, slot);
      await hands(address).redeem('salt');
      await laid.remove();
      const after = await state();
      expect([after.journal.seq, after.journal.unsent]).toEqual([before.journal.seq + 1, before.journal.unsent + 1]);
      if (agent !== null) await stopped(agent);
      agent = null;
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
