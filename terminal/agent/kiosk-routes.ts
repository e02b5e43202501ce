import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { CASE_CODES } from '../../protocol/api/aside.ts';
import { type Act, type KioskView, UNLOCK_REASONS, VOLUMES } from '../../protocol/api/kiosk.ts';
import { SKU } from '../../protocol/records/payload.ts';
import { Type } from '../../protocol/schema.ts';
import { COUNTER_ACTS } from './counter-acts.ts';
import type { PageSource } from './page-source.ts';

/** The page's two calls: live views down, acts up. */

const HEARTBEAT_MS = 10_000;
const MAX_PAGES = 8;
/** What a page that does not read may let wait: some dozens of views. */
const MAX_WAITING_BYTES = 1_048_576;
const strict = { additionalProperties: false } as const;
const plain = (...types: string[]) => types.map((type) => Type.Object({ type: Type.Literal(type) }, strict));
const Sku = Type.String({ pattern: SKU });
const CaseCode = Type.Enum([...CASE_CODES]);
const RecordNumber = Type.Union([Type.String({ maxLength: 60 }), Type.Null()]);

const ActBody = Type.Object(
  {
    session: Type.Union([Type.String({ maxLength: 40 }), Type.Null()]),
    act: Type.Union([
      ...plain('choose', 'page-next', 'page-back', 'qty-plus', 'qty-minus', 'add-more', 'basket', 'pin-erase'),
      ...plain('pin-ok', 'back', 'cancel', 'finish', 'still-here', 'help', 'clerk'),
      ...plain('set-pin', 'date-earlier', 'date-later', 'date-last', 'date-confirm'),
      ...plain('statement', 'mydata', 'case', 'print'),
      Type.Object({ type: Type.Literal('case-about'), code: CaseCode }, strict),
      Type.Object({ type: Type.Literal('case-ref'), number: RecordNumber }, strict),
      Type.Object({ type: Type.Literal('case-file'), code: CaseCode, ref: RecordNumber }, strict),
      Type.Object({ type: Type.Literal('unlock'), reason: Type.Enum([...UNLOCK_REASONS]) }, strict),
      Type.Object({ type: Type.Literal('confirm'), pts: Type.Optional(Type.Integer({ minimum: 0 })) }, strict),
      Type.Object({ type: Type.Literal('category'), id: Sku }, strict),
      Type.Object({ type: Type.Literal('item'), sku: Sku }, strict),
      Type.Object({ type: Type.Literal('pin-digit'), digit: Type.Integer({ minimum: 0, maximum: 9 }) }, strict),
      Type.Object(
        { type: Type.Literal('language'), language: Type.Union([Type.Literal('zh-CN'), Type.Literal('en')]) },
        strict,
      ),
      Type.Object({ type: Type.Enum(['large-text', 'read-aloud']), on: Type.Boolean() }, strict),
      Type.Object({ type: Type.Literal('volume'), step: Type.Enum([...VOLUMES]) }, strict),
      Type.Object({ type: Type.Literal('reprint'), seq: Type.Integer({ minimum: 1 }) }, strict),
      ...COUNTER_ACTS,
    ]),
  },
  strict,
);

export async function kioskRoutes(bare: FastifyInstance, kiosk: PageSource): Promise<void> {
  const app = bare.withTypeProvider<TypeBoxTypeProvider>();
  let pages = 0;

  app.get('/api/view', async (_request, reply) => reply.header('cache-control', 'no-store').send(kiosk.view()));

  app.get('/api/live', (request, reply) => {
    if (pages >= MAX_PAGES) {
      const says = { code: 'too-many-pages', error: 'Too many pages show this kiosk.', whatToDo: 'Close the others.' };
      return reply.code(503).send(says);
    }
    pages += 1;
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    const write = (text: string) => {
      // A browser that froze comes back by itself and gets the view of that moment.
      if (raw.writableLength > MAX_WAITING_BYTES) raw.destroy();
      else raw.write(text);
    };
    const send = (view: KioskView) => write(`event: view\ndata: ${JSON.stringify(view)}\n\n`);
    const stop = kiosk.onView(send);
    send(kiosk.view());
    const beating = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS);
    request.raw.once('close', () => {
      pages -= 1;
      stop();
      clearInterval(beating);
    });
  });

  app.post('/api/act', { schema: { body: ActBody } }, async (request) => {
    const { session, act } = request.body;
    kiosk.act(session, act as Act);
    return { ok: true };
  });
}
