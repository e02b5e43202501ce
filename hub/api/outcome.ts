import type { FastifyReply } from 'fastify';
import type { Done } from '../../protocol/api/programme.ts';
import { Type } from '../../protocol/schema.ts';
import type { ActOutcome } from '../operators/acts.ts';
import { refuse } from './problem.ts';

/** What an act came to, as HTTP: 404 where what it names is not there, 403 where it takes another person, else 409. */
export function answerAct(reply: FastifyReply, outcome: ActOutcome): Done | FastifyReply {
  if (outcome.ok) return { ok: true, says: outcome.says };
  const { code, says, whatToDo } = outcome;
  const status = MISSING.has(code) ? 404 : code === 'same-person' ? 403 : 409;
  return refuse(reply, status, code, [says, whatToDo]);
}
const MISSING = new Set(['no-account', 'no-card', 'no-credit', 'no-exception', 'no-request', 'no-act']);

/** Who may begin something, and who may check it: the second is never the first, whatever their roles. */
export const MAKERS = ['operator', 'admin'] as const;
export const CHECKERS = ['operator', 'reviewer', 'admin'] as const;

const MAX_ROWS = 200;
/** `cursor`: `<time>.<id>` of the last row of the page before. */
export const PAGE = {
  cursor: Type.Optional(Type.String({ maxLength: 140, pattern: '^-?[0-9]{1,16}\\..+$' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_ROWS })),
};
export const PAGE_ROWS = 50;

export const oneOf = <const T extends string[]>(names: readonly [...T]) => Type.Enum([...names]);
export const Named = Type.String({ minLength: 1, maxLength: 120 });
