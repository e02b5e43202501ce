import { TID } from '../records/payload.ts';
import { type Static, Type } from '../schema.ts';

/** What the console says of acts, exceptions, cards, credits and requests: bodies with their schemas, rows as types. */

const strict = { additionalProperties: false } as const;
const Id = Type.String({ pattern: '^[A-Za-z0-9_.-]{1,80}$' });
const Points = Type.Integer({ minimum: 1, maximum: 10_000_000 });
const Seq = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const Text = (most: number) => Type.String({ minLength: 1, maxLength: most, pattern: '\\S' });
const Chain = { tid: Type.String({ pattern: TID }), ep: Seq };
const Hash = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });

const CreditFields = { credit: Id, acct: Id, activity: Text(40), reason: Text(200), pts: Points };
const one = <T extends Parameters<typeof Type.Object>[0]>(fields: T) => Type.Object(fields, strict);

/** What each act that takes two people is told. */
export const ACT_DETAILS = {
  cover: one({ ...Chain, acct: Type.Union([Id, Type.Null()]) }),
  'end-epoch': one(Chain),
  'revoke-epoch': one(Chain),
  unfreeze: one(Chain),
  'end-restore': one({ early: Type.Boolean() }),
  release: one({ ...Chain, seq: Seq, acct: Id }),
  reject: one({ ...Chain, seq: Seq, acct: Id }),
  refund: one({ ...Chain, seq: Seq }),
  'accept-hole': one({ ...Chain, to: Seq }),
  overrule: one({ ...Chain, seq: Seq }),
  'decide-forked': one({ ...Chain, hash: Hash, as: Type.Union([Type.Literal('sale'), Type.Literal('nothing')]) }),
  'final-close': one(Chain),
  'reverse-credit': one({ credit: Id }),
  'charge-reversal': one({ credit: Id }),
  move: one({ from: Id, to: Id }),
  'set-activity': one({
    ...{ activity: Text(40), name: Text(40), unit: Text(20), pts: Points },
    state: Type.Union([Type.Literal('active'), Type.Literal('retired')]),
  }),
  'credit-batch': one({ rows: Type.Array(one(CreditFields), { minItems: 1, maxItems: 1_000 }) }),
} as const;
export type ActName = keyof typeof ACT_DETAILS;

/** `POST /api/console/acts`. `detail` is what ACT_DETAILS says for its kind. A batch is proposed by its own address. */
export const ProposeBody = one({
  kind: Type.Enum(Object.keys(ACT_DETAILS) as ActName[]),
  detail: Type.Record(Type.String(), Type.Unknown()),
});
export type ProposeBody = Static<typeof ProposeBody>;

export interface ActRow {
  readonly act: string;
  readonly kind: string;
  readonly subject: string;
  readonly detail: unknown;
  readonly maker: string;
  readonly madeAt: number;
  readonly checker: string | null;
  readonly decidedAt: number | null;
  readonly state: 'proposed' | 'approved' | 'refused' | 'withdrawn';
  /** Whether who asks may approve it: never its maker. */
  readonly mayApprove: boolean;
}
/** What came of an act, in a sentence. */
export interface Done {
  readonly ok: true;
  readonly says: string;
}

/** `GET /api/console/exceptions` */
export interface ExceptionItem {
  readonly exception: string;
  readonly kind: string;
  readonly subject: string;
  readonly tid: string | null;
  /** What it means, and a proposed fix. */
  readonly says: string;
  readonly whatToDo: string;
  /** A person may close it with a note; the others close by themselves. */
  readonly byHand: boolean;
  readonly openedAt: number;
  readonly dueAt: number;
  readonly ageMs: number;
  readonly overdue: boolean;
  readonly owner: string | null;
  readonly closedAt: number | null;
  readonly closedBy: string | null;
  readonly notes: number;
}
/** `GET /api/console/exceptions/{exception}` */
export interface ExceptionPage {
  readonly row: ExceptionItem;
  readonly detail: unknown;
  readonly notes: readonly { readonly at: number; readonly by: string; readonly text: string }[];
}
/** `POST …/exceptions/{exception}/notes` and `…/close` */
export const NoteBody = one({ text: Text(1_000) });
/** `POST …/exceptions/{exception}/owner`: take it, or give it back. */
export const OwnBody = one({ mine: Type.Boolean() });

