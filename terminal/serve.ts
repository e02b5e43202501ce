import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import type { ClosedCode } from '../protocol/api/kiosk.ts';
import { enrolmentDocument } from '../protocol/documents/kinds.ts';
import { nodeHashing, nodeSigner, nodeVerifying } from '../protocol/node/crypto.ts';
import { freeBytesAt } from '../protocol/node/free-space.ts';
import { writeDurably } from '../protocol/node/key-file.ts';
import { EXIT, fail, startSentence } from '../protocol/node/program.ts';
import { programVersion } from '../protocol/node/version.ts';
import { createAgentApp } from './agent/app.ts';
import { CLOSED_SENTENCES } from './agent/closed-sentences.ts';
import { collectDefaultMetrics, pino, Registry } from './agent/libraries.ts';
import { kioskMetrics, stationMetrics } from './agent/metrics.ts';
import { switchedSource } from './agent/page-source.ts';
import type { Peripherals } from './agent/peripherals.ts';
import { voiceTroubles } from './agent/speech-routes.ts';
import { createStation, type Station } from './agent/station.ts';
import { mmPxOf, type TerminalConfig } from './config.ts';
import { enrollingSeed, seedOf } from './device-keys.ts';
import type { PrinterPort } from './devices/printer/port.ts';
import type { ReaderPort } from './devices/reader/port.ts';
import { type Enrolling, enrol } from './enrolling.ts';
import { createDiskWatch } from './journal/disk-space.ts';
import { createFence } from './journal/fence.ts';
import { fenceFile } from './journal/fence-file.ts';
import type { JournalStore } from './journal/port.ts';
import { sqliteStore } from './journal/sqlite-store.ts';
import type { FoundJournal } from './journal-at-start.ts';
import { createVoice } from './speech/voice/voice.ts';
import { MAX_BACKOFF_MS } from './sync/backoff.ts';

/** Runs one kiosk's agent: the page at once, the station as soon as it is enrolled. */

export interface Drivers {
  readonly reader: ReaderPort;
  readonly readerKind: 'pcsc' | 'virtual';
  readonly printer: PrinterPort;
  readonly peripherals: Peripherals;
}
/** How often it is asked whether this epoch is over. */
const LOOK_EVERY_MS = 1_000;
const crypto = { ...nodeHashing, ...nodeVerifying };

export interface Agent {
  stop(): Promise<void>;
}

export interface KioskParts {
  readonly journal: FoundJournal;
  readonly drivers: Drivers;
  /** This device was enrolled anew, and must be started again to sell in that epoch. */
  readonly onNextEpoch: () => void;
}

