import { SKU, TID } from '../records/payload.ts';
import { MAX_RECORD_CHARS } from '../records/record.ts';
import { Compile, type Static, Type } from '../schema.ts';

/** The sync request and response: docs/protocol.md. */

export const SYNC_LIMITS = {
  records: 1_000,
  /** Verdicts told in one answer. */
  judged: 1_000,
  /** Visitors asked for in one request. */
  visits: 20,
  recalls: 500,
  texts: 200,
  pins: 50,
  packedBytes: 1_048_576,
  unpackedBytes: 8 * 1_048_576,
  rosterEntries: 500,
  grants: 500,
} as const;

const Int = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Hash = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });
const DayLabel = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' });
const strict = { additionalProperties: false } as const;
const Said = Type.Object({ zh: Type.String({ maxLength: 80 }), en: Type.String({ maxLength: 80 }) }, strict);

export const Health = Type.Record(
  Type.String({ pattern: '^[a-zA-Z]{1,30}$' }),
  Type.Union([Type.String({ maxLength: 80 }), Type.Integer(), Type.Boolean()]),
);

/** A visitor's card lies on the reader: who is this, and what may be spent here? (tid, ep, rid) is asked once for ever. */
export const VisitAsked = Type.Object(
  { rid: Id, kind: Type.String({ pattern: '^[a-z][a-z-]{0,9}$' }), uid: Type.String({ pattern: '^[0-9a-f]{8,20}$' }) },
  strict,
);
export type VisitAsked = Static<typeof VisitAsked>;

/** A text typed by a person; its record holds only the salted hash, so the text can be erased and the chain stays. */
export const TextBeside = Type.Object(
  { hash: Hash, salt: Id, text: Type.String({ minLength: 1, maxLength: 400 }) },
  strict,
);
export type TextBeside = Static<typeof TextBeside>;

/** A PIN set at the kiosk in a clerk's presence: `scrypt` is what the hub seals. By net only, never on a stick. */
export const PinSet = Type.Object({ id: Id, token: Id, salt: Id, scrypt: Id, clerk: Id, at: Int }, strict);
export type PinSet = Static<typeof PinSet>;