/** `GET /api/console/residents/{acct}`: the household, its cards and their history. */
export interface ResidentPage {
  readonly acct: string;
  readonly name: string;
  readonly village: string;
  readonly leftAt: number | null;
  readonly accountPts: number;
  readonly pendingPts: number;
  readonly expiring: { readonly pts: number; readonly at: number } | null;
  readonly cards: readonly CardView[];
}
export interface CardView {
  readonly card: number;
  readonly last4: string;
  readonly state: 'good' | 'blocked';
  readonly blocked: {
    readonly at: number;
    readonly by: string;
    readonly reason: string;
    readonly replacedBy: number | null;
    readonly replacedAt: number | null;
  } | null;
}
/** `id-card`: a resident ID card, known by its chip's serial (16 hex digits) or a digest of its number (20). */
export const CardKind = Type.Union([Type.Literal('uid'), Type.Literal('id-card'), Type.Literal('desfire')]);
export const CardUid = Type.String({ pattern: '^([0-9a-f]{8}|[0-9a-f]{14}|[0-9a-f]{16}|[0-9a-f]{20})$' });
const CardFields = {
  kind: CardKind,
  uid: CardUid,
  last4: Type.String({ minLength: 4, maxLength: 4 }),
};
export const CardBody = one(CardFields);
export const BlockBody = one({ reason: Text(200) });
/** `POST …/cards/{card}/pin`: typed by the resident, before an operator. */
export const PinBody = one({ pin: Type.String({ maxLength: 12 }) });
export const UnlockBody = one({ reason: Text(200) });
export const ReplaceBody = one({ ...CardFields, reason: Text(200) });

/** `GET /api/console/credits` */
export interface CreditItem {
  readonly credit: string;
  readonly acct: string;
  readonly residentName: string;
  readonly activity: string;
  readonly reason: string;
  readonly pts: number;
  readonly at: number;
  readonly madeBy: string;
  readonly approvedBy: string | null;
  readonly postsAt: number | null;
  readonly state: CreditState;
}
export const CREDIT_STATES = ['made', 'pending', 'posted', 'withdrawn', 'refused', 'reversed', 'reversing'] as const;
export type CreditState = (typeof CREDIT_STATES)[number];
/** `POST /api/console/credits`. `again`: it stood before the hub was restored, and is entered again; it repays first what was lent meanwhile. */
export const CreditBody = one({ ...CreditFields, again: Type.Optional(Type.Boolean()) });
/** `POST /api/console/credit-batches/check` and `POST /api/console/credit-batches`: the file as it is. */
export const BatchBody = one({ name: Text(80), csv: Type.String({ minLength: 1, maxLength: 400_000 }) });
export interface BatchView {
  readonly rows: readonly Static<typeof CreditBody>[];
  readonly bad: readonly { readonly line: number; readonly says: string }[];
  readonly totalPts: number;
}

/** `GET /api/console/requests` */
export interface RequestItem {
  readonly number: string;
  readonly kind: 'claim' | 'case';
  readonly tid: string;
  readonly acct: string;
  readonly residentName: string;
  readonly code: string;
  readonly units: number;
  readonly ref: string | null;
  readonly at: number;
  readonly dueAt: number;
  readonly state: 'open' | 'granted' | 'refused';
  readonly answer: string | null;
}
export const AnswerBody = one({ granted: Type.Boolean(), answer: Text(200) });

/** `GET /api/console/shelves?shop=`: what should lie in a shop by its records, and how the last count differed. */
export interface ShelfItem {
  readonly shop: string;
  readonly sku: string;
  readonly qty: number;
  readonly countedAt: number | null;
  readonly difference: number;
}
