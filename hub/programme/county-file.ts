import { CardKind, CardUid } from '../../protocol/api/programme.ts';
import { SKU } from '../../protocol/records/payload.ts';
import { type Static, Type } from '../../protocol/schema.ts';
import { CountyPolicy } from './policy.ts';

/** The file `hub import` reads: a county's places, catalogue, people, cards, opening credits and operators. */

const strict = { additionalProperties: false } as const;
const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' });
const Slug = Type.String({ pattern: SKU });
const Text = Type.String({ minLength: 1, maxLength: 80 });
const Int = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000_000 });
const Points = Type.Integer({ minimum: 1, maximum: 10_000_000 });
const Said = Type.Object({ zh: Text, en: Text }, strict);

const Card = Type.Object(
  {
    kind: CardKind,
    uid: CardUid,
    last4: Type.String({ minLength: 4, maxLength: 4 }),
    state: Type.Union([Type.Literal('good'), Type.Literal('blocked')]),
    pin: Type.Optional(Type.String({ pattern: '^[0-9]{4,6}$' })),
  },
  strict,
);

export const CountyFile = Type.Object(
  {
    name: Text,
    nameEn: Text,
    timeZone: Text,
    policy: CountyPolicy,
    villages: Type.Array(Type.Object({ village: Slug, name: Text, nameEn: Text }, strict), { minItems: 1 }),
    shops: Type.Array(
      Type.Object(
        { shop: Slug, village: Slug, name: Text, nameEn: Text, phone: Type.String({ maxLength: 40 }) },
        strict,
      ),
    ),
    categories: Type.Array(Type.Object({ id: Slug, name: Said }, strict)),
    items: Type.Array(
      Type.Object(
        {
          sku: Slug,
          rev: Type.Integer({ minimum: 1 }),
          category: Slug,
          name: Said,
          unit: Said,
          pts: Points,
          reimburseFen: Int,
          barcode: Type.Optional(Type.String({ pattern: '^[0-9]{8,14}$' })),
        },
        strict,
      ),
    ),
    residents: Type.Array(
      Type.Object(
        {
          acct: Id,
          name: Text,
          initials: Type.String({ maxLength: 20 }),
          village: Slug,
          cards: Type.Array(Card, { maxItems: 20 }),
          credits: Type.Array(Type.Object({ credit: Id, activity: Text, pts: Points, at: Int }, strict)),
        },
        strict,
      ),
    ),
    clerks: Type.Array(
      Type.Object(
        // `acct`: the clerk's own account as a resident, for which the clerk approves nothing.
        { clerk: Id, name: Text, village: Slug, acct: Type.Optional(Id), cards: Type.Array(Card) },
        strict,
      ),
    ),
    operators: Type.Array(
      Type.Object(
        {
          user: Slug,
          name: Text,
          role: Type.Union([
            Type.Literal('operator'),
            Type.Literal('reviewer'),
            Type.Literal('auditor'),
            Type.Literal('admin'),
          ]),
          password: Type.String({ minLength: 12, maxLength: 200 }),
          totpSecret: Type.Optional(Type.String({ pattern: '^[A-Z2-7]{16,64}$' })),
        },
        strict,
      ),
    ),
  },
  strict,
);
export type CountyFile = Static<typeof CountyFile>;
