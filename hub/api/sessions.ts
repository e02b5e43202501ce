import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Me, Role } from '../../protocol/api/console.ts';
import type { Operator, OperatorStore } from '../operators/port.ts';
import { SESSION_LIFE_MS, tokenHash } from '../operators/sign-in.ts';
import { refuse } from './problem.ts';

/** Who is asking: a cookie session, and a check that the page asking is our own. */

export interface SessionDeps {
  readonly operators: OperatorStore;
  /** Named per instance, as cookies ignore ports. */
  readonly cookieName: string;
  readonly secureCookie: boolean;
  /** The origin browsers come to; behind a TLS proxy the request itself does not know it. */
  readonly publicUrl: string;
  readonly county: Me['county'];
  readonly nowMs: () => number;
}

export function createSessions(deps: SessionDeps) {
  const cookie = { path: '/', httpOnly: true, sameSite: 'strict', secure: deps.secureCookie } as const;

  /** The operator, or null after the refusal was sent. */
  async function require(
    request: FastifyRequest,
    reply: FastifyReply,
    roles?: readonly Role[],
  ): Promise<Operator | null> {
    const token = request.cookies[deps.cookieName];
    const operator = token ? await deps.operators.session(tokenHash(token), deps.nowMs()) : null;
    if (operator === null) {
      refuse(reply, 401, 'signed-out', ['You are signed out.', 'Sign in again; nothing was changed.']);
      return null;
    }
    if (roles && !roles.includes(operator.role)) {
      const says = [`As ${operator.role} you may look, not do this.`, 'Ask somebody with that right.'] as const;
      refuse(reply, 403, 'not-your-right', says);
      return null;
    }
    return operator;
  }

  /** A change asked for by another site's page is refused; SameSite=Strict stands behind it. */
  function fromOwnPage(request: FastifyRequest): boolean {
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
    const origin = request.headers.origin;
    return (
      origin === undefined || origin === deps.publicUrl || origin === `${request.protocol}://${request.headers.host}`
    );
  }

  return {
    require,
    fromOwnPage,
    open: (reply: FastifyReply, token: string) =>
      reply.setCookie(deps.cookieName, token, { ...cookie, maxAge: SESSION_LIFE_MS / 1000 }),
    async close(request: FastifyRequest, reply: FastifyReply) {
      const token = request.cookies[deps.cookieName];
      if (token) await deps.operators.closeSession(tokenHash(token));
      reply.clearCookie(deps.cookieName, cookie);
    },
    me: (operator: Operator): Me => ({
      user: operator.user,
      name: operator.name,
      role: operator.role,
      county: deps.county,
    }),
  };
}
export type Sessions = ReturnType<typeof createSessions>;