/** What a hub that lost its memory must be told before it judges: in slices, `last` on the last one. */
export const Report = Type.Object(
  {
    enrolment: Type.String({ maxLength: 2000 }),
    grants: Type.Array(Type.String({ maxLength: 2000 }), { maxItems: SYNC_LIMITS.grants }),
    catalogue: Type.Optional(Type.String({ maxLength: 4_000_000 })),
    last: Type.Boolean(),
  },
  strict,
);
export type Report = Static<typeof Report>;

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
    /** Only where `inc` is new to this terminal's journal. */
    report: Type.Optional(Report),
    /** Versions the terminal has; the hub sends what is newer. `judged`: it knows the verdicts up to this seq. */
    want: Type.Object(
      {
        visits: Type.Array(VisitAsked, { maxItems: SYNC_LIMITS.visits }),
        ...{ judged: Int, roster: Int, catalogue: Int, hotlist: Int, policy: Int },
      },
      strict,
    ),
    texts: Type.Array(TextBeside, { maxItems: SYNC_LIMITS.texts }),
    pins: Type.Array(PinSet, { maxItems: SYNC_LIMITS.pins }),
    health: Type.Optional(Health),
  },
  strict,
);
export type SyncRequest = Static<typeof SyncRequest>;
/** What a request asks and says, beside the records that it brings. */
export type SyncAsk = Omit<SyncRequest, 'records'>;
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
    /** When the hub unlocked its PIN, ms: a kiosk takes each once. */
    unlocked: Type.Optional(Int),
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
    /** What limits count of this account at other terminals: today's points, and items with a period. */
    used: Type.Optional(
      Type.Object({ day: DayLabel, pts: Int, items: Type.Record(Type.String({ pattern: SKU }), Int) }, strict),
    ),
    /** Points beyond this terminal's allowance that expire soon unless they are spent: told thirty days ahead. */
    expiring: Type.Optional(Type.Object({ pts: Int, day: DayLabel }, strict)),
    /** Not of this village: no item with a period limit is sold to it offline. */
    visitor: Type.Optional(Type.Boolean()),
    cards: Type.Array(RosterCard, { maxItems: 20 }),
    language: Type.Optional(Type.Union([Type.Literal('zh-CN'), Type.Literal('en')])),
  },
  strict,
);
export type RosterEntry = Static<typeof RosterEntry>;
export const RosterClerk = Type.Object(
  {
    ...{ clerk: Id, name: Type.String({ maxLength: 40 }), cards: Type.Array(RosterCard, { maxItems: 20 }) },
    /** The clerk's own account as a resident, where the county knows it: a clerk approves nothing for themselves. */
    acct: Type.Optional(Id),
  },
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

/** What a household may redeem; absent means no such limit. They count per account. */
export const Limits = Type.Object(
  {
    /** Points of one redemption. */
    redemptionPts: Type.Optional(Int),
    /** Points, and redemptions, of one account and business day. */
    dayPts: Type.Optional(Int),
    dayCount: Type.Optional(Int),
    /** At most `qty` of an item in `days`. Sold offline only at home. */
    items: Type.Array(
      Type.Object(
        { sku: Type.String({ pattern: SKU }), qty: Type.Integer({ minimum: 1 }), days: Type.Integer({ minimum: 1 }) },
        strict,
      ),
      { maxItems: 500 },
    ),
  },
  strict,
);
export type Limits = Static<typeof Limits>;
export const NO_LIMITS: Limits = { items: [] };
export const DEFAULT_CLOSE_HOUR = 22;

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
    limits: Limits,
    /** The shop's day closes by itself at this hour of the county, 0-23, or at the next start. */
    closeHour: Type.Integer({ minimum: 0, maximum: 23 }),
  },
  strict,
);
export type Policy = Static<typeof Policy>;

export const Judged = Type.Object(
  { ep: Int, seq: Int, stage: Id, flags: Type.Array(Id), code: Type.Optional(Id) },
  strict,
);
/** A visitor's answer. `entry` where the card is known; its grant stands among `grants`. */
export const VisitAnswer = Type.Object(
  { rid: Id, reason: Id, grantedPts: Int, more: Type.Boolean(), entry: Type.Optional(RosterEntry) },
  strict,
);
export type VisitAnswer = Static<typeof VisitAnswer>;

/** Give back all but `keep`; ignored where `G` is not the terminal's own, as then a grant is still on its way. */
export const Recall = Type.Object({ acct: Id, G: Int, keep: Int }, strict);
export type Recall = Static<typeof Recall>;

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
    judged: Type.Array(Judged, { maxItems: SYNC_LIMITS.judged }),
    grants: Type.Array(Type.String({ maxLength: 2000 }), { maxItems: SYNC_LIMITS.grants }),
    recalls: Type.Array(Recall, { maxItems: SYNC_LIMITS.recalls }),
    visits: Type.Array(VisitAnswer, { maxItems: SYNC_LIMITS.visits }),
    /** Whether the hub, in this incarnation, has this epoch's whole report, or needs none. */
    reported: Type.Boolean(),
    roster: Type.Optional(Roster),
    catalogue: Type.Optional(Type.String({ maxLength: 4_000_000 })),
    hotlist: Type.Optional(Type.Object({ version: Int, tokens: Type.Array(Id) }, strict)),
    policy: Type.Optional(Policy),
    /** The hub's next public key (raw, base64url), announced under the one that signs this answer. */
    nextKey: Type.Optional(Type.Object({ kid: Id, key: Hash }, strict)),
    /** Whether the hub lets this epoch sell; `frozen`, `ended` and `revoked` stop it at once. */
    state: Type.Union([Type.Literal('open'), Type.Literal('frozen'), Type.Literal('ended'), Type.Literal('revoked')]),
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