export async function serveKiosk(config: TerminalConfig, dir: string, parts: KioskParts): Promise<Agent> {
  const { drivers, onNextEpoch } = parts;
  const { path, db: opened, state: journalState } = parts.journal;
  const logger = pino({ level: config.log ?? 'info', redact: ['req.headers'] }, pino.destination(2));
  const data = resolve(dir, config.data);
  const page = switchedSource(mmPxOf(config.panel));
  const { clips, program } = config.speech ?? {};
  const voice = createVoice({
    program: program ?? 'espeak-ng',
    clips: clips === undefined ? null : resolve(dir, clips),
  });
  let station: Station | null = null;
  let store: JournalStore | null = null;
  parts.journal.checked.then((fault) => {
    const what = fault instanceof Error ? { err: fault } : { fault };
    if (fault !== null) logger.fatal(what, `${path} is damaged, or could not be looked at: nothing is sold`);
    station?.journalChecked();
  });
  /** Of the key that waits for the next epoch. */
  let fingerprint: string | null = null;
  let waiting: ClosedCode = opened === null ? 'journal-damaged' : 'starting';
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const disk = createDiskWatch({
    freeBytes: () => freeBytesAt(data),
    tryWrite: () => store?.setFact('disk-probe', String(Date.now())),
    onUnsure(error) {
      logger.fatal({ err: error }, 'what was being written may or may not be kept: the next start will see');
      process.exit(1);
    },
    monotonicMs: () => performance.now(),
  });
  const notReady = () => station?.notReady() ?? [{ code: waiting, says: CLOSED_SENTENCES[waiting] }];
  const onCommit = kioskMetrics(metrics, {
    ...{ notReady, journalState, journalBytes: () => bytesOf(path), freeBytes: disk.freeBytes },
  });

  let port = config.listenPort;
  const app = await createAgentApp({
    ...{ logger, page, voice },
    guard: {
      token: loadToken(resolve(dir, config.runtime)),
      cookieName: `tallystick_kiosk_${config.listenPort}`,
      port: () => port,
    },
    status: {
      name: 'tallystick-terminal',
      version: programVersion(),
      notReady,
      notices: () => [...(station?.troubles() ?? []), ...voiceTroubles(voice)],
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
  // Not before: until here another agent or a courier held the port and wrote this journal, and a store remembers what it read.
  store = opened === null ? null : sqliteStore(opened);

  let stopped = false;
  let closeFence: () => void = () => undefined;
  const say = (code: ClosedCode, fingerprint?: string) => {
    waiting = code;
    page.say(fingerprint === undefined ? { code } : { code, fingerprint });
  };
  async function begin(): Promise<void> {
    if (opened === null || store === null) return say('journal-damaged');
    const known = store.epochs().at(-1) ?? null;
    const asking = { config, logger, isStopped: () => stopped };
    const epoch = known ?? (await enrol({ ...asking, seed: enrollingSeed(data, false), say }));
    if (epoch === null) return;
    if (known === null) store.addEpoch(epoch);
    const storage = fenceFile(resolve(dir, config.fence));
    closeFence = storage.close;
    const fence = createFence(storage, nodeHashing);
    const fresh = store.last(epoch.ep) === null;
    // An epoch that has written nothing yet, behind the mark of an earlier one or none.
    if (fresh && (fence.mark()?.ep ?? 0) < epoch.ep) fence.raise({ ep: epoch.ep, seq: 0, head: epoch.enrolmentHash });
    const enrolment = enrolmentDocument.readTrusted(epoch.enrolmentJws);
    station = createStation({
      ...{
        db: opened,
        store,
        epoch,
        fence,
        crypto,
        ...drivers,
        inc: enrolment?.inc ?? '',
        hubUrl: config.hub,
        journalState,
      },
      ...{ disk, onCommit },
      onFenceLost(error) {
        // The record is durable and nothing of it has left; the next start brings the fence up, or says why it cannot.
        logger.fatal({ err: error }, 'the fence could not be raised');
        process.exit(1);
      },
      onBegunLost(error) {
        // Some of the slip may be out. The fence says so, and the next start asks the clerk.
        logger.fatal({ err: error }, 'that a slip has begun could not be written');
        process.exit(1);
      },
      maxBackoffMs: config.maxBackoffMs ?? MAX_BACKOFF_MS,
      signer: nodeSigner(`${epoch.tid}.${epoch.ep}`, seedOf(data, epoch)),
      fingerprint: () => fingerprint,
      widthColumns: config.printer.driver === 'none' ? 48 : config.printer.columns,
      mmPx: mmPxOf(config.panel),
      version: programVersion(),
      log: (says) => logger.info(says),
    });
    stationMetrics(metrics, station.facts);
    page.use(station.kiosk);
    station.start();
    await beginNext(station, asking);
  }
  /** Once this epoch is over, and a code for the next one stands in the config file: enrols that. */
  async function beginNext(now: Station, asking: Pick<Enrolling, 'config' | 'logger' | 'isStopped'>): Promise<void> {
    if (config.enrolmentCode === undefined || store === null) return;
    while (!now.isOver()) {
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS).unref());
      if (stopped) return;
    }
    const shown = (_code: ClosedCode, shownFingerprint?: string) => {
      fingerprint = shownFingerprint ?? null;
      now.kiosk.publish();
    };
    const next = await enrol({ ...asking, seed: enrollingSeed(data, true), say: shown });
    if (next === null) return;
    store.addEpoch(next);
    logger.info(`enrolled as ${next.tid}.${next.ep}; starting again`);
    onNextEpoch();
  }
  void begin().catch(async (error: Error) => {
    logger.fatal({ err: error }, 'the kiosk cannot work');
    await stop();
    // Whoever watches over this process must see it end: what is still open (a parent's pipe) would hold it.
    const sentence = startSentence(error, path);
    if (sentence === null) process.exit(EXIT.finding);
    fail(EXIT.environment, ...sentence);
  });

  async function stop(): Promise<void> {
    if (stopped) return;
    stopped = true;
    await station?.stop();
    await app.close();
    opened?.close();
    closeFence();
  }
  return { stop };
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

/** With its write-ahead log, which holds what no checkpoint has moved yet. */
function bytesOf(path: string): number {
  return [path, `${path}-wal`].reduce((sum, each) => sum + (statSync(each, { throwIfNoEntry: false })?.size ?? 0), 0);
}
