import type { FastifyBaseLogger, FastifyError, FastifyInstance } from 'fastify';
import type { RigState } from '../../protocol/api/rig.ts';
import { type StatusDeps, statusRoutes } from '../../protocol/node/status-routes.ts';
import type { Voice } from '../speech/voice/voice.ts';
import { type CourierDesk, courierRoutes } from './courier-routes.ts';
import { type GuardOptions, guard } from './guard.ts';
import { kioskRoutes } from './kiosk-routes.ts';
import { cookie, Fastify, helmet, LogController, staticFiles, swagger } from './libraries.ts';
import type { PageSource } from './page-source.ts';
import { schemaController } from './schema-compilers.ts';
import { speechRoutes } from './speech-routes.ts';

/** The agent's HTTP surface, put together but not listening. */
export interface AgentAppDeps {
  readonly logger: FastifyBaseLogger;
  readonly guard: GuardOptions;
  readonly page: PageSource;
  readonly voice: Voice;
  readonly status: StatusDeps;
  /** What the rig, a doctor or a test asks. */
  readonly state: () => RigState;
  /** Null while the kiosk is not enrolled. */
  readonly courier: () => CourierDesk | null;
  readonly frameAncestors: readonly string[];
  readonly pageDir: string | null;
}
const MAX_BODY_BYTES = 4096;
/** The pages, a doctor, a probe: more is somebody who wants the kiosk to stand still. */
const MAX_CONNECTIONS = 64;
/** A request is a few hundred bytes from this very machine. */
const REQUEST_MS = 5_000;
const LOOK_EVERY_MS = 1_000;

export async function createAgentApp(deps: AgentAppDeps): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: deps.logger,
    bodyLimit: MAX_BODY_BYTES,
    // A line a request tells nothing, and addresses may hold what no log should.
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    requestTimeout: REQUEST_MS,
    http: { headersTimeout: REQUEST_MS, connectionsCheckingInterval: LOOK_EVERY_MS },
    schemaController,
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  // JSON only: a plain form of another site needs no permission to send text.
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
    const bug = {
      code: 'internal',
      error: 'Something went wrong in the kiosk.',
      whatToDo: 'Try again; nothing was half done.',
    };
    const bad = { code: 'bad-request', error: error.message, whatToDo: 'Reload the page.' };
    return reply.code(status).send(status >= 500 ? bug : bad);
  });
  await app.register(cookie);
  guard(app, deps.guard);
  await app.register(helmet, {
    hsts: false,
    frameguard: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        ...{ defaultSrc: ["'self'"], styleSrc: ["'self'", "'unsafe-inline'"], imgSrc: ["'self'", 'data:'] },
        ...{ scriptSrc: ["'self'"], objectSrc: ["'none'"], baseUri: ["'none'"] },
        frameAncestors: deps.frameAncestors.length > 0 ? [...deps.frameAncestors] : ["'none'"],
      },
    },
  });
  await app.register(swagger, {
    openapi: { info: { title: 'Tallystick terminal agent', version: deps.status.version } },
  });
  await app.register((scope: FastifyInstance) => statusRoutes(scope, deps.status));
  await app.register((scope: FastifyInstance) => kioskRoutes(scope, deps.page));
  await app.register((scope: FastifyInstance) => speechRoutes(scope, deps.page, deps.voice));
  await app.register((scope: FastifyInstance) => courierRoutes(scope, deps.courier));
  app.get('/api/state', async () => deps.state());
  if (deps.pageDir !== null) {
    // Nothing personal is in these files, and a new build must show at the next start.
    await app.register(staticFiles, { root: deps.pageDir, prefix: '/', cacheControl: false });
  }
  return app;
}
