import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import pino, { type Logger } from 'pino';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { ClosedCode } from '../protocol/api/kiosk.ts';
import { enrolmentDocument } from '../protocol/documents/kinds.ts';
import { nodeHashing, nodeSigner, nodeVerifying } from '../protocol/node/crypto.ts';
import { loadOrCreateKey, writeDurably } from '../protocol/node/key-file.ts';
import { programVersion } from '../protocol/node/version.ts';
import { createAgentApp } from './agent/app.ts';
import { CLOSED_SENTENCES } from './agent/closed-sentences.ts';
import { switchedSource } from './agent/page-source.ts';
import type { Peripherals } from './agent/peripherals.ts';
import { createStation, type Station } from './agent/station.ts';
import { mmPxOf, type TerminalConfig } from './config.ts';
import type { PrinterPort } from './devices/printer/port.ts';
import type { ReaderPort } from './devices/reader/port.ts';
import { createFence } from './journal/fence.ts';
import { fenceFile } from './journal/fence-file.ts';
import type { EpochRow, JournalStore } from './journal/port.ts';
import { openJournal, sqliteStore } from './journal/sqlite-store.ts';
import { MAX_BACKOFF_MS } from './sync/backoff.ts';
import { enrolOnce } from './sync/enrol.ts';

/** Runs one kiosk's agent: the page at once, the station as soon as it is enrolled. */

export interface Drivers {
  readonly reader: ReaderPort;
  readonly readerKind: 'pcsc' | 'virtual';
  readonly printer: PrinterPort;
  readonly peripherals: Peripherals;
}
const ENROL_EVERY_MS = 1_000;
const crypto = { ...nodeHashing, ...nodeVerifying };

export async function serveKiosk(
  config: TerminalConfig,
  dir: string,
  drivers: Drivers,
): Promise<{ stop(): Promise<void> }> {
  const logger = pino({ level: config.log ?? 'info', redact: ['req.headers'] }, pino.destination(2));
  const data = resolve(dir, config.data);
  mkdirSync(data, { recursive: true });
  const db = openJournal(resolve(data, 'journal.sqlite'));
  const store = sqliteStore(db);
  let epoch = store.epochs().at(-1) ?? null;
  const seed = loadOrCreateKey(resolve(data, 'device.key'), epoch === null);
  const page = switchedSource(mmPxOf(config.panel));
  let station: Station | null = null;
  let waiting: ClosedCode = 'starting';
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });

  let port = config.listenPort;
  const app = await createAgentApp({
    logger,
    page,
    guard: {
      token: loadToken(resolve(dir, config.runtime)),
      cookieName: `tallystick_kiosk_${config.listenPort}`,
      port: () => port,
    },
    status: {
      name: 'tallystick-terminal',
      version: programVersion(),
      notReady: () => station?.notReady() ?? [{ code: waiting, says: CLOSED_SENTENCES[waiting] }],
      metrics,
    },
    state: () => {
      if (station === null) throw Object.assign(new Error(CLOSED_SENTENCES[waiting]), { statusCode: 503 });
      return station.state();
    },
    courier: () => station?.courier ?? null,
    frameAncestors: config.frameAncestors ?? [],
    pageDir: pageDir(),
  });
  await app.listen({ host: '127.0.0.1', port: config.listenPort });
  port = portOf(app);

  let stopped = false;
  const say = (code: ClosedCode, fingerprint?: string) => {
    waiting = code;
    page.say(fingerprint === undefined ? { code } : { code, fingerprint });
  };
  async function begin(): Promise<void> {
    epoch ??= await enrol(config, store, seed, say, logger, () => stopped);
    if (epoch === null) return;
    const storage = fenceFile(resolve(dir, config.fence));
    const fence = createFence(storage, nodeHashing);
    const fresh = store.last(epoch.ep) === null;
    if (fresh && fence.mark() === null) fence.raise({ ep: epoch.ep, seq: 0, head: epoch.enrolmentHash });
    const enrolment = enrolmentDocument.readTrusted(epoch.enrolmentJws);
    station = createStation({
      ...{ db, epoch, fence, crypto, ...drivers, inc: enrolment?.inc ?? '', hubUrl: config.hub },
      maxBackoffMs: config.maxBackoffMs ?? MAX_BACKOFF_MS,
      signer: nodeSigner(`${epoch.tid}.${epoch.ep}`, seed),
      widthColumns: config.printer.driver === 'tcp' ? config.printer.columns : 48,
      mmPx: mmPxOf(config.panel),
      version: programVersion(),
      log: (says) => logger.info(says),
    });
    stationMetrics(metrics, station);
    page.use(station.kiosk);
    station.start();
  }
  void begin().catch((error: Error) => {
    logger.fatal({ err: error }, 'the kiosk cannot work');
    process.exitCode = 1;
    void stop();
  });

  async function stop(): Promise<void> {
    if (stopped) return;
    stopped = true;
    await station?.stop();
    await app.close();
    db.close();
  }
  return { stop };
}

/** Asks until a person has confirmed; null when the agent is stopped meanwhile, or has no code to ask with. */
async function enrol(
  config: TerminalConfig,
  store: JournalStore,
  seed: Uint8Array,
  say: (code: ClosedCode, fingerprint?: string) => void,
  logger: Logger,
  isStopped: () => boolean,
): Promise<EpochRow | null> {
  const code = config.enrolmentCode;
  if (code === undefined) {
    say('not-enrolled');
    return null;
  }
  let said = '';
  for (;;) {
    if (isStopped()) return null;
    const step = await enrolOnce(config.hub, code, (kid) => nodeSigner(kid, seed), crypto);
    if (step.state === 'enrolled') {
      store.addEpoch(step.epoch);
      return step.epoch;
    }
    if (step.state === 'pending') say('waiting-for-confirmation', step.fingerprint);
    else say('not-enrolled');
    const says = step.state === 'refused' ? `${step.error} ${step.whatToDo}` : step.state;
    if (says !== said) logger.info(`enrolment: ${says}`);
    said = says;
    await new Promise((done) => setTimeout(done, ENROL_EVERY_MS));
  }
}

/** Kept across restarts, so that an open page is not stranded when the agent comes back. */
function loadToken(runtime: string): string {
  const path = resolve(runtime, 'page.token');
  if (existsSync(path)) {
    chmodSync(path, 0o600);
    return readFileSync(path, 'utf8').trim();
  }
  const token = randomBytes(24).toString('base64url');
  writeDurably(path, Buffer.from(token), 0o600);
  return token;
}

function pageDir(): string | null {
  const built = fileURLToPath(new URL('../ui/kiosk', import.meta.url));
  return existsSync(resolve(built, 'index.html')) && !existsSync(resolve(built, 'main.ts')) ? built : null;
}

function portOf(app: FastifyInstance): number {
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function stationMetrics(metrics: Registry, station: Station): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      ...{ name: `tallystick_terminal_${name}`, help, registers: [metrics] },
      collect() {
        this.set(read());
      },
    });
  gauge('journal_seq', 'Number of the last record', () => station.state().journal.seq);
  gauge('journal_unsent', 'Records the hub has not stored yet', () => station.state().journal.unsent);
  gauge('ready', '1 where the kiosk can sell', () => (station.notReady().length === 0 ? 1 : 0));
}
