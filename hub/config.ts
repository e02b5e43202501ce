import { type Static, Type } from '../protocol/schema.ts';

/** The hub's config file. Paths are relative to the file's folder. docs/config.md is written from this. */
export const HubConfig = Type.Object(
  {
    county: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
    store: Type.String({
      pattern: '^(sqlite:.+|postgres(ql)?://.+)',
      description: 'sqlite:<path> for one machine; postgres://user@host/database for many hub processes',
    }),
    keys: Type.String({ description: 'folder of hub.key and seal.key, made at the first start, never in a backup' }),
    enrolmentCopies: Type.Optional(
      Type.String({ description: 'folder beside the backups: each enrolment is copied there before it is answered' }),
    ),
    listen: Type.Object(
      { host: Type.String(), port: Type.Integer({ minimum: 0, maximum: 65535 }) },
      { additionalProperties: false },
    ),
    publicUrl: Type.String({ pattern: '^https?://[^/]+$', description: 'where receipts lead and browsers come' }),
    pollMs: Type.Integer({ minimum: 200, maximum: 3_600_000, description: 'how often a quiet kiosk asks' }),
    log: Type.Optional(Type.Union([Type.Literal('info'), Type.Literal('warn'), Type.Literal('silent')])),
  },
  { additionalProperties: false },
);
export type HubConfig = Static<typeof HubConfig>;
