import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { AnswerBody } from '../../protocol/api/programme.ts';
import { Type } from '../../protocol/schema.ts';
import type { Desk } from '../desk.ts';
import type { ConsoleStore } from './console-port.ts';
import { answerAct, MAKERS, Named, oneOf, PAGE, PAGE_ROWS } from './outcome.ts';
import type { Sessions } from './sessions.ts';

/** What residents asked for at kiosks: claims for points, cases for corrections. */
export interface RequestRoutesDeps {
  readonly store: ConsoleStore;
  readonly desk: Desk;
  readonly sessions: Sessions;
}

const Query = Type.Object({
  kind: Type.Optional(oneOf(['claim', 'case'])),
  state: Type.Optional(oneOf(['open', 'granted', 'refused'])),
  acct: Type.Optional(Named),
  ...PAGE,
});

export async function requestRoutes(
  plain: FastifyInstance,
  { store, desk, sessions }: RequestRoutesDeps,
): Promise<void> {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/requests', { schema: { querystring: Query } }, async (request, reply) => {
    if (await sessions.require(request, reply)) return store.requests({ limit: PAGE_ROWS, ...request.query });
  });
  const one = { schema: { params: Type.Object({ number: Named }), body: AnswerBody } };
  app.post('/requests/:number/answer', one, async (request, reply) => {
    const operator = await sessions.require(request, reply, MAKERS);
    if (!operator) return;
    return answerAct(reply, await desk.answerRequest(request.params.number, request.body, operator.user));
  });
}
