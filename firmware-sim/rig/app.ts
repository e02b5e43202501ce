import staticFiles from '@fastify/static';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { RigSetup } from '../../protocol/api/rig.ts';
import { Type } from '../../protocol/schema.ts';
import type { Desk } from './desk.ts';
import { liveRoute } from './live.ts';
import { RigRefusal } from './unit.ts';
import { laying, type WalletCard } from './wallet.ts';

/** The rig's HTTP: virtual hardware, for demo and tests, on loopback only. docs/surfaces.md, "The rig". */

export interface RigDeps {
  readonly desks: readonly Desk[];
  readonly setup: () => RigSetup;
  readonly port: number;
  readonly pageDir: string | null;
}

const Which = Type.Object({ kiosk: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })) });
const DEFAULT_HOLD_MS = 900;
/** The unit is asked a few times a second, and answers slowly. */
const ID_HOLD_MS = 1_500;
const MAX_HOLD_MS = 600_000;

export async function createRigApp(deps: RigDeps): Promise<FastifyInstance> {
  const plain = Fastify({ forceCloseConnections: true, ajv: { customOptions: { removeAdditional: false } } });
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();
  // A bare POST is a POST with nothing special: curl and fetch send one with a JSON content type and no body.
  plain.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? null : JSON.parse(String(body)));
    } catch (error) {
      done(Object.assign(error as Error, { statusCode: 400 }));
    }
  });
  app.setErrorHandler((error: FastifyError | RigRefusal, _request, reply) => {
    if (error instanceof RigRefusal) return reply.code(409).send({ error: error.message, whatToDo: error.whatToDo });
    const status = 'statusCode' in error && error.statusCode && error.statusCode < 500 ? error.statusCode : 409;
    return reply.code(status).send({ error: error.message, whatToDo: 'Check the call against docs/surfaces.md.' });
  });
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send({ error: `The rig has no ${request.method} ${request.url}.`, whatToDo: 'See docs/surfaces.md.' }),
  );
  // Virtual hardware opens doors: only this machine, only by its own name, and no other site's page.
  app.addHook('onRequest', async (request, reply) => {
    const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${deps.port}`);
    const site = request.headers['sec-fetch-site'];
    const foreign = request.method !== 'GET' && site !== undefined && site !== 'same-origin' && site !== 'none';
    if (hosts.includes(request.headers.host ?? '') && !foreign) return;
    return reply.code(403).send({ error: 'The rig answers its own page only.', whatToDo: 'Open it on this machine.' });
  });
  const desk = (kiosk = 1): Desk => {
    const found = deps.desks[kiosk - 1];
    if (found === undefined) throw new RigRefusal(`There is no kiosk ${kiosk}.`, 'Start with --kiosks to have more.');
    return found;
  };
  cardRoutes(app, desk);
  printerRoutes(app, desk);
  faultRoutes(app, desk);
  app.get('/api/setup', async () => deps.setup());
  app.get('/healthz', async () => ({ ok: true }));
  app.get('/readyz', async () => ({ ready: true, reasons: [] }));
  liveRoute(plain, desk);
  if (deps.pageDir !== null) await app.register(staticFiles, { root: deps.pageDir, prefix: '/', cacheControl: false });
  return plain;
}

type DeskOf = (kiosk?: number) => Desk;

function cardRoutes(bare: FastifyInstance, desk: DeskOf): void {
  const app = bare.withTypeProvider<TypeBoxTypeProvider>();
  const Card = Type.Object({ id: Type.String({ maxLength: 40 }) });
  const Hold = Type.Union([
    Type.Object(
      { holdMs: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_HOLD_MS })) },
      { additionalProperties: false },
    ),
    Type.Null(),
  ]);
  const find = (kiosk: number | undefined, id: string): WalletCard => {
    const found = desk(kiosk).wallet.find((each) => each.card.id === id);
    if (found === undefined) throw new RigRefusal(`There is no card ${id}.`, 'See GET /api/cards.');
    return found;
  };
  app.get('/api/cards', { schema: { querystring: Which } }, async (request) =>
    desk(request.query.kiosk).wallet.map((each) => each.shown),
  );
  app.post(
    '/api/cards/:id/tap',
    { schema: { querystring: Which, params: Card, body: Type.Optional(Hold) } },
    async (request) => {
      const { unit, faults, wallet } = desk(request.query.kiosk);
      const { card } = find(request.query.kiosk, request.params.id);
      await unit.tap(card.id, laying(card, faults.cardFaults, wallet), request.body?.holdMs ?? DEFAULT_HOLD_MS);
      return { ok: true };
    },
  );
  app.post('/api/cards/:id/remove', { schema: { querystring: Which, params: Card } }, async (request) => {
    const { card } = find(request.query.kiosk, request.params.id);
    const { unit } = desk(request.query.kiosk);
    const lifted = unit.hasSerial && unit.serial().liftIdCard(card.id);
    if (!lifted && !(await unit.remove(card.id))) {
      throw new RigRefusal('This card does not lie on a reader.', 'Tap it first, with holdMs 0 to leave it there.');
    }
    return { ok: true };
  });
  serialRoutes(app, desk, find);
  app.get('/api/state', { schema: { querystring: Which } }, async (request) =>
    desk(request.query.kiosk).unit.agentState(),
  );
}

function serialRoutes(
  bare: FastifyInstance,
  desk: DeskOf,
  find: (kiosk: number | undefined, id: string) => WalletCard,
): void {
  const app = bare.withTypeProvider<TypeBoxTypeProvider>();
  const strict = { additionalProperties: false } as const;
  // A scanner sends what is printed: anything but the ends of lines.
  const Scan = Type.Object({ code: Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\r\\n]+$' }) }, strict);
  const Hold = Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_HOLD_MS }));
  const Laid = Type.Object({ id: Type.String({ maxLength: 40 }), holdMs: Hold }, strict);
  app.post('/api/scanner', { schema: { querystring: Which, body: Scan } }, async (request) => {
    desk(request.query.kiosk).unit.serial().scan(request.body.code);
    return { ok: true };
  });
  app.post('/api/id-reader', { schema: { querystring: Which, body: Laid } }, async (request) => {
    const { id, holdMs } = request.body;
    const { idCard } = find(request.query.kiosk, id);
    if (idCard === undefined) {
      throw new RigRefusal(`${id} is no ID card.`, 'See GET /api/cards for those of kind id-card.');
    }
    desk(request.query.kiosk)
      .unit.serial()
      .layIdCard(id, idCard, holdMs ?? ID_HOLD_MS);
    return { ok: true };
  });
  app.get('/api/display', { schema: { querystring: Which } }, async (request) => {
    const [upper, lower] = desk(request.query.kiosk).unit.serial().displayLines();
    return { upper, lower };
  });
}

function printerRoutes(bare: FastifyInstance, desk: DeskOf): void {
  const app = bare.withTypeProvider<TypeBoxTypeProvider>();
  const Paper = Type.Object({
    kiosk: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
    format: Type.Optional(Type.Union([Type.Literal('txt'), Type.Literal('png')])),
    since: Type.Optional(Type.Integer({ minimum: 0 })),
  });
  app.get('/api/printer/paper', { schema: { querystring: Paper } }, async (request, reply) => {
    const { printer } = desk(request.query.kiosk).unit;
    const { format, since } = request.query;
    void reply.header('cache-control', 'no-store');
    if (format === 'png') return reply.type('image/png').send(await printer.paperPng(since));
    return reply.type('text/plain; charset=utf-8').send(printer.paperText(since));
  });
  app.delete('/api/printer/paper', { schema: { querystring: Which } }, async (request) => {
    desk(request.query.kiosk).unit.printer.tearOff();
    return { ok: true };
  });
}

function faultRoutes(bare: FastifyInstance, desk: DeskOf): void {
  const app = bare.withTypeProvider<TypeBoxTypeProvider>();
  const Fault = Type.Object({
    name: Type.String({ maxLength: 60 }),
    on: Type.Boolean(),
    params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  });
  app.get('/api/faults', { schema: { querystring: Which } }, async (request) =>
    desk(request.query.kiosk).faults.list(),
  );
  app.post('/api/faults', { schema: { querystring: Which, body: Fault } }, async (request) => {
    const { name, on, params } = request.body;
    await desk(request.query.kiosk).faults.set(name, on, params ?? {});
    return { ok: true };
  });
  const Network = Type.Object({ hub: Type.Union([Type.Literal('up'), Type.Literal('down')]) });
  app.post('/api/network', { schema: { querystring: Which, body: Network } }, async (request) => {
    await desk(request.query.kiosk).unit.link.set(request.body.hub === 'up');
    return { ok: true };
  });
}
