import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { BlockBody, CardBody, PinBody, ReplaceBody, UnlockBody } from '../../protocol/api/programme.ts';
import { Type } from '../../protocol/schema.ts';
import type { Desk } from '../desk.ts';
import type { ConsoleStore } from './console-port.ts';
import { answerAct, CHECKERS, MAKERS, Named } from './outcome.ts';
import { refuse } from './problem.ts';
import type { Sessions } from './sessions.ts';

/** A household and its cards. Search by name, account or last four is `GET /balances?q=`. A UID goes in and never comes out. */
export interface CardRoutesDeps {
  readonly store: ConsoleStore;
  readonly desk: Desk;
  readonly sessions: Sessions;
  readonly nowMs: () => number;
}

const Account = Type.Object({ acct: Named });
const Card = Type.Object({ card: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) });

export async function cardRoutes(plain: FastifyInstance, deps: CardRoutesDeps): Promise<void> {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();
  const { store, desk, sessions, nowMs } = deps;
  app.get('/residents/:acct', { schema: { params: Account } }, async (request, reply) => {
    if (!(await sessions.require(request, reply))) return;
    const page = await store.resident(request.params.acct, nowMs());
    return page ?? refuse(reply, 404, 'no-account', ['There is no such account.', 'Search for it again.']);
  });
  app.post('/residents/:acct/cards', { schema: { params: Account, body: CardBody } }, async (request, reply) => {
    const operator = await sessions.require(request, reply, MAKERS);
    if (!operator) return;
    return answerAct(reply, await desk.issueCard(request.params.acct, request.body, operator.user));
  });
  app.post('/cards/:card/block', { schema: { params: Card, body: BlockBody } }, async (request, reply) => {
    const operator = await sessions.require(request, reply, CHECKERS);
    if (!operator) return;
    return answerAct(reply, await desk.blockCard(request.params.card, request.body.reason, operator.user));
  });
  app.post('/cards/:card/replace', { schema: { params: Card, body: ReplaceBody } }, async (request, reply) => {
    const operator = await sessions.require(request, reply, MAKERS);
    if (!operator) return;
    const { reason, ...fresh } = request.body;
    return answerAct(reply, await desk.replaceCard(request.params.card, fresh, reason, operator.user));
  });
  app.post('/cards/:card/pin', { schema: { params: Card, body: PinBody } }, async (request, reply) => {
    const operator = await sessions.require(request, reply, MAKERS);
    if (!operator) return;
    return answerAct(reply, await desk.setPin(request.params.card, request.body.pin, operator.user));
  });
  app.post('/cards/:card/unlock', { schema: { params: Card, body: UnlockBody } }, async (request, reply) => {
    const operator = await sessions.require(request, reply, MAKERS);
    if (!operator) return;
    return answerAct(reply, await desk.unlockPin(request.params.card, request.body.reason, operator.user));
  });
}
