import { Compile, type Static, Type } from '../schema.ts';

/**
 * manifest.json of an export; manifest.jws beside it is the hub's detached JWS over its bytes. Files are named with
 * their lines and SHA-256 (hex), so a changed, missing or added byte shows.
 */
const Sha = Type.String({ pattern: '^[0-9a-f]{64}$' });
export const Manifest = Type.Object(
  {
    v: Type.Literal(1),
    county: Type.String(),
    inc: Type.String(),
    /** ms; what the hub had at this moment. */
    at: Type.Integer(),
    range: Type.Object({ from: Type.Integer(), to: Type.Integer() }, { additionalProperties: false }),
    hubKid: Type.String(),
    files: Type.Record(
      Type.String(),
      Type.Object({ lines: Type.Integer(), sha256: Sha }, { additionalProperties: false }),
    ),
    /** SHA-256 of the manifest before this one; null for the first export. */
    previous: Type.Union([Sha, Type.Null()]),
  },
  { additionalProperties: false },
);
export type Manifest = Static<typeof Manifest>;
export const manifestCheck = Compile(Manifest);

export const EXPORT_FILES = [
  'records.jsonl',
  'transfers.jsonl',
  'enrolments.jsonl',
  'closes.jsonl',
  'statements.jsonl',
  'keys.json',
] as const;
export type ExportFile = (typeof EXPORT_FILES)[number];
