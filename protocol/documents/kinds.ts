import { SKU, TID } from '../records/payload.ts';
import { type Static, Type } from '../schema.ts';
import { documentKind } from './document.ts';

const Int = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Key = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });
const strict = { additionalProperties: false } as const;

/** How much of an account one terminal epoch may spend offline: signed by the hub. `inc` is the hub's incarnation. */
export const Grant = Type.Object(
  { v: Type.Literal(1), tid: Type.String({ pattern: TID }), ep: Int, acct: Id, G: Int, notAfter: Int, inc: Id },
  strict,
);
export type Grant = Static<typeof Grant>;
export const grantDocument = documentKind('tally-grant', Grant);

/** Binds a terminal epoch to its key, shop and county: signed by the hub; the chain's first record hashes it. */
export const Enrolment = Type.Object(
  {
    v: Type.Literal(1),
    county: Id,
    tid: Type.String({ pattern: TID }),
    ep: Int,
    village: Id,
    shop: Id,
    /** The terminal's public key, raw Ed25519, base64url. */
    key: Key,
    hubKid: Id,
    hubKey: Key,
    at: Int,
    inc: Id,
  },
  strict,
);
export type Enrolment = Static<typeof Enrolment>;
export const enrolmentDocument = documentKind('tally-enrolment', Enrolment);

/** What a device asks with: the one-time code, and its key by which this request is signed (proof of possession). */
export const EnrolRequest = Type.Object(
  { v: Type.Literal(1), code: Type.String({ minLength: 8, maxLength: 40 }), key: Key },
  strict,
);
export type EnrolRequest = Static<typeof EnrolRequest>;
export const enrolRequestDocument = documentKind('tally-enrol', EnrolRequest);
/** A device has no tid yet when it asks. */
export const ENROL_KID = 'device.0';

/**
 * What a terminal opens its nudge stream with: signed by its key, good for NUDGES_OPEN_MS around `at` by the hub's clock
 * and, while a stream of that epoch is open, only where `at` is later. A copy of it is worth wake-up calls, no more.
 */
export const NudgesAsked = Type.Object(
  { v: Type.Literal(1), tid: Type.String({ pattern: TID }), ep: Int, at: Int },
  strict,
);
export type NudgesAsked = Static<typeof NudgesAsked>;
export const nudgesDocument = documentKind('tally-nudges', NudgesAsked);
export const NUDGES_OPEN_MS = 5 * 60_000;
export const NUDGES_HEADER = 'tally-nudges';

const Said = Type.Object({ zh: Type.String({ maxLength: 80 }), en: Type.String({ maxLength: 80 }) }, strict);
export const CatalogueItem = Type.Object(
  {
    sku: Type.String({ pattern: SKU }),
    rev: Type.Integer({ minimum: 1 }),
    category: Id,
    name: Said,
    unit: Said,
    /** Points for one unit. */
    pts: Type.Integer({ minimum: 1 }),
    barcode: Type.Optional(Type.String({ pattern: '^[0-9]{8,14}$' })),
    /** ms; a revision may be redeemed from here on. */
    from: Int,
  },
  strict,
);
export type CatalogueItem = Static<typeof CatalogueItem>;
export const Catalogue = Type.Object(
  {
    v: Type.Literal(1),
    county: Id,
    inc: Id,
    version: Int,
    categories: Type.Array(Type.Object({ id: Type.String({ pattern: SKU }), name: Said }, strict), { maxItems: 100 }),
    items: Type.Array(CatalogueItem, { maxItems: 5000 }),
  },
  strict,
);
export type Catalogue = Static<typeof Catalogue>;
export const catalogueDocument = documentKind('tally-catalogue', Catalogue);
