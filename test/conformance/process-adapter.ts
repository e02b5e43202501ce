import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { HubConfig } from '../../hub/config.ts';
import type { CountyFile } from '../../hub/programme/county-file.ts';
import type { EnrolAnswer } from '../../protocol/sync/messages.ts';
import type { Adapter, Hub, Said } from './adapter.ts';
import { type Answered, consoleClient } from './console-client.ts';
import { COUNTY_ID, storyClock } from './core-desk.ts';
import { ANN, PASSWORD } from './county.ts';
import { done, freePort, killed, readyz, run, serve } from './hub-process.ts';

/** `hub serve` as its own process, spoken to by HTTP and by its commands, and killed with -9. */
export function processAdapter(): Adapter {
  return { name: 'the real processes', open: openProcess, close: async () => undefined };
}

/** The least that passes for the calendar to look again. */
const MINUTE_MS = 60_000;
const WAIT_MS = 5_000;

async function openProcess(county: CountyFile): Promise<Hub> {
  const dir = mkdtempSync(join(tmpdir(), 'tally-conformance-'));
  const clock = storyClock();
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const [config, noRoom, time] = [join(dir, 'hub.json'), join(dir, 'no-room'), join(dir, 'clock')];
  const settings: HubConfig = {
    ...{ county: COUNTY_ID, store: 'sqlite:hub.sqlite', keys: 'keys', enrolmentCopies: 'copies' },
    ...{ listen: { host: '127.0.0.1', port }, publicUrl: base, pollMs: 60_000, log: 'warn' },
  };
  writeFileSync(config, JSON.stringify(settings));
  writeFileSync(join(dir, 'county.json'), JSON.stringify(county));
  writeFileSync(time, String(clock.shiftMs()));
  const env = { TALLY_CLOCK: time, TALLY_DISK_FULL: noRoom };
  const command = (...args: string[]) => done([...args, '--config', config], env);
  const people = consoleClient(base, () => PASSWORD);
  let [log, made] = ['', 0];
  const folder = (what: string) => join(dir, `${what}-${++made}`);

  await command('import', join(dir, 'county.json'));
  let hub: ChildProcess = await start();

  async function start(): Promise<ChildProcess> {
    const child = serve('hub', config, env, (text) => {
      log += text;
    });
    await readyz(base, child, (status) => status === 200);
    return child;
  }
  async function jump(byMs: number): Promise<void> {
    clock.jump(byMs);
    writeFileSync(time, String(clock.shiftMs()));
    hub.kill('SIGUSR2');
    const seen = () => existsSync(`${time}.seen`) && readFileSync(`${time}.seen`, 'utf8') === String(clock.shiftMs());
    await until(async () => seen());
  }

  return {
    ...desk(base, people),
    nowMs: clock.nowMs,
    jump,
    forgeApproval: async (act) => forged(join(dir, 'hub.sqlite'), act),
    async calendar() {
      await jump(MINUTE_MS);
      await until(async () => {
        const { body } = await people.ask(ANN, '/credits?state=pending');
        return (body.rows as unknown[]).length === 0;
      });
    },
    kill: () => killed(hub),
    async start() {
      hub = await start();
    },
    async backup() {
      const out = folder('backup');
      await command('backup', '--out', out);
      return out;
    },
    async restore(backup) {
      await killed(hub);
      for (const end of ['', '-wal', '-shm']) rmSync(join(dir, `hub.sqlite${end}`), { force: true });
      await command('restore', '--from', String(backup));
      hub = await start();
    },
    async diskFull(full) {
      if (full) writeFileSync(noRoom, '');
      else rmSync(noRoom, { force: true });
    },
    async startUndurable() {
      const other = folder('undurable');
      mkdirSync(other);
      const file = join(other, 'hub.json');
      writeFileSync(file, JSON.stringify(settings));
      const { status, err } = await run('hub', ['serve', '--config', file], { ...env, TALLY_NEVER_SYNCS: '1' });
      return status === 3 ? err : '';
    },
    async export() {
      const out = folder('export');
      await command('export', '--out', out);
      return out;
    },
    said: async () => log + (await (await fetch(`${base}/metrics`)).text()),
    async close() {
      await killed(hub);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

type Desk = Pick<
  Hub,
  'issueCode' | 'enrol' | 'confirm' | 'sync' | 'propose' | 'approve' | 'makeCredit' | 'approveCredit' | 'shown'
>;

function desk(base: string, { ask }: ReturnType<typeof consoleClient>): Desk {
  return {
    async issueCode(tid, shop, by) {
      const { status, body } = await ask(by, '/terminals', { tid, shop });
      if (status !== 200) throw new Error(`no code for ${tid}: ${JSON.stringify(body)}`);
      return { code: String(body.code) };
    },
    async enrol(request) {
      const answer = await fetch(`${base}/v1/enrol`, { method: 'POST', body: request });
      if (answer.status === 200) return (await answer.json()) as EnrolAnswer;
      return { state: 'refused', says: await answer.text() };
    },
    confirm: async (tid, fingerprint, by) => told(await ask(by, `/terminals/${tid}/confirm`, { fingerprint })),
    async sync(tid, body, signature) {
      const headers = { 'tally-signature': signature, 'content-type': 'application/json' };
      const asked = { method: 'POST', headers, body: Buffer.from(body) };
      const answer = await fetch(`${base}/v1/terminals/${tid}/sync`, asked).catch((error: unknown) => String(error));
      if (typeof answer === 'string') return { ok: false, says: answer };
      if (answer.status !== 200) return { ok: false, says: `${answer.status} ${await answer.text()}` };
      const signed = answer.headers.get('tally-signature') ?? '';
      return { ok: true, body: new Uint8Array(await answer.arrayBuffer()), signature: signed };
    },
    async propose(kind, detail, by) {
      const { status, body } = await ask(by, '/acts', { kind, detail });
      if (status !== 200) throw new Error(`${kind} was not proposed: ${JSON.stringify(body)}`);
      return String(body.act);
    },
    approve: async (act, by) => told(await ask(by, `/acts/${act}/approve`, {})),
    makeCredit: async ({ again, ...credit }, by) =>
      told(await ask(by, '/credits', { ...credit, activity: 'sweep', reason: 'swept', ...(again ? { again } : {}) })),
    approveCredit: async (credit, by) => told(await ask(by, `/credits/${credit}/approve`, {})),
    async shown(tid) {
      const { body } = await ask(ANN, `/exceptions?state=open&tid=${tid}`);
      return (body.rows as { kind: string }[]).map(({ kind }) => kind);
    },
  };
}

function told({ status, body }: Answered): Said {
  return status === 200 ? { ok: true } : { ok: false, code: String(body.code), says: String(body.error) };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + WAIT_MS;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`not within ${WAIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Somebody with the file in hand. */
function forged(path: string, act: string): string {
  const db = new Database(path);
  try {
    db.prepare(`UPDATE proposals SET state = 'approved', checker = maker, decided_at = 1 WHERE act = ?`).run(act);
    return '';
  } catch (error) {
    return (error as Error).message;
  } finally {
    db.close();
  }
}
