import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { BatchBody, CREDIT_STATES, CreditBody } from '../../protocol/api/programme.ts';
import { Type } from '../../protocol/schema.ts';
import type { Acts } from '../acts.ts';
import type { Desk } from '../desk.ts';
import type { ConsoleStore } from './console-port.ts';
import { answerAct, CHECKERS, MAKERS, Named, oneOf, PAGE, PAGE_ROWS } from './outcome.ts';
import { refuse } from './problem.ts';
import type { Sessions } from './sessions.ts';

/** Credits, one by one and by file: made by one, approved by another, withdrawn while anybody may object. */
export interface CreditRoutesDeps {
  readonly store: ConsoleStore;
  readonly acts: Acts;
  readonly desk: Desk;
  readonly sessions: Sessions;
}

const Query = Type.Object({ state: Type.Optional(oneOf(CREDIT_STATES)), acct: Type.Optional(Named), ...PAGE });
const One = Type.Object({ credit: Named });
/** Room for the file in JSON, where a character may take six bytes. */
const BATCH_BYTES = 2_500_000;

export async function creditRoutes(plain: FastifyInstance, deps: CreditRoutesDeps): Promise<void> {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();
  const { store, acts, desk, sessions } = deps;
  app.get('/credits', { schema: { querystring: Query } }, async (request, reply) => {
    if (await sessions.require(request, reply)) return store.credits({ limit: PAGE_ROWS, ...request.query });
  });
  app.post('/credits', { schema: { body: CreditBody } }, async (request, reply) => {
    const operator = await sessions.require(request, reply, MAKERS);
    if (operator) return answerAct(reply, await acts.makeCredit(request.body, operator.user));
  });
  app.post('/credits/:credit/approve', { schema: { params: One } }, async (request, reply) => {
    const operator = await sessions.require(request, reply, CHECKERS);
    if (operator) return answerAct(reply, await acts.approveCredit(request.params.credit, operator.user));
  });
  app.post('/credits/:credit/withdraw', { schema: { params: One } }, async (request, reply) => {
    const operator = await sessions.require(request, reply, CHECKERS);
    if (operator) return answerAct(reply, await acts.withdrawCredit(request.params.credit, operator.user));
  });
  const batch = { bodyLimit: BATCH_BYTES, schema: { body: BatchBody } };
  app.post('/credit-batches/check', batch, async (request, reply) => {
    if (await sessions.require(request, reply, MAKERS)) return desk.readBatch(request.body.csv);
  });
  app.post('/credit-batches', batch, async (request, reply) => {
    const operator = await sessions.require(request, reply, MAKERS);
    if (!operator) return;
    const { name, csv } = request.body;
    const { rows, bad } = await desk.readBatch(csv);
    const [first] = bad;
    if (first !== undefined) {
      const says = [
        `Line ${first.line}: ${first.says} ${bad.length} bad line(s) in all.`,
        'Correct the file.',
      ] as const;
      return refuse(reply, 409, 'bad-line', says);
    }
    return { act: await acts.propose('credit-batch', name, { rows }, operator.user) };
  });
}
