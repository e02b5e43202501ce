import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * The agent on localhost is an attack surface: any page in any browser on this machine can reach it, and any user. So:
 * known host names only (DNS rebinding), our own origin only, and a token that only this kiosk's browser was given.
 */
export interface GuardOptions {
  readonly token: string;
  /** Named per instance, as cookies ignore ports. */
  readonly cookieName: string;
  readonly port: () => number;
}

const LOCAL_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
/** Readable without a token: they say nothing of any person. */
const OPEN_PATHS = new Set(['/healthz', '/readyz', '/metrics', '/openapi.json']);

export function guard(app: FastifyInstance, options: GuardOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    const origin = `http://${request.headers.host}`;
    const hosts = LOCAL_NAMES.map((name) => `${name}:${options.port()}`);
    if (!hosts.includes(request.headers.host ?? '')) {
      return refuse(reply, 421, 'unknown-host', 'This address is not the kiosk’s.');
    }
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    if (changes && !fromOwnPage(request, origin)) {
      return refuse(reply, 403, 'another-page', 'This was asked by another site’s page.');
    }
    const path = request.url.split('?', 1)[0] ?? '';
    if (OPEN_PATHS.has(path)) return;
    if (path === '/' && takeToken(request, reply, options)) return reply;
    if (!equal(request.cookies[options.cookieName] ?? bearer(request), options.token)) {
      return refuse(reply, 401, 'no-token', 'Open the kiosk by its whole address, with its token.');
    }
  });
}

/** The whole address holds the token; it moves into a cookie that no script can read, and out of the address bar. */
function takeToken(request: FastifyRequest, reply: FastifyReply, options: GuardOptions): boolean {
  const given = (request.query as { token?: string }).token;
  if (given === undefined || !equal(given, options.token)) return false;
  void reply
    .setCookie(options.cookieName, options.token, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      maxAge: 400 * 86_400,
    })
    .redirect('/', 303);
  return true;
}

export function fromOwnPage(request: FastifyRequest, origin: string): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return request.headers.origin === undefined || request.headers.origin === origin;
}

function bearer(request: FastifyRequest): string {
  return /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function equal(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuse(reply: FastifyReply, status: number, code: string, error: string): FastifyReply {
  const whatToDo = 'Start the kiosk’s page from the kiosk itself.';
  return reply.code(status).send({ code, error, whatToDo });
}
