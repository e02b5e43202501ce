import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from '../../protocol/schema.ts';
import type { Carried } from '../../protocol/sync/courier.ts';
import { type Bundles, NOT_TAKEN, type NotTaken } from '../sync/courier.ts';

/** `terminal courier` while the agent runs: the journal has one writer, so the command comes here. Bodies as base64. */

export interface CourierDesk {
  readonly out: () => Bundles;
  readonly in: (carried: Carried) => TakenIn;
}
export type TakenIn = { readonly ok: true; readonly unsent: number } | { readonly ok: false; readonly code: NotTaken };

/** An answer with a whole roster page, all grants and a catalogue, as base64. */
const ANSWER_BYTES_MAX = 16 * 1_048_576;
const Answer = Type.Object(
  { body: Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$' }), signature: Type.String({ maxLength: 1_000 }) },
  { additionalProperties: false },
);

export async function courierRoutes(plain: FastifyInstance, desk: () => CourierDesk | null): Promise<void> {
  const app = plain.withTypeProvider<TypeBoxTypeProvider>();
  const notEnrolled = {
    code: 'not-enrolled',
    error: 'This kiosk is not enrolled yet: it has nothing to carry.',
    whatToDo: 'Enrol it first; that takes a network.',
  };
  app.post('/api/courier/out', async (_request, reply) => {
    const open = desk();
    if (open === null) return reply.code(409).send(notEnrolled);
    const { bundles, left } = open.out();
    const packed = bundles.map(({ body, signature }) => ({ body: Buffer.from(body).toString('base64'), signature }));
    return { bundles: packed, left };
  });
  app.post('/api/courier/in', { bodyLimit: ANSWER_BYTES_MAX, schema: { body: Answer } }, async (request, reply) => {
    const open = desk();
    if (open === null) return reply.code(409).send(notEnrolled);
    const { body, signature } = request.body;
    const taken = open.in({ body: Buffer.from(body, 'base64'), signature });
    if (taken.ok) return taken;
    const [error, whatToDo] = NOT_TAKEN[taken.code];
    return reply.code(409).send({ code: taken.code, error, whatToDo });
  });
}
