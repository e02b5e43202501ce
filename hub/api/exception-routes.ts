import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { NoteBody, OwnBody } from '../../protocol/api/programme.ts';
import { Type } from '../../protocol/schema.ts';
import type { Desk } from '../desk.ts';
import { EXCEPTION_KINDS } from '../reconcile/exceptions.ts';
import type { ConsoleStore } from './console-port.ts';
import { answerAct, CHECKERS, Named, oneOf, PAGE, PAGE_ROWS } from './outcome.ts';
import { refuse } from './problem.ts';
import type { Sessions } from './sessions.ts';

/** The queue of exceptions: what is open, whose it is, what was found; and what shops should hold. */
export interface ExceptionRoutesDeps {
  readonly store: ConsoleStore;
  readonly desk: Desk;
  readonly sessions: Sessions;
  readonly nowMs: () => number;
}

const Query = Type.Object({
  state: Type.Optional(oneOf(['open', 'closed'])),
  kind: Type.Optional(oneOf(Object.keys(EXCEPTION_KINDS))),
  tid: Type.Optional(Named),
  /** A user, or `nobody`. */
  owner: Type.Optional(Named),
  overdue: Type.Optional(Type.Boolean()),
  ...PAGE,
});
const One = Type.Object({ exception: Named });

export async function exceptionRoutes(plain: FastifyInstance, deps: ExceptionRoutesDeps): Promise<void> {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();
  const { store, desk, sessions, nowMs } = deps;
  app.get('/exceptions', { schema: { querystring: Query } }, async (request, reply) => {
    if (!(await sessions.require(request, reply))) return;
    return store.exceptions({ limit: PAGE_ROWS, at: nowMs(), state: 'open', ...request.query });
  });
  app.get('/exceptions/:exception', { schema: { params: One } }, async (request, reply) => {
    if (!(await sessions.require(request, reply))) return;
    const page = await store.exception(request.params.exception, nowMs());
    const says = ['There is no such exception.', 'Reload the list of exceptions.'] as const;
    return page ?? refuse(reply, 404, 'no-exception', says);
  });
  app.post('/exceptions/:exception/owner', { schema: { params: One, body: OwnBody } }, async (request, reply) => {
    const operator = await sessions.require(request, reply, CHECKERS);
    if (!operator) return;
    const owner = request.body.mine ? operator.user : null;
    return answerAct(reply, await desk.own(request.params.exception, owner, operator.user));
  });
  app.post('/exceptions/:exception/notes', { schema: { params: One, body: NoteBody } }, async (request, reply) => {
    const operator = await sessions.require(request, reply, CHECKERS);
    if (!operator) return;
    return answerAct(reply, await desk.addNote(request.params.exception, request.body.text, operator.user));
  });
  app.post('/exceptions/:exception/close', { schema: { params: One, body: NoteBody } }, async (request, reply) => {
    const operator = await sessions.require(request, reply, CHECKERS);
    if (!operator) return;
    return answerAct(reply, await desk.closeExplained(request.params.exception, request.body.text, operator.user));
  });
  app.get('/shelves', { schema: { querystring: Type.Object({ shop: Named }) } }, async (request, reply) => {
    if (await sessions.require(request, reply)) return { rows: await store.shelves(request.query.shop) };
  });
}
