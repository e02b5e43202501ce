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
import { createDownlink } from './fleet/downlink.ts';
import { createEnrolment } from './fleet/enrolment.ts';
import { createJudging } from './ingest/judging.ts';
import { createSync } from './ingest/sync.ts';
import { createSignIn } from './operators/sign-in.ts';
import { fingerprintOfCounty, type HubParts } from './parts.ts';

/** Puts the hub together from its parts. */
export async function composeHub(parts: HubParts): Promise<FastifyInstance> {
  const { store, config, hub, seal } = parts;
  const nowMs = Date.now;
  const crypto = { ...nodeHashing, ...nodeVerifying };
  const logger = pino(
    { level: config.log ?? 'info', redact: ['req.headers', 'password', 'code', 'jws'] },
    pino.destination(2),
  );
  const county = await store.downlink.county();
  if (county === null) throw new Error('composeHub before a county was imported');
  const judging = createJudging(store.judging, nowMs);
  const enrolment = createEnrolment({
    ...{ store: store.fleet, seal, crypto, hub, county: county.id, inc: county.inc, nowMs, randomBytes },
  });
  const downlink = createDownlink({
    ...{ store: store.downlink, seal, hashing: nodeHashing, hub, receiptBase: config.publicUrl, nowMs },
  });
  const { metrics, synced } = hubMetrics();
  const sync = createSync({
    ...{ records: store.records, fleet: store.fleet, judging, judgedOf: store.console.judgedOf, downlink, crypto, hub },
    ...{ inc: county.inc, pollMs: config.pollMs, nowMs },
    onFault: (what, error) => logger.error({ err: error }, what),
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
  await judging.judgeAll((what, error) => logger.error({ err: error }, what));
  const consoleDir = fileURLToPath(new URL('../ui/console', import.meta.url));
  const built = existsSync(`${consoleDir}/index.html`) && !existsSync(`${consoleDir}/main.ts`);
  return createHubApp({
    logger,
    terminal: {
      enrolment,
      sync: async (...request) => {
        const outcome = await sync(...request);
        synced.inc({ outcome: outcome.ok ? 'stored' : outcome.code });
        return outcome;
      },
    },
    console: {
      ...{ store: store.console, fleet: store.fleet, enrolment, sessions, crypto, nowMs },
      waitsCode: store.judging.waitsCode,
      signIn: createSignIn({ store: store.operators, seal, nowMs }),
    },
    status: { name: 'tallystick-hub', version: programVersion(), notReady: () => [], metrics },
    consoleDir: built ? consoleDir : null,
  });
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
