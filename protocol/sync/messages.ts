import { TID } from '../records/payload.ts';
import { MAX_RECORD_CHARS } from '../records/record.ts';
import { Compile, type Static, Type } from '../schema.ts';

/** The sync request and response: docs/protocol.md. Fields that a later step fills are absent until then. */

export const SYNC_LIMITS = {
  records: 1_000,
  packedBytes: 1_048_576,
  unpackedBytes: 8 * 1_048_576,
  rosterEntries: 500,
  grants: 500,
} as const;

const Int = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Hash = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });
const strict = { additionalProperties: false } as const;
const Said = Type.Object({ zh: Type.String({ maxLength: 80 }), en: Type.String({ maxLength: 80 }) }, strict);

export const Health = Type.Record(
  Type.String({ pattern: '^[a-zA-Z]{1,30}$' }),
  Type.Union([Type.String({ maxLength: 80 }), Type.Integer(), Type.Boolean()]),
);

export const SyncRequest = Type.Object(
  {
    v: Type.Literal(1),
    tid: Type.String({ pattern: TID }),
    ep: Int,
    via: Type.Union([Type.Literal('net'), Type.Literal('courier')]),
    /** Random; echoed, so that an answer belongs to its question. */
    id: Id,
    /** The hub's incarnation as the terminal knows it. */
    inc: Id,
    have: Type.Object({ seq: Int, head: Hash }, strict),
    records: Type.Array(Type.String({ maxLength: 4 * MAX_RECORD_CHARS }), { maxItems: SYNC_LIMITS.records }),
    /** Versions the terminal has; the hub sends what is newer. */
    want: Type.Object({ roster: Int, catalogue: Int, hotlist: Int, policy: Int }, strict),
    health: Type.Optional(Health),
  },
  strict,
);
export type SyncRequest = Static<typeof SyncRequest>;
export const syncRequestCheck = Compile(SyncRequest);

/** `verifier` = HMAC(terminal pepper, scrypt(PIN, salt)), so a stolen list of verifiers cannot be tried elsewhere. */
const PinVerifier = Type.Object({ salt: Id, verifier: Id }, strict);
export type PinVerifier = Static<typeof PinVerifier>;
const RosterCard = Type.Object(
  {
    token: Id,
    last4: Type.String({ maxLength: 4 }),
    state: Type.Union([Type.Literal('good'), Type.Literal('blocked')]),
    pin: Type.Optional(PinVerifier),
  },
  strict,
);

/** What a terminal knows of an account. Never a full name, an ID number or a UID. */
export const RosterEntry = Type.Object(
  {
    acct: Id,
    /** Masked: 张*芳. */
    name: Type.String({ maxLength: 40 }),
    initials: Type.String({ maxLength: 20 }),
    /** Points that stay at the hub, beyond this terminal's allowance. */
    elsewhere: Int,
    cards: Type.Array(RosterCard, { maxItems: 20 }),
    language: Type.Optional(Type.Union([Type.Literal('zh-CN'), Type.Literal('en')])),
  },
  strict,
);
export type RosterEntry = Static<typeof RosterEntry>;
export const RosterClerk = Type.Object(
  { clerk: Id, name: Type.String({ maxLength: 40 }), cards: Type.Array(RosterCard, { maxItems: 20 }) },
  strict,
);
export type RosterClerk = Static<typeof RosterClerk>;

export const Roster = Type.Object(
  {
    version: Int,
    /** More is waiting: ask again at once. */
    more: Type.Boolean(),
    entries: Type.Array(RosterEntry, { maxItems: SYNC_LIMITS.rosterEntries }),
    clerks: Type.Array(RosterClerk, { maxItems: 200 }),
    peppers: Type.Array(Type.Object({ version: Int, key: Id }, strict), { maxItems: 10 }),
  },
  strict,
);
export type Roster = Static<typeof Roster>;

export const Policy = Type.Object(
  {
    version: Int,
    timeZone: Id,
    place: Type.Object({ county: Said, village: Said, shop: Said, phone: Type.String({ maxLength: 40 }) }, strict),
    /** Where a receipt's QR leads. */
    receiptBase: Type.String({ maxLength: 200 }),
    /** The most of one account a home terminal holds. */
    capPts: Int,
    /** A redemption of more than this asks for a PIN. */
    pinAbovePts: Int,
  },
  strict,
);
export type Policy = Static<typeof Policy>;

export const Judged = Type.Object(
  { ep: Int, seq: Int, stage: Id, flags: Type.Array(Id), code: Type.Optional(Id) },
  strict,
);
export const SyncResponse = Type.Object(
  {
    v: Type.Literal(1),
    tid: Type.String({ pattern: TID }),
    ep: Int,
    id: Id,
    inc: Id,
    /** Hub time, ms. */
    at: Int,
    /** The end of the contiguous prefix that the hub holds durably. */
    stored: Type.Object({ ep: Int, seq: Int, head: Hash }, strict),
    resendFrom: Type.Optional(Int),
    judged: Type.Array(Judged, { maxItems: 2000 }),
    grants: Type.Array(Type.String({ maxLength: 2000 }), { maxItems: SYNC_LIMITS.grants }),
    roster: Type.Optional(Roster),
    catalogue: Type.Optional(Type.String({ maxLength: 4_000_000 })),
    hotlist: Type.Optional(Type.Object({ version: Int, tokens: Type.Array(Id) }, strict)),
    policy: Type.Optional(Policy),
    frozen: Type.Boolean(),
    /** Ask again after so many ms. */
    retryAfter: Int,
  },
  strict,
);
export type SyncResponse = Static<typeof SyncResponse>;
export const syncResponseCheck = Compile(SyncResponse);

/** `POST /v1/enrol`, answer. `mac` = HMAC(one-time code, enrolment): only who knows the code can have written it. */
export const EnrolAnswer = Type.Union([
  Type.Object({ state: Type.Literal('pending'), tid: Id, fingerprint: Id }, strict),
  Type.Object({ state: Type.Literal('enrolled'), enrolment: Type.String(), terminalPepper: Id, mac: Id }, strict),
]);
export type EnrolAnswer = Static<typeof EnrolAnswer>;
export const enrolAnswerCheck = Compile(EnrolAnswer);
