import { spawnSync } from 'node:child_process';
import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, ROOT, startDemo } from '../../bench/support/demo.ts';
import { type Hands, hands } from '../support/hands.ts';

/** What who looks after a kiosk is told: /metrics, /readyz and `terminal doctor` of a real agent, while things go wrong. */

describe('a kiosk that is looked after', () => {
  let demo: Demo;
  let kiosk: Hands;
  let card = '';

  beforeAll(async () => {
    demo = await startDemo(['--reader', 'virtual']);
    kiosk = hands(demo.ready.kiosk);
    card = (await demo.cards())[0]?.id ?? '';
  });
  afterAll(async () => {
    expect(await demo?.stop()).toBe(0);
  });

  const metrics = async () => (await fetch(`${kiosk.url}/metrics`)).text();
  async function metric(name: string): Promise<number> {
    const line = (await metrics()).split('\n').find((each) => each.startsWith(`tallystick_terminal_${name} `));
    if (line === undefined) throw new Error(`no metric ${name}`);
    return Number(line.split(' ').at(-1)?.replace('+Inf', 'Infinity'));
  }
  const soon = { timeout: 15_000, interval: 50 };
  async function notices() {
    const ready = (await (await fetch(`${kiosk.url}/readyz`)).json()) as { notices: { code: string; says: string }[] };
    return ready.notices;
  }
  const journalBytes = () =>
    ['journal.sqlite', 'journal.sqlite-wal'].reduce(
      (sum, name) => sum + statSync(join(demo.data, 'kiosk-1', 'data', name)).size,
      0,
    );
  async function sell(): Promise<void> {
    await demo.post(`api/cards/${card}/tap`);
    await kiosk.redeem('salt');
  }
  function doctor(): {
    status: number | null;
    says: (what: string) => string | undefined;
    ok: (what: string) => boolean | undefined;
  } {
    const config = join(demo.data, 'kiosk-1', 'config.json');
    const argv = [join(ROOT, 'dist/terminal/main.js'), 'doctor', '--json', '--config', config];
    const done = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    const findings = JSON.parse(done.stdout) as { what: string; ok: boolean; says: string }[];
    const of = (what: string) => findings.find((each) => each.what === what);
    return { status: done.status, says: (what) => of(what)?.says, ok: (what) => of(what)?.ok };
  }

  it('has nothing to say against a kiosk that works, and counts its records and its disk', async () => {
    await expect.poll(notices, soon).toEqual([]);
    const before = await metric('journal_commit_seconds_count');
    await sell();
    await demo.until((s) => s.journal.unsent === 0, 'the hub to have it');
    expect((await metric('journal_commit_seconds_count')) - before).toBe(1);
    expect(await metric('journal_commit_seconds_sum')).toBeGreaterThan(0);
    expect(await metric('journal_seq')).toBe(2);
    expect(await metric('journal_bytes')).toBe(journalBytes());
    const disk = statfsSync(demo.data);
    const free = disk.bavail * disk.bsize;
    expect(Math.abs((await metric('disk_free_bytes')) - free)).toBeLessThan(free / 2);
    expect([await metric('ready'), await metric('journal_check{state="good"}')]).toEqual([1, 1]);
    expect(await metric('sync_last_success_age_seconds')).toBeLessThan(10);
    expect(await metric('device_state{device="printer",state="ready"}')).toBe(1);
  });

  it('says that the hub is away, how long and what waits; and that it is back', async () => {
    const failed = await metric('sync_failures_total{code="unreachable"}');
    await demo.post('api/network', { hub: 'down' });
    await sell();
    await expect.poll(() => metric('sync_failures_total{code="unreachable"}'), soon).toBeGreaterThan(failed);
    expect(await metric('sync_backoff_seconds')).toBeGreaterThan(0);
    expect(await metric('journal_unsent')).toBe(1);
    await expect.poll(() => metric('sync_queue_age_seconds'), soon).toBeGreaterThan(1);
    expect(await metric('sync_last_success_age_seconds')).toBeGreaterThan(1);
    expect(await notices()).toMatchObject([
      { code: 'hub-unreachable', says: expect.stringContaining('1 records wait') },
    ]);
    const { status, says, ok } = doctor();
    expect([status, ok('sync'), says('sync')]).toEqual([1, false, expect.stringContaining('cannot be reached')]);
    await demo.post('api/network', { hub: 'up' });
    await demo.until((s) => s.journal.unsent === 0, 'drained');
    expect([await metric('sync_backoff_seconds'), await metric('sync_queue_age_seconds')]).toEqual([0, 0]);
    expect(await notices()).toEqual([]);
  });

  it('counts a printer that failed and came back, and says in words what to do meanwhile', async () => {
    const [failures, recoveries] = ['device_failures_total', 'device_recoveries_total'].map(
      (name) => `${name}{device="printer"}`,
    ) as [string, string];
    const before = [await metric(failures), await metric(recoveries)] as const;
    await demo.post('api/faults', { name: 'paper-out', on: true });
    await expect.poll(() => metric('device_state{device="printer",state="fault"}'), soon).toBe(1);
    expect([await metric(failures), await metric(recoveries)]).toEqual([before[0] + 1, before[1]]);
    expect(await notices()).toMatchObject([
      { code: 'printer-paper-out', says: expect.stringContaining('put a new roll in') },
    ]);
    expect(doctor().says('printer')).toContain('put a new roll in');
    await demo.post('api/faults', { name: 'paper-out', on: false });
    await expect.poll(() => metric('device_state{device="printer",state="ready"}'), soon).toBe(1);
    expect([await metric(failures), await metric(recoveries)]).toEqual([before[0] + 1, before[1] + 1]);
    expect(doctor().ok('printer')).toBe(true);
  });

  it('says nothing of anybody, and few things of each kind', async () => {
    const ours = (await metrics()).split('\n').filter((line) => line.startsWith('tallystick_terminal_'));
    expect(ours.length).toBeGreaterThan(20);
    expect(ours.length).toBeLessThan(100);
    const labels = ours.flatMap((line) =>
      [...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => `${name} ${value}`),
    );
    for (const label of labels) expect(label).toMatch(/^(device|state|code|fault) [a-z-]+$|^le (\+Inf|[\d.]+)$/);
  });
});
