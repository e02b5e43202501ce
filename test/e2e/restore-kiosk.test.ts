import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, ROOT, startDemo, stopped } from '../../bench/support/demo.ts';
import { layCard } from '../../firmware-sim/card/index.ts';
import { demoCounty } from '../../firmware-sim/demo/county/county.ts';
import { cardIssuer } from '../../firmware-sim/rig/card-issuer.ts';
import { walletFor } from '../../firmware-sim/rig/wallet.ts';
import type { TerminalConfig } from '../../terminal/config.ts';
import { hands } from '../support/hands.ts';

/** A kiosk's journal backed up while it sells, put back, and taken into its next epoch by two people. */

const MINUTE_MS = 60_000;

describe('a kiosk put back from a backup', () => {
  const backups = mkdtempSync(join(tmpdir(), 'tally-backups-'));
  let demo: Demo;
  let hubUrl: string;
  let backup: string;
  let soldSeq = 0;
  const running: ChildProcess[] = [];
  const kioskDir = () => join(demo.data, 'kiosk-1');
  const configPath = () => join(kioskDir(), 'config.json');
  const config = () => JSON.parse(readFileSync(configPath(), 'utf8')) as TerminalConfig;

  beforeAll(async () => {
    demo = await startDemo(['--reader', 'virtual']);
    hubUrl = demo.ready.hub.replace(/\/$/, '');
  }, MINUTE_MS);
  afterAll(async () => {
    for (const child of running) await stopped(child);
    rmSync(backups, { recursive: true, force: true });
    rmSync(demo.data, { recursive: true, force: true });
  }, MINUTE_MS);

  function terminal(...args: string[]) {
    const argv = [join(ROOT, 'dist/terminal/main.js'), ...args, '--config', configPath()];
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    return { status, stdout, stderr };
  }
  function start(program: string, path: string): void {
    running.push(
      spawn(process.execPath, [join(ROOT, 'dist', program), 'serve', '--config', path], {
        stdio: 'ignore',
      }),
    );
  }
  async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
    const endMs = performance.now() + MINUTE_MS / 2;
    let last: unknown = null;
    for (;;) {
      // It may not listen yet: the bound ends it, and says why.
      const found = await look().catch((error: Error) => {
        last = error.message;
        return null;
      });
      if (found !== null) return found;
      if (performance.now() > endMs) throw new Error(`not seen: ${what}; ${last}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  async function sell(): Promise<void> {
    const uid =
      walletFor(demoCounty, demoCounty.villages[0]?.id ?? '', cardIssuer(new Uint8Array(32)))[0]?.card.uid ?? '';
    const { reader } = config();
    const laid = await layCard(
      { kind: 'uid', uid },
      { host: '127.0.0.1', port: reader.driver === 'virtual' ? reader.port : 0 },
    );
    await hands(demo.ready.kiosk).redeem('salt');
    await laid.remove();
  }
  async function signIn(role: string): Promise<string> {
    const person = demo.ready.people.find((each) => each.role === role);
    const code = new TOTP({ secret: Secret.fromBase32(person?.totpSecret ?? ''), digits: 6, period: 30 }).generate();
    const answer = await fetch(`${hubUrl}/api/console/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: person?.user, password: person?.password, code }),
    });
    expect(answer.status).toBe(200);
    return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }
  async function post(cookie: string, path: string, body: object): Promise<Record<string, string>> {
    const headers = { 'content-type': 'application/json', cookie };
    const answer = await fetch(`${hubUrl}/api/console${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await answer.json()) as Record<string, string>;
  }

  it(
    'is backed up while it runs, and the doctor finds nothing amiss',
    async () => {
      await sell();
      const made = terminal('backup', backups);
      expect([made.status, made.stdout]).toEqual([0, expect.stringContaining('Keys and fence stay on the kiosk.')]);
      backup = join(backups, readdirSync(backups)[0] ?? '');
      expect(readdirSync(backups)).toEqual([expect.stringMatching(/^k1\.1\.\d+\.journal\.sqlite$/)]);
      expect(terminal('backup', backups)).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('is there already'),
      });
      const found = terminal('doctor', '--json');
      const findings = JSON.parse(found.stdout) as { what: string; ok: boolean }[];
      expect(findings.filter(({ ok }) => !ok)).toEqual([]);
      // Scanner, ID reader and display are there where this machine has pseudo-terminals for them.
      const always = findings.filter(({ what }) => !['scanner', 'id-reader', 'display'].includes(what));
      expect(always.map(({ what }) => what)).toEqual([
        'agent',
        'reader',
        'printer',
        'voice',
        'sync',
        'cards',
        'disk',
        'journal',
        'fence',
        'hub',
        'clock',
      ]);
      expect(found.status).toBe(0);
      expect(terminal('restore', backup)).toMatchObject({ status: 3, stderr: expect.stringContaining('is running') });
    },
    MINUTE_MS,
  );

  it(
    'put back, it loses nothing that the hub holds, and sells nothing',
    async () => {
      await sell();
      const sold = await demo.until((s) => s.journal.unsent === 0 && s.hub.seq === s.journal.seq, 'synced');
      await demo.halt();
      writeFileSync(join(backups, 'torn.sqlite'), readFileSync(backup).subarray(0, 20_000));
      expect(terminal('restore', join(backups, 'torn.sqlite')).status).toBe(1);
      expect(terminal('restore', backup)).toMatchObject({ status: 0 });
      expect(readdirSync(join(kioskDir(), 'data')).filter((name) => name.includes('before-restore'))).toHaveLength(1);
      // No demo from here on: the kiosk speaks to its hub itself.
      writeFileSync(configPath(), JSON.stringify({ ...config(), hub: hubUrl }));
      start('hub/main.js', join(demo.data, 'hub', 'config.json'));
      start('terminal/main.js', configPath());
      await until('closed, all sent', async () => {
        const { reasons } = (await (await fetch(new URL('/readyz', demo.ready.kiosk))).json()) as {
          reasons: { code: string }[];
        };
        return reasons[0]?.code === 'needs-new-epoch' ? true : null;
      });
      const doctor = terminal('doctor');
      expect([doctor.status, doctor.stdout]).toEqual([1, expect.stringContaining('The county now opens a new epoch')]);
      expect(hubRecords()).toBe(sold.journal.seq);
      soldSeq = sold.journal.seq;
    },
    MINUTE_MS,
  );

  it(
    'begins its next epoch with a new key, confirmed by a second person, and is open for sale',
    async () => {
      const [first, second] = [await signIn('admin'), await signIn('reviewer')];
      const shop = demoCounty.villages[0]?.shopId ?? '';
      expect((await post(first, '/terminals', { tid: 'k1', shop })).code).toBe('tid-taken');
      const { code } = await post(first, '/terminals', { tid: 'k1', shop, next: true });
      await stopped(running.pop() as ChildProcess);
      writeFileSync(configPath(), JSON.stringify({ ...config(), enrolmentCode: code }));
      start('terminal/main.js', configPath());
      const fingerprint = await until('the fingerprint', async () => {
        const view = await hands(demo.ready.kiosk).view();
        return view.closed?.code === 'waiting-for-confirmation' ? (view.closed.fingerprint ?? null) : null;
      });
      expect(await post(second, '/terminals/k1/confirm', { fingerprint })).toEqual({ ok: true });
      await until('ready in epoch 2', async () =>
        (await fetch(new URL('/readyz', demo.ready.kiosk))).ok ? true : null,
      );
      expect(existsSync(join(kioskDir(), 'data', 'device-2.key'))).toBe(true);
      // What was out with the epoch before stays there until two people sweep it: a copy of that one may still sell.
      await until('the hub has its first record', async () => (hubRecords('k1', 2, 'open') === 1 ? true : null));
      expect(hubRecords('k1', 1)).toBe(soldSeq);
    },
    MINUTE_MS,
  );

  function hubRecords(tid = 'k1', ep = 1, type: string | null = null): number {
    const db = new Database(join(demo.data, 'hub', 'hub.sqlite'), { readonly: true });
    const found =
      type === null
        ? db.prepare('SELECT count(*) FROM records WHERE tid = ? AND ep = ?').pluck().get(tid, ep)
        : db
            .prepare('SELECT count(*) FROM judgements WHERE tid = ? AND ep = ? AND type = ?')
            .pluck()
            .get(tid, ep, type);
    db.close();
    return Number(found);
  }
});
