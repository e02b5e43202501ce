import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from '../../protocol/schema.ts';
import { SYNC_LIMITS } from '../../protocol/sync/messages.ts';
import { syncBundle } from '../ingest/bundle.ts';
import type { createSync } from '../ingest/sync.ts';
import { CHECKERS } from './outcome.ts';
import { refuse } from './problem.ts';
import type { Sessions } from './sessions.ts';
import { SYNC_SENTENCES } from './sync-sentences.ts';

/**
 * `POST /api/console/courier`: a bundle from a stick, brought by somebody who is signed in and may act; answered with the
 * hub's answer for the same stick. Both bodies as base64, as they are signed byte for byte.
 */
export interface CourierRoutesDeps {
  readonly sync: ReturnType<typeof createSync>;
  readonly sessions: Sessions;
}

const BODY_CHARS_MAX = Math.ceil(SYNC_LIMITS.unpackedBytes / 3) * 4;
const Bundle = Type.Object(
  {
    body: Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: BODY_CHARS_MAX }),
    signature: Type.String({ minLength: 1, maxLength: 1_000 }),
  },
  { additionalProperties: false },
);

export async function courierRoutes(plain: FastifyInstance, { sync, sessions }: CourierRoutesDeps): Promise<void> {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();
  app.post(
    '/courier',
    {
      bodyLimit: BODY_CHARS_MAX + 4_096,
      schema: { body: Bundle },
      // Before the body is read: a stranger’s megabytes are not.
      onRequest: async (request, reply) => {
        if (!(await sessions.require(request, reply, CHECKERS))) return reply;
        return undefined;
      },
    },
    async (request, reply) => {
      const operator = await sessions.require(request, reply, CHECKERS);
      if (!operator) return;
      const { body, signature } = request.body;
      const outcome = await syncBundle(sync, { body: Buffer.from(body, 'base64'), signature }, operator.user);
      if (!outcome.ok) {
        const [status, error, whatToDo] = SYNC_SENTENCES[outcome.code];
        // 401 would tell the page that its operator is signed out.
        return refuse(reply, status === 401 ? 409 : status, outcome.code, [error, whatToDo]);
      }
      const { tid, ep, stored } = outcome.response;
      const answer = { body: Buffer.from(outcome.body).toString('base64'), signature: outcome.signature };
      return { tid, ep, storedSeq: stored.seq, answer };
    },
  );
}
