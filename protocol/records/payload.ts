import { type Static, Type } from '../schema.ts';

/** The payloads of records, version 1: docs/protocol.md has the table. Unknown fields are refused. */

export const TID = '^[a-z0-9][a-z0-9-]{0,31}$';
export const SKU = '^[a-z0-9-]{1,40}$';
export const ACCT = '^[A-Za-z0-9_-]{1,40}$';
const HASH = '^[A-Za-z0-9_-]{43}$';
const CARD_TOKEN = '^[0-9]{1,6}\\.[A-Za-z0-9_-]{22}$';

const Int = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Positive = Type.Integer({ minimum: 1, maximum: 1_000_000_000 });
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const strict = { additionalProperties: false } as const;

/** What every record carries, of whatever type and version: enough to give it an ID and a place in its chain. */
const common = {
  v: Type.Literal(1),
  tid: Type.String({ pattern: TID }),
  ep: Positive,
  seq: Positive,
  /** HASH of the record before; for seq 1 the hash of the hub's signed enrolment. */
  prev: Type.String({ pattern: HASH }),
  /** Trusted time, ms since the Unix epoch. */
  at: Int,
  /** Monotonic ms since this start. */
  up: Int,
  /** Random id of this start. */
  boot: Text(32),
  /** The shop's business day as shown to people, `YYYY-MM-DD`. A label: no rule reads it. */
  day: Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }),
  /** Redeemed minus voided points of this epoch, over all accounts, after this record. */
  tot: Int,
  clerk: Type.Optional(Text(40)),
  text: Type.Optional(Type.String({ pattern: HASH })),
};

/** The allowance's counters after this record. */
const counters = { S: Int, V: Int, R: Int };
const acct = Type.String({ pattern: ACCT });

export const Line = Type.Object(
  { sku: Type.String({ pattern: SKU }), rev: Positive, qty: Type.Integer({ minimum: 1, maximum: 999 }), pts: Positive },
  strict,
);
export type Line = Static<typeof Line>;

export const OpenPayload = Type.Object(
  {
    ...common,
    type: Type.Literal('open'),
    reason: Type.Union([
      Type.Literal('enrol'),
      Type.Literal('restore'),
      Type.Literal('replace'),
      Type.Literal('rotate'),
      Type.Literal('move'),
    ]),
    sw: Text(40),
  },
  strict,
);
export type OpenPayload = Static<typeof OpenPayload>;

export const RedeemPayload = Type.Object(
  {
    ...common,
    type: Type.Literal('redeem'),
    acct,
    card: Type.String({ pattern: CARD_TOKEN }),
    lines: Type.Array(Line, { minItems: 1, maxItems: 50 }),
    pts: Positive,
    ...counters,
    /** How sure the kiosk was: kind of proof, whether a PIN was checked, version of the hotlist it had. */
    auth: Type.Object({ level: Text(20), pin: Type.Boolean(), hotlist: Int, proof: Type.Optional(Text(400)) }, strict),
  },
  strict,
);
export type RedeemPayload = Static<typeof RedeemPayload>;

export const VoidPayload = Type.Object(
  { ...common, type: Type.Literal('void'), ref: Positive, acct, pts: Positive, ...counters, reason: Text(40) },
  strict,
);
export const ReturnPayload = Type.Object(
  { ...common, type: Type.Literal('return'), acct, pts: Positive, ...counters },
  strict,
);
export const StockPayload = Type.Object(
  {
    ...common,
    type: Type.Literal('stock'),
    kind: Type.Union([Type.Literal('restock'), Type.Literal('count'), Type.Literal('waste')]),
    lines: Type.Array(Type.Object({ sku: Type.String({ pattern: SKU }), qty: Int }, strict), { maxItems: 500 }),
  },
  strict,
);
export const ClaimPayload = Type.Object(
  { ...common, type: Type.Literal('claim'), acct, activity: Text(40), units: Positive },
  strict,
);
export const CasePayload = Type.Object(
  { ...common, type: Type.Literal('case'), acct, code: Text(40), ref: Type.Optional(Text(60)) },
  strict,
);
const Sum = Type.Object({ count: Int, pts: Int }, strict);
export const ClosePayload = Type.Object(
  {
    ...common,
    type: Type.Literal('close'),
    from: Positive,
    to: Positive,
    redeemed: Sum,
    voided: Sum,
    byItem: Type.Record(Type.String({ pattern: SKU }), Sum),
    auto: Type.Boolean(),
    unresolved: Type.Array(Positive, { maxItems: 1000 }),
  },
  strict,
);
export const EndPayload = Type.Object({ ...common, type: Type.Literal('end') }, strict);

export const PAYLOADS = {
  open: OpenPayload,
  redeem: RedeemPayload,
  void: VoidPayload,
  return: ReturnPayload,
  stock: StockPayload,
  claim: ClaimPayload,
  case: CasePayload,
  close: ClosePayload,
  end: EndPayload,
} as const;
export type RecordType = keyof typeof PAYLOADS;
export type Payload = { [T in RecordType]: Static<(typeof PAYLOADS)[T]> }[RecordType];

/** What is read of any record with a good signature, also of one from a newer version. */
export const IdentityFields = Type.Object({
  v: Int,
  type: Text(20),
  tid: Type.String({ pattern: TID }),
  ep: Positive,
  seq: Positive,
  prev: Type.String({ pattern: HASH }),
});
