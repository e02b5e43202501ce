import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { nodeHashing, nodeVerifying } from '../protocol/node/crypto.ts';
import { programVersion } from '../protocol/node/version.ts';
import { createHubApp } from './api/app.ts';
import { createSessions } from './api/sessions.ts';
import { createCore } from './core.ts';
import { createAdmission } from './ingest/admission.ts';
import type { ReadEnvelope } from './ingest/envelope.ts';
import { startJobs } from './jobs.ts';
import { createSignIn } from './operators/sign-in.ts';
import { fingerprintOfCounty, type HubParts } from './parts.ts';
import { createReadiness } from './readiness.ts';

/** What only a hub that listens has. */
export interface HubEdges {
  /** Reads envelopes on threads of their own. */
  readonly readEnvelope?: ReadEnvelope;
}

/** Puts the hub together from its parts. */
export async function composeHub(parts: HubParts, edges: HubEdges = {}): Promise<FastifyInstance> {
  const { store, config, hub, seal } = parts;
  const nowMs = Date.now;
  const crypto = { ...nodeHashing, ...nodeVerifying };
  const logger = pino(
    { level: config.log ?? 'info', redact: ['req.headers', 'password', 'code', 'jws'] },
    pino.destination(2),
  );
  const county = await store.books.read((books) => books.get('counties', {}));
  if (county === undefined) throw new Error('composeHub before a county was imported');
  const { metrics, synced } = hubMetrics();
  const onFault = (what: string, error: unknown) => logger.error({ err: error }, what);
  const core = createCore({
    ...{ books: store.books, seal, crypto, hub, nowMs, randomBytes, onFault },
    ...{ receiptBase: config.publicUrl, pollMs: config.pollMs, ...edges },
    ...(parts.copies === null ? {} : { keepCopy: parts.copies.keep }),
  });
  const sessions = createSessions({
    operators: store.operators,
    cookieName: `tallystick_hub_${fingerprintOfCounty(config)}`,
    secureCookie: config.publicUrl.startsWith('https:'),
    publicUrl: config.publicUrl,
    county: { id: county.id, name: county.name, nameEn: county.nameEn },
    nowMs,
  });
  // What was stored but not judged before a restart is judged now; sync requests queue behind it chain by chain.
  await core.judging.judgeAll(onFault);
  const admission = createAdmission();
  const { freeBytes } = parts;
  const readiness = createReadiness({ books: store.books, admission, freeBytes, onFault });
  await readiness.look();
  readiness.start();
  const consoleDir = fileURLToPath(new URL('../ui/console', import.meta.url));
  const built = existsSync(`${consoleDir}/index.html`) && !existsSync(`${consoleDir}/main.ts`);
  const jobs = startJobs(core.jobs);
  const sync: typeof core.sync = async (...request) => {
    const outcome = await core.sync(...request);
    synced.inc({ outcome: outcome.ok ? 'stored' : outcome.code });
    return outcome;
  };
  const app = await createHubApp({
    logger,
    terminal: {
      ...{ admission, random: Math.random, enrolment: core.enrolment, nudges: core.nudges, sync },
    },
    console: {
      ...{ store: store.console, keysOf: core.keysOf, waitsCode: core.waitsCode, enrolment: core.enrolment },
      ...{ acts: core.acts, desk: core.desk, sync, sessions, crypto, nowMs },
      signIn: createSignIn({ store: store.operators, seal, nowMs }),
    },
    status: { name: 'tallystick-hub', version: programVersion(), notReady: () => readiness.notReady(), metrics },
    consoleDir: built ? consoleDir : null,
  });
  app.addHook('onClose', async () => readiness.stop());
  app.addHook('onClose', () => jobs.stop());
  return app;
}

function hubMetrics() {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const synced = new Counter({
    name: 'tallystick_hub_sync_total',
    help: 'Sync requests by outcome',
    labelNames: ['outcome'],
    registers: [metrics],
  });
  new Gauge({ name: 'tallystick_hub_info', help: 'Always 1', registers: [metrics] }).set(1);
  return { metrics, synced };
}
