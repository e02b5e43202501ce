import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { ACT_DETAILS, ProposeBody } from '../../protocol/api/programme.ts';
import { Compile, type TSchema, Type } from '../../protocol/schema.ts';
import type { ActDetail, ActKind, Acts } from '../acts.ts';
import type { ConsoleStore } from './console-port.ts';
import { answerAct, CHECKERS, MAKERS, Named, oneOf, PAGE, PAGE_ROWS } from './outcome.ts';
import { refuse } from './problem.ts';
import type { Sessions } from './sessions.ts';

/** What takes two people: one proposes, another approves or refuses; the maker may withdraw. */
export interface ActRoutesDeps {
  readonly store: ConsoleStore;
  readonly acts: Acts;
  readonly sessions: Sessions;
}

const checks = new Map(
  Object.entries(ACT_DETAILS).map(([kind, schema]) => [kind, Compile(schema as TSchema)] as const),
);
const Act = Type.Object({ act: Named });
const States = oneOf(['proposed', 'approved', 'refused', 'withdrawn']);

export async function actRoutes(plain: FastifyInstance, { store, acts, sessions }: ActRoutesDeps): Promise<void> {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();
  const query = Type.Object({ state: Type.Optional(States), ...PAGE });
  app.get('/acts', { schema: { querystring: query } }, async (request, reply) => {
    const operator = await sessions.require(request, reply);
    if (!operator) return;
    const page = await store.acts({ limit: PAGE_ROWS, ...request.query });
    const checker = CHECKERS.some((role) => role === operator.role);
    const mayApprove = (maker: string, state: string) => checker && state === 'proposed' && maker !== operator.user;
    return { ...page, rows: page.rows.map((row) => ({ ...row, mayApprove: mayApprove(row.maker, row.state) })) };
  });
  app.post('/acts', { schema: { body: ProposeBody } }, async (request, reply) => {
    const operator = await sessions.require(request, reply, MAKERS);
    if (!operator) return;
    const { kind, detail } = request.body;
    if (kind === 'credit-batch') {
      const says = ['A batch is proposed with its file.', 'Choose the file under Credits.'] as const;
      return refuse(reply, 400, 'batch-by-file', says);
    }
    if (checks.get(kind)?.Check(detail) !== true) {
      const says = [`These are not the fields of ${kind}.`, 'Correct them and send it again.'] as const;
      return refuse(reply, 400, 'bad-request', says);
    }
    const act = await acts.propose(kind as ActKind, subjectOf(detail), detail as ActDetail<ActKind>, operator.user);
    return { act };
  });
  app.post('/acts/:act/approve', { schema: { params: Act } }, async (request, reply) => {
    const operator = await sessions.require(request, reply, CHECKERS);
    if (operator) return answerAct(reply, await acts.approve(request.params.act, operator.user));
  });
  app.post('/acts/:act/decline', { schema: { params: Act } }, async (request, reply) => {
    const operator = await sessions.require(request, reply, CHECKERS);
    if (operator) return answerAct(reply, await acts.decline(request.params.act, operator.user));
  });
}

/** What the act is about, for lists: a record or terminal by its number, an account, a credit. */
function subjectOf(detail: Readonly<Record<string, unknown>>): string {
  const { tid, ep, seq, from, to, acct, credit, activity } = detail;
  if (tid !== undefined) return [tid, ep, seq].filter((part) => part !== undefined).join('.');
  if (from !== undefined) return `${from} ${to}`;
  return String(credit ?? activity ?? acct ?? 'county');
}
