import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../bench/support/demo.ts';
import type { FleetTerminal } from '../../bench/support/signed-fleet.ts';
import { freePorts, writeJson } from '../../firmware-sim/demo/layout.ts';
import { startPrinter } from '../../firmware-sim/printer/index.ts';
import { enrolmentDocument } from '../../protocol/documents/kinds.ts';
import { nodeHashing, nodeSigner, nodeVerifying } from '../../protocol/node/crypto.ts';
import { enrolOnce } from '../../terminal/sync/enrol.ts';
import { consoleClient } from '../conformance/console-client.ts';
import { hands } from '../support/hands.ts';
import { createSender, type OutboxSender } from '../support/outbox-sender.ts';
import { ANN, BEN, KIOSK, PASSWORD, powerCounty, SENDERS, soldBy } from './county.ts';
import { type CutProgram, createCutProgram, type Synchronous } from './cut-program.ts';

/** A real agent and a real hub, enrolled and stocked, with a copy of their files from before the first cut. */

export interface Stand {
  readonly agent: CutProgram;
  readonly hub: CutProgram;
  readonly hubPort: number;
  readonly readerPort: number;
  readonly journalPath: string;
  readonly hubPath: string;
  readonly printer: { slipCount(): number; paperText(): string };
  readonly senders: () => readonly OutboxSender[];
  /** The kiosk's page with its token. */
  readonly kiosk: () => string;
  /** Both programs as they were before the first cut; what anybody was told is forgotten. */
  reset(): Promise<void>;
  /** Ends all and removes every file. */
  close(): Promise<void>;
}
export interface StandOptions {
  readonly synchronous: Synchronous;
  readonly preload: string;
  /** Of each kiosk in our hands. */
  readonly records: number;
}

const ENROL_MS = 30_000;
const LOOK_MS = 50;
const nodeCrypto = { ...nodeHashing, ...nodeVerifying };

export async function createStand({ synchronous, preload, records }: StandOptions): Promise<Stand> {
  const dir = mkdtempSync(join(tmpdir(), 'tally-power-'));
  const [data, scratch, pristine] = ['data', 'scratch', 'pristine'].map((name) => join(dir, name)) as Triple;
  const hubPort = await freePorts(3);
  const [kioskPort, readerPort] = [hubPort + 1, hubPort + 2];
  const printer = await startPrinter({ port: 0 });
  const hubUrl = `http://127.0.0.1:${hubPort}`;
  const kioskUrl = `http://127.0.0.1:${kioskPort}`;
  const configs = { hub: join(dir, 'hub.json'), kiosk: join(dir, 'kiosk.json'), county: join(dir, 'county.json') };
  const program = (name: 'terminal' | 'hub', config: string, url: string) =>
    createCutProgram({ name, config, url, files: join(data, name), scratch, preload, synchronous });
  const hub = program('hub', configs.hub, hubUrl);
  const agent = program('terminal', configs.kiosk, kioskUrl);
  const token = () => readFileSync(join(data, 'terminal/run/page.token'), 'utf8').trim();
  const kiosk = () => `${kioskUrl}/?token=${token()}`;
  let senders: readonly OutboxSender[] = [];

  async function end(): Promise<void> {
    await Promise.all([agent.stop(), hub.stop()]);
  }
  async function close(): Promise<void> {
    await end();
    await printer.close();
    agent.control.close();
    hub.control.close();
    rmSync(dir, { recursive: true, force: true });
  }

  try {
    mkdirSync(join(data, 'hub'), { recursive: true });
    mkdirSync(join(data, 'terminal'), { recursive: true });
    writeJson(configs.county, powerCounty());
    writeJson(configs.hub, {
      ...{ county: 'power', store: 'sqlite:data/hub/hub.sqlite', keys: 'data/hub/keys', publicUrl: hubUrl },
      ...{ pollMs: 1_000, log: 'warn', listen: { host: '127.0.0.1', port: hubPort } },
    });
    importCounty(configs);
    if ((await hub.start()) === 'died') throw new Error(`the hub died: ${hub.says()}`);
    const desk = deskAt(hubUrl);
    writeJson(configs.kiosk, {
      ...{ hub: hubUrl, data: 'data/terminal/data', fence: 'data/terminal/fence/fence.bin' },
      ...{ runtime: 'data/terminal/run', listenPort: kioskPort, enrolmentCode: await desk.issue(KIOSK, 's1') },
      reader: { driver: 'virtual', port: readerPort },
      printer: { driver: 'tcp', host: '127.0.0.1', port: printer.port, columns: 48 },
      panel: { inch: 10.1, widthPx: 1280, heightPx: 800 },
      // A hub that is back should be seen at once: a round has four seconds.
      ...{ maxBackoffMs: 500, log: 'warn' },
    });
    const started = agent.start();
    await Promise.race([started, confirmed(async () => hands(kiosk()).view(), desk)]);
    if ((await started) === 'died') throw new Error(`the agent died: ${agent.says()}`);
    const fleet: (readonly [FleetTerminal, string, Uint8Array])[] = [];
    for (const tid of SENDERS) fleet.push(await enrolled(hubUrl, tid, desk, records));
    const renew = () => {
      senders = fleet.map(([terminal, inc, hubKey]) => createSender(terminal, inc, hubKey));
    };
    renew();
    await end();
    cpSync(data, pristine, { recursive: true });
    const reset = async () => {
      await end();
      rmSync(data, { recursive: true });
      cpSync(pristine, data, { recursive: true });
      printer.tearOff();
      renew();
      if ((await Promise.all([hub.start(), agent.start()])).includes('died')) throw new Error('it died at the start');
    };
    await reset();
    return {
      ...{ agent, hub, hubPort, readerPort, printer, kiosk, reset, close, senders: () => senders },
      journalPath: join(data, 'terminal/data/journal.sqlite'),
      hubPath: join(data, 'hub/hub.sqlite'),
    };
  } catch (error) {
    await close();
    throw error;
  }
}
type Triple = [string, string, string];

