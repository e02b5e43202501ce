import { chmodSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startPrinter } from '../printer/index.ts';
import type { CardIssuer } from '../rig/card-issuer.ts';
import { createFaults } from '../rig/faults.ts';
import { startLink } from '../rig/link.ts';
import { type SerialDevices, startSerialDevices } from '../rig/serial-devices.ts';
import { createUnit } from '../rig/unit.ts';
import { walletFor } from '../rig/wallet.ts';
import { demoCounty } from './county/county.ts';
import type { HubDesk } from './enrol-kiosks.ts';
import { type KioskLayout, readJson, writeJson } from './layout.ts';
import type { DemoOptions } from './options.ts';
import { keepRunning } from './processes.ts';
import { type DemoReader, startReader } from './reader.ts';

/** One kiosk of the demo: its virtual hardware, its config file, its agent's process, its enrolment. */

export interface KioskDeps {
  readonly layout: KioskLayout;
  readonly options: DemoOptions;
  readonly hubPort: number;
  readonly rigPort: number;
  readonly readerKind: 'pcsc' | 'virtual';
  readonly desk: HubDesk;
  readonly issuer: CardIssuer;
  readonly programs: { readonly terminal: string };
  readonly onGivenUp: (says: string) => void;
}
type Serial = Awaited<ReturnType<typeof startSerialDevices>>;
/** Beside the config file. */
const CARD_KEYS = 'card-keys.json';
const WAIT_MS = 60_000;
const LOOK_MS = 50;

export async function startKiosk(deps: KioskDeps) {
  const { layout, options, desk } = deps;
  const village = demoCounty.villages[(layout.k - 1) % demoCounty.villages.length];
  if (village === undefined) throw new Error('a county without villages');
  const printer = await startPrinter({ port: 0 });
  if (options.story === 'paper-out') printer.setFault('paper-out', true);
  const link = await startLink({ host: '127.0.0.1', port: deps.hubPort });
  const reader = await startReader(deps.readerKind, layout);
  const serial = await startSerialDevices(resolve(layout.dir, 'serial'));
  const rows = await desk.rows();
  const known = rows.find((row) => row.tid === layout.tid);
  const code = known === undefined ? (await desk.issue(layout.tid, village.shopId)).code : knownCode(layout);
  const keysPath = join(layout.dir, CARD_KEYS);
  writeJson(keysPath, deps.issuer.keyFile(village.id));
  chmodSync(keysPath, 0o600);
  writeJson(
    layout.configPath,
    agentConfig(deps, { linkPort: link.port, printerPort: printer.port, reader, serial, code }),
  );
  const argv = [
    ...reader.enter,
    process.execPath,
    deps.programs.terminal,
    'serve',
    '--with-parent',
    '--config',
    layout.configPath,
  ];
  const agent = keepRunning({ name: `kiosk ${layout.k}`, argv, log: join(layout.dir, 'agent.log') }, deps.onGivenUp);
  const url = `http://127.0.0.1:${layout.port}`;
  const token = () => readFileSync(join(layout.dir, 'run', 'page.token'), 'utf8').trim();
  const unit = createUnit({
    ...{ k: layout.k, name: village.shopName, printer, link, serial, slots: reader.slots },
    address: () => `${url}/?token=${token()}`,
    agent: { url, token },
  });
  const faults = createFaults(unit, { reader: reader.faults(agent), killAgent: () => agent.kill() });
  return {
    unit,
    agent,
    desk: { unit, faults, wallet: walletFor(demoCounty, village.id, deps.issuer) },
    /** Confirms the kiosk where a person must, then waits until it can sell. */
    async ready(): Promise<void> {
      await confirmed(layout, url, desk);
      await until(async () => (await fetch(`${url}/readyz`)).status === 200, `kiosk ${layout.k} to be ready`);
      await until(async () => (await unit.agentState()).reader.state === 'ready', `kiosk ${layout.k}’s reader`);
    },
    async close(): Promise<void> {
      await agent.stop();
      await unit.close();
      await reader.close();
    },
  };
}
export type DemoKiosk = Awaited<ReturnType<typeof startKiosk>>;

/** The second person reads the fingerprint from the kiosk's own screen, not from the hub. */
async function confirmed(layout: KioskLayout, url: string, desk: HubDesk): Promise<void> {
  await until(async () => {
    const row = (await desk.rows()).find((each) => each.tid === layout.tid);
    if (row?.state === 'open') return true;
    if (row?.state !== 'awaiting-confirmation') return false;
    const token = readFileSync(join(layout.dir, 'run', 'page.token'), 'utf8').trim();
    const response = await fetch(`${url}/api/view`, { headers: { authorization: `Bearer ${token}` } });
    const view = (await response.json()) as { closed?: { fingerprint?: string } };
    const shown = view.closed?.fingerprint;
    if (shown !== undefined) await desk.confirm(layout.tid, shown);
    return false;
  }, `kiosk ${layout.k} to be enrolled`);
}

function knownCode(layout: KioskLayout): string | undefined {
  return readJson<{ enrolmentCode?: string }>(layout.configPath)?.enrolmentCode;
}

function agentConfig(
  { layout, options, rigPort }: KioskDeps,
  wired: { linkPort: number; printerPort: number; reader: DemoReader; serial: Serial; code: string | undefined },
): unknown {
  return {
    hub: `http://127.0.0.1:${wired.linkPort}`,
    ...{ data: 'data', fence: 'fence/fence.bin', runtime: 'run', listenPort: layout.port },
    ...(wired.code === undefined ? {} : { enrolmentCode: wired.code }),
    ...{ reader: wired.reader.config, cardKeys: CARD_KEYS },
    printer: { driver: 'tcp', host: '127.0.0.1', port: wired.printerPort, columns: 48 },
    ...('missing' in wired.serial ? {} : serialConfig(wired.serial)),
    panel: options.panel,
    frameAncestors: [`http://127.0.0.1:${rigPort}`, `http://localhost:${rigPort}`],
    // Somebody is watching: a link that is back should be seen within a moment, not within a quarter of an hour.
    ...{ maxBackoffMs: 2_000, log: 'info' },
  };
}

function serialConfig({ scannerPath, idReaderPath, displayPath }: SerialDevices): object {
  return {
    scanner: { driver: 'serial', path: scannerPath, baudRate: 9_600 },
    idReader: { driver: 'serial', path: idReaderPath, baudRate: 115_200 },
    display: { driver: 'cd5220', path: displayPath, baudRate: 9_600 },
  };
}

export async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const endMs = performance.now() + WAIT_MS;
  for (;;) {
    // A program that is still starting refuses connections; anything else shows when the time is over.
    const now = await holds().catch(() => false);
    if (now) return;
    if (performance.now() > endMs) throw new Error(`waited ${WAIT_MS / 1000} s in vain for ${what}`);
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}
