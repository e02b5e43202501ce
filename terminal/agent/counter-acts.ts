import { CLERK_TASKS, VOID_REASONS } from '../../protocol/api/counter.ts';
import { ACCT } from '../../protocol/records/payload.ts';
import { Type } from '../../protocol/schema.ts';

/** The acts of the clerk's counter as they come over HTTP. */

const strict = { additionalProperties: false } as const;
const Seq = Type.Integer({ minimum: 1 });
const plain = (type: string) => Type.Object({ type: Type.Literal(type) }, strict);

export const COUNTER_ACTS = [
  ...['key-erase', 'find-show', 'help-begin', 'slip'].map(plain),
  Type.Object({ type: Type.Literal('clerk-task'), task: Type.Enum([...CLERK_TASKS]) }, strict),
  Type.Object({ type: Type.Literal('key'), key: Type.String({ pattern: '^[a-z0-9]$' }) }, strict),
  Type.Object({ type: Type.Literal('find-by'), by: Type.Enum(['initials', 'last4']) }, strict),
  Type.Object({ type: Type.Literal('find-pick'), acct: Type.String({ pattern: ACCT }) }, strict),
  Type.Object({ type: Type.Literal('void-pick'), seq: Seq }, strict),
  Type.Object({ type: Type.Literal('void-reason'), reason: Type.Enum([...VOID_REASONS]) }, strict),
  Type.Object({ type: Type.Literal('void-confirm'), seq: Seq }, strict),
];
