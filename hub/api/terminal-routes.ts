import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SYNC_LIMITS } from '../../protocol/sync/messages.ts';
import { ENROL_SENTENCES, type Enrolment } from '../fleet/enrolment.ts';
import { type Admission, retryAfterS } from '../ingest/admission.ts';
import type { createSync } from '../ingest/sync.ts';
import { type NudgeRoutesDeps, nudgeRoutes } from './nudge-routes.ts';
import { refuse } from './problem.ts';
import { SYNC_SENTENCES } from './sync-sentences.ts';

/** The terminals' API: enrol, sync, nudges. Bodies are taken as bytes: what was signed is what is verified. */

export interface TerminalRoutesDeps extends NudgeRoutesDeps {
  readonly enrolment: Enrolment;
  readonly sync: ReturnType<typeof createSync>;
  readonly admission: Admission;
}

export async function terminalRoutes(app: FastifyInstance, deps: TerminalRoutesDeps): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.post('/v1/enrol', { bodyLimit: 4096 }, async (request, reply) => {
    const outcome = await deps.enrolment.request(String(request.body ?? ''));
    if (outcome.ok) return outcome.value;
    return refuse(reply, outcome.code === 'bad-request' ? 400 : 403, outcome.code, ENROL_SENTENCES[outcome.code]);
  });

  app.post<{ Params: { tid: string } }>(
    '/v1/terminals/:tid/sync',
    { bodyLimit: SYNC_LIMITS.packedBytes, onRequest: admitting(deps) },
    async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const signature = String(request.headers['tally-signature'] ?? '');
      const packed = request.headers['content-encoding'] === 'gzip';
      const outcome = await deps.sync(request.params.tid, body, signature, null, packed);
      if (!outcome.ok) {
        const [status, error, whatToDo] = SYNC_SENTENCES[outcome.code];
        return refuse(reply, status, outcome.code, [error, whatToDo]);
      }
      return sendSigned(reply, outcome.body, outcome.signature);
    },
  );
  await nudgeRoutes(app, deps);
}

/** Before the body is read. A body whose length nobody told counts as the largest there may be. */
function admitting({ admission, random }: TerminalRoutesDeps) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const length = Number(request.headers['content-length']) || SYNC_LIMITS.packedBytes;
    const leave = admission.enter(Math.min(length, SYNC_LIMITS.packedBytes));
    if (leave === null) {
      const says = ['The hub has its hands full.', 'Nothing was lost; the kiosk comes back by itself.'] as const;
      return refuse(reply.header('retry-after', String(retryAfterS(random()))), 429, 'busy', says);
    }
    // However it ends: answered, failed, or hung up on.
    reply.raw.once('close', leave);
    return undefined;
  };
}

function sendSigned(reply: FastifyReply, body: Uint8Array, signature: string): FastifyReply {
  return reply.header('tally-signature', signature).type('application/json').send(Buffer.from(body));
}
