import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import type { Hashing, Verifying } from '../../protocol/crypto.ts';
import { normaliseCode } from '../../protocol/primitives/crockford.ts';
import { checkCode, parseRecordNumber } from '../../protocol/records/number.ts';
import { Type } from '../../protocol/schema.ts';
import type { Acts } from '../acts.ts';
import type { Desk } from '../desk.ts';
import { ENROL_SENTENCES, type Enrolment } from '../fleet/enrolment.ts';
import { actRoutes } from './act-routes.ts';
import { cardRoutes } from './card-routes.ts';
import type { ConsoleStore } from './console-port.ts';
import { type CourierRoutesDeps, courierRoutes } from './courier-routes.ts';
import { creditRoutes } from './credit-routes.ts';
import { evidenceOf } from './evidence.ts';
import { exceptionRoutes } from './exception-routes.ts';
import { refuse } from './problem.ts';
import { requestRoutes } from './request-routes.ts';
import type { Sessions } from './sessions.ts';
import { type SignInRoutesDeps, signInRoutes } from './sign-in-routes.ts';

/** What the console's pages ask. Reading for everybody who is signed in; acts for operators and reviewers. */

export interface ConsoleRoutesDeps extends SignInRoutesDeps, Omit<CourierRoutesDeps, 'sessions'> {
  readonly store: ConsoleStore;
  /** All keys ever enrolled for a tid, by epoch. */
  readonly keysOf: (tid: string) => Promise<ReadonlyMap<number, Uint8Array>>;
  readonly enrolment: Enrolment;
  readonly waitsCode: (tid: string, ep: number) => Promise<string | null>;
  readonly acts: Acts;
  readonly desk: Desk;
  readonly sessions: Sessions;
  readonly crypto: Hashing & Verifying;
  readonly nowMs: () => number;
}

const MAX_ROWS = 200;
const Cursor = {
  cursor: Type.Optional(Type.String({ maxLength: 80 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_ROWS })),
};
const Stages = Type.Union(
  (['received', 'gap', 'matched', 'quarantined', 'closed', 'settled', 'junk'] as const).map((s) => Type.Literal(s)),
);

export async function consoleRoutes(plain: FastifyInstance, deps: ConsoleRoutesDeps): Promise<void> {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();
  const { sessions, store } = deps;
  app.addHook('onRequest', async (request, reply) => {
    if (request.method === 'GET' || sessions.fromOwnPage(request)) return;
    refuse(reply, 403, 'another-page', ['This was asked by another site’s page.', 'Open the console itself.']);
  });
  await signInRoutes(app, deps);

  app.get('/home', async (request, reply) => {
    if (await sessions.require(request, reply)) return store.home(deps.nowMs());
  });
  app.get('/shops', async (request, reply) => {
    if (await sessions.require(request, reply)) return { rows: await store.shops() };
  });
  app.get(
    '/balances',
    { schema: { querystring: Type.Object({ q: Type.Optional(Type.String({ maxLength: 80 })), ...Cursor }) } },
    async (request, reply) => {
      if (!(await sessions.require(request, reply))) return;
      return store.balances({ limit: 50, ...request.query });
    },
  );
  app.get(
    '/records',
    {
      schema: {
        querystring: Type.Object({
          tid: Type.Optional(Type.String({ maxLength: 40 })),
          stage: Type.Optional(Stages),
          q: Type.Optional(Type.String({ maxLength: 80 })),
          ...Cursor,
        }),
      },
    },
    async (request, reply) => {
      if (!(await sessions.require(request, reply))) return;
      return store.records({ limit: 50, ...request.query } as Parameters<ConsoleStore['records']>[0]);
    },
  );
  app.get(
    '/records/:number',
    { schema: { params: Type.Object({ number: Type.String({ maxLength: 80 }) }) } },
    async (request, reply) => {
      if (!(await sessions.require(request, reply))) return;
      const id = parseRecordNumber(request.params.number);
      const found = id === null ? [] : await store.record(id.tid, id.ep, id.seq);
      if (id === null || found.length === 0) {
        const says = [
          'There is no such record here.',
          'Check the number; a kiosk that is offline sends it later.',
        ] as const;
        return refuse(reply, 404, 'no-record', says);
      }
      const keys = await deps.keysOf(id.tid);
      const waits = await deps.waitsCode(id.tid, id.ep);
      return { rows: found.map((detail) => evidenceOf(detail, keys, waits, deps.crypto)) };
    },
  );
  await terminalConsoleRoutes(app, deps);
  await actRoutes(app, deps);
  await exceptionRoutes(app, deps);
  await cardRoutes(app, deps);
  await creditRoutes(app, deps);
  await requestRoutes(app, deps);
  await courierRoutes(app, deps);
}

const ShortText = Type.String({ maxLength: 40 });
/** `next`: of a terminal that is known already, which was restored, replaced or moved; its epoch before ends when confirmed. */
const NewEpochBody = Type.Object({ tid: ShortText, shop: ShortText, next: Type.Optional(Type.Boolean()) });

async function terminalConsoleRoutes(plain: FastifyInstance, deps: ConsoleRoutesDeps): Promise<void> {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();
  const { sessions, enrolment } = deps;
  app.get('/terminals', async (request, reply) => {
    if (await sessions.require(request, reply)) return { rows: await deps.store.terminals() };
  });
  app.post('/terminals', { schema: { body: NewEpochBody } }, async (request, reply) => {
    const operator = await sessions.require(request, reply, ['operator', 'admin']);
    if (!operator) return;
    const { tid, shop, next } = request.body;
    const issue = next === true ? enrolment.issueNext : enrolment.issue;
    const issued = await issue(tid, shop, operator.user);
    if (!issued.ok) return refuse(reply, 409, issued.code, ENROL_SENTENCES[issued.code]);
    return { tid, ...issued.value };
  });
  app.post(
    '/terminals/:tid/confirm',
    {
      schema: {
        params: Type.Object({ tid: Type.String({ maxLength: 40 }) }),
        body: Type.Object({ fingerprint: Type.String({ maxLength: 40 }) }),
      },
    },
    async (request, reply) => {
      const operator = await sessions.require(request, reply, ['operator', 'reviewer', 'admin']);
      if (!operator) return;
      const outcome = await enrolment.confirmNewest(request.params.tid, request.body.fingerprint, operator.user);
      if (!outcome.ok) return refuse(reply, 409, outcome.code, ENROL_SENTENCES[outcome.code]);
      return { ok: true };
    },
  );
}

/** `GET /r/<number>.<code>`, for whoever holds the paper: says whether the hub has just this record, and nothing else. */
export function receiptAnswer(store: ConsoleStore) {
  return async (path: string): Promise<'stored' | 'not-yet-seen' | 'differs' | 'not-a-receipt'> => {
    const dot = path.lastIndexOf('.');
    const id = dot < 0 ? null : parseRecordNumber(path.slice(0, dot));
    if (id === null) return 'not-a-receipt';
    const found = await store.record(id.tid, id.ep, id.seq);
    if (found.length === 0) return 'not-yet-seen';
    const code = normaliseCode(path.slice(dot + 1));
    return found.some((detail) => checkCode(detail.row.hash) === code) ? 'stored' : 'differs';
  };
}
