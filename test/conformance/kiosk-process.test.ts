import type { ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../bench/support/demo.ts';
import { hands } from '../support/hands.ts';
import { killLoop, slipsOf } from '../support/kill-loop.ts';
import { seeded } from '../support/seeded.ts';
import { consoleClient } from './console-client.ts';
import { type Exported, MATCHED, payloadOf, readExport, recordsOf } from './exported.ts';
import { done, killed, readyz, run, serve } from './hub-process.ts';

/** What only a kiosk's own process can show, of a real `terminal serve` beside a real hub, read through the hub's export. */

const ROUNDS = 2;
const SHOWN_MS = 15_000;

describe('a real kiosk process', () => {
  let demo: Demo;
  let [exports, log] = [0, ''];
  const out = mkdtempSync(join(tmpdir(), 'tally-conformance-'));
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    demo = await startDemo(['--reader', 'virtual']);
  });
  afterAll(async () => {
    for (const child of children) await killed(child);
    await demo?.stop();
    rmSync(out, { recursive: true, force: true });
  });

  async function books(): Promise<Exported> {
    exports += 1;
    const dir = join(out, String(exports));
    await done(['export', '--data', demo.data, '--out', dir], {});
    return readExport(dir);
  }
  const redeemsOf = (exported: Exported) =>
    recordsOf(exported, 'k1').filter(({ jws }) => payloadOf(jws).type === 'redeem');
  const start = (program: 'hub' | 'terminal', folder: string) => {
    const child = serve(program, join(demo.data, folder, 'config.json'), {}, (text) => {
      log += text;
    });
    children.push(child);
    return child;
  };

  it('invariant 2: killed behind the touch that confirms, it prints nothing that is not there, and nothing twice', async () => {
    const outcome = await killLoop(demo, { rounds: ROUNDS, random: seeded(20261128) });
    const redeems = redeemsOf(await books());
    expect(redeems).toHaveLength(outcome.redeemsInJournal);
    expect(redeems.every(({ stage }) => MATCHED.has(stage))).toBe(true);
    const held = new Set(redeems.map(({ tid, ep, seq }) => `${tid}.${ep}.${seq}`));
    for (const [number, { originals, copies }] of slipsOf(await demo.text('api/printer/paper?format=txt'))) {
      expect(held.has(number), number).toBe(true);
      expect([originals <= 1, copies], number).toEqual([true, 0]);
    }
  });

  it('invariant 16: put back from an older copy it sells nothing, loses no sale, and is shown to an operator', async () => {
    const data = join(demo.data, 'kiosk-1', 'data');
    const copy = join(out, 'yesterday');
    cpSync(data, copy, { recursive: true });
    const card = (await demo.cards())[0]?.id ?? '';
    const before = (await demo.get<{ hub: { seq: number } }>('api/state')).hub.seq;
    for (let sale = 1; sale <= 2; sale++) {
      const kiosk = hands(demo.ready.kiosk);
      await kiosk.screen('attract', 20_000);
      await demo.post(`api/cards/${card}/tap`, { holdMs: 500 });
      await kiosk.redeem('salt');
    }
    await demo.until(({ hub, journal }) => hub.seq === journal.seq && hub.seq >= before + 2, 'the hub has both');
    const sold = redeemsOf(await books());
    await demo.halt();
    rmSync(data, { recursive: true });
    cpSync(copy, data, { recursive: true });

    const hub = start('hub', 'hub');
    const hubUrl = new URL(demo.ready.hub).origin;
    await readyz(hubUrl, hub, (status) => status === 200);
    // The demo's kiosk reaches its hub through the rig's wire, which is not here now.
    const config = join(demo.data, 'kiosk-1', 'config.json');
    writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, 'utf8')), hub: hubUrl }));
    const kiosk = start('terminal', 'kiosk-1');
    const says = await readyz(
      new URL(demo.ready.kiosk).origin,
      kiosk,
      (status, body) => status === 503 && !body.includes('starting'),
    );
    expect(says).toMatch(/rolled-back|needs-new-epoch/);
    const { user, password } = demo.ready.operator;
    const people = consoleClient(hubUrl, () => password);
    const endMs = performance.now() + SHOWN_MS;
    let shown: string[] = [];
    while (!shown.includes('rollback') && performance.now() < endMs) {
      const { body } = await people.ask(user, '/exceptions?state=open&tid=k1');
      shown = (body.rows as { kind: string }[]).map(({ kind }) => kind);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(shown, `${says}\n${log}`).toContain('rollback');
    const stopped = await fetch(`${new URL(demo.ready.kiosk).origin}/readyz`);
    expect([stopped.status, await stopped.text()]).toEqual([503, expect.stringMatching(/rolled-back|needs-new-epoch/)]);
    const held = redeemsOf(await books()).map(({ jws }) => jws);
    expect(held).toEqual(sold.map(({ jws }) => jws));
  });

  it('invariant 19: it does not start on a SQLite that cannot be brought to sync', async () => {
    const config = join(demo.data, 'kiosk-1', 'config.json');
    expect(readFileSync(config, 'utf8')).toContain('"fence"');
    const ran = await run('terminal', ['serve', '--config', config], { TALLY_NEVER_SYNCS: '1' });
    expect(ran.err).toMatch(/synchronous reads 1, not 2 \(FULL\): a power cut could lose redemptions/);
    expect(ran.status).toBe(3);
  });
});
