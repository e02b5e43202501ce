import { Compile, type Static, Type } from '../../protocol/schema.ts';
import { DEFAULT_CLOSE_HOUR, Limits, NO_LIMITS } from '../../protocol/sync/messages.ts';

/** The county's policy, as it is imported and kept. What is absent has the default named here. */
const Points = Type.Integer({ minimum: 1, maximum: 10_000_000 });
const Days = Type.Integer({ minimum: 0, maximum: 36_500 });

export const CountyPolicy = Type.Object(
  {
    /** The most of one account a home terminal holds: about what a household spends in thirty days. */
    capPts: Points,
    pinAbovePts: Type.Integer({ minimum: 0, maximum: 10_000_000 }),
    limits: Type.Optional(Limits),
    closeHour: Type.Optional(Type.Integer({ minimum: 0, maximum: 23 })),
    visitPts: Type.Optional(Points),
    visitsADay: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
    objectionDays: Type.Optional(Days),
    /** How long points live; absent: for ever. */
    lifeDays: Type.Optional(Days),
  },
  { additionalProperties: false },
);
export type CountyPolicy = Static<typeof CountyPolicy>;

const DAY_MS = 86_400_000;
const check = Compile(CountyPolicy);

export interface Policy {
  readonly capPts: number;
  readonly pinAbovePts: number;
  readonly limits: Limits;
  readonly closeHour: number;
  readonly visitPts: number;
  readonly visitsADay: number;
  readonly objectionMs: number;
  readonly lifeMs: number | null;
}

/** Every sync asks for it, and it changes a few times a year. */
let last: { readonly json: string; readonly policy: Policy } | null = null;

export function readPolicy(json: string): Policy {
  if (last?.json !== json) last = { json, policy: parsePolicy(json) };
  return last.policy;
}

function parsePolicy(json: string): Policy {
  const value: unknown = JSON.parse(json);
  if (!check.Check(value)) throw new Error('the stored policy is not one');
  const { capPts, pinAbovePts } = value;
  return {
    ...{ capPts, pinAbovePts, limits: value.limits ?? NO_LIMITS, closeHour: value.closeHour ?? DEFAULT_CLOSE_HOUR },
    ...{ visitPts: value.visitPts ?? Math.ceil(capPts / 4), visitsADay: value.visitsADay ?? 30 },
    objectionMs: (value.objectionDays ?? 7) * DAY_MS,
    lifeMs: value.lifeDays === undefined ? null : value.lifeDays * DAY_MS,
  };
}
