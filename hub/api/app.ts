import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import staticFiles from '@fastify/static';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyBaseLogger, type FastifyError, type FastifyInstance, LogController } from 'fastify';
import { type StatusDeps, statusRoutes } from '../../protocol/node/status-routes.ts';
import { retryAfterS } from '../ingest/admission.ts';
import { BooksUnavailable } from '../ledger/books.ts';
import { type ConsoleRoutesDeps, consoleRoutes, receiptAnswer } from './console-routes.ts';
import { refuse } from './problem.ts';
import { receiptPage } from './receipt-page.ts';
import { type TerminalRoutesDeps, terminalRoutes } from './terminal-routes.ts';

/** The hub's HTTP surface, put together but not listening: tests inject into it, `serve` listens. */
export interface HubAppDeps {
  readonly logger: FastifyBaseLogger;
  readonly terminal: TerminalRoutesDeps;
  readonly console: ConsoleRoutesDeps;
  readonly status: StatusDeps;
  /** Folder of the built console page; null where it was not built (tests of the API). */
  readonly consoleDir: string | null;
}

const MAX_BODY_BYTES = 64 * 1024;
/** A county's 305 kiosks hold a nudge stream and a question each, twice over while a network comes back; and people. */
const CONNECTIONS_MAX = 2_048;

export async function createHubApp(deps: HubAppDeps): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: deps.logger,
    bodyLimit: MAX_BODY_BYTES,
    // A line a request tells nothing, and addresses may hold what no log should.
    logController: new LogController({ disableRequestLogging: true }),
    // By default Fastify drops unknown fields in silence; here they are refused where a schema says so.
    ajv: { customOptions: { removeAdditional: false } },
  });
  app.server.maxConnections = CONNECTIONS_MAX;
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof BooksUnavailable) {
      request.log.error({ err: error, route: request.routeOptions.url }, 'the database does not answer');
      return refuse(reply.header('retry-after', String(retryAfterS(Math.random()))), 503, 'store-unavailable', [
        'The hub’s database does not answer just now.',
        'Nothing was half done; try again in a moment.',
      ]);
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
    const says: readonly [string, string] =
      status >= 500
        ? ['Something went wrong at the hub.', 'Try again; nothing was half done. If it stays, look at the hub’s log.']
        : [error.message, 'Correct the request and send it again.'];
    return refuse(reply, status, status >= 500 ? 'internal' : 'bad-request', says);
  });
  await app.register(helmet, {
    hsts: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        ...{ defaultSrc: ["'self'"], styleSrc: ["'self'", "'unsafe-inline'"], imgSrc: ["'self'", 'data:'] },
        ...{ scriptSrc: ["'self'"], frameAncestors: ["'none'"], objectSrc: ["'none'"], baseUri: ["'none'"] },
      },
    },
  });
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  await app.register(swagger, { openapi: { info: { title: 'Tallystick hub', version: deps.status.version } } });
  await app.register((scope: FastifyInstance) => terminalRoutes(scope, deps.terminal));
  await app.register((scope: FastifyInstance) => consoleRoutes(scope, deps.console), { prefix: '/api/console' });
  await app.register((scope: FastifyInstance) => statusRoutes(scope, deps.status));
  const answerReceipt = receiptAnswer(deps.console.store);
  app.get<{ Params: { '*': string } }>(
    '/r/*',
    { config: { rateLimit: { max: 60, timeWindow: 60_000 } } },
    async (request, reply) => {
      const path = request.params['*'];
      return reply.type('text/html; charset=utf-8').send(receiptPage(path, await answerReceipt(path)));
    },
  );
  if (deps.consoleDir !== null) await app.register(staticFiles, { root: deps.consoleDir, prefix: '/' });
  return app;
}