function importCounty({ county, hub }: { readonly county: string; readonly hub: string }): void {
  const args = [join(ROOT, 'dist/hub/main.js'), 'import', county, '--config', hub];
  const imported = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (imported.status !== 0) throw new Error(`hub import: ${imported.stderr}`);
}

/** Two people at the console: one issues the code, the other compares and confirms. */
function deskAt(hubUrl: string) {
  const people = consoleClient(hubUrl, () => PASSWORD);
  return {
    async issue(tid: string, shop: string): Promise<string> {
      return String((await people.ask(ANN, '/terminals', { tid, shop })).body.code);
    },
    async confirm(tid: string, fingerprint: string): Promise<void> {
      const { status, body } = await people.ask(BEN, `/terminals/${tid}/confirm`, { fingerprint });
      if (status !== 200) throw new Error(`${tid} is not confirmed: ${JSON.stringify(body)}`);
    },
  };
}
type Desk = ReturnType<typeof deskAt>;

/** The second person reads the fingerprint from the kiosk's own screen. */
async function confirmed(
  view: () => Promise<{ readonly closed?: { readonly fingerprint?: string } }>,
  desk: Desk,
): Promise<void> {
  const endMs = performance.now() + ENROL_MS;
  while (performance.now() < endMs) {
    const shown = await view().catch(() => null); // not listening yet
    if (shown?.closed?.fingerprint !== undefined) return desk.confirm(KIOSK, shown.closed.fingerprint);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error('the kiosk shows no fingerprint');
}

async function enrolled(
  hubUrl: string,
  tid: string,
  desk: Desk,
  records: number,
): Promise<readonly [FleetTerminal, string, Uint8Array]> {
  const key = new Uint8Array(randomBytes(32));
  const code = await desk.issue(tid, `s${tid.slice(1)}`);
  const step = () => enrolOnce(hubUrl, code, (kid) => nodeSigner(kid, key), nodeCrypto);
  const shown = await step();
  if (shown.state !== 'pending') throw new Error(`${tid} cannot enrol: ${JSON.stringify(shown)}`);
  await desk.confirm(tid, shown.fingerprint);
  const step2 = await step();
  if (step2.state !== 'enrolled') throw new Error(`${tid} is not enrolled: ${JSON.stringify(step2)}`);
  const { enrolmentJws, hubKey } = step2.epoch;
  const inc = enrolmentDocument.readTrusted(enrolmentJws)?.inc ?? '';
  return [soldBy(tid, key, enrolmentJws, records), inc, hubKey];
}
