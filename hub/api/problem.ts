import type { FastifyReply } from 'fastify';
import type { Refusal } from '../../protocol/api/console.ts';

/** Every refusal of the hub: a stable code, what happened, what to do. */
export function refuse(
  reply: FastifyReply,
  status: number,
  code: string,
  [error, whatToDo]: readonly [error: string, whatToDo: string],
): FastifyReply {
  const body: Refusal = { code, error, whatToDo };
  return reply.code(status).send(body);
}
