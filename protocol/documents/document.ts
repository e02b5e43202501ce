import type { Signer, Verifying } from '../crypto.ts';
import { parseCompact, signCompact, type Typ, verifyCompact } from '../jws/compact.ts';
import { fromUtf8, utf8 } from '../primitives/bytes.ts';
import { parseStrictJson } from '../primitives/strict-json.ts';
import { Compile, type Static, type TSchema } from '../schema.ts';

/** A signed document that is not a record: grant, enrolment, catalogue, request to enrol. */
export interface DocumentKind<T> {
  sign(value: T, signer: Signer): string;
  /** The value, or null unless the signature by `publicKey` under exactly `kid` holds and every field is as it must be. */
  open(jws: string, kid: string, publicKey: Uint8Array, verifying: Verifying): T | null;
  /** Reads without checking the signature: only for what was checked when it was stored. */
  readTrusted(jws: string): T | null;
}

export function documentKind<S extends TSchema>(typ: Typ, schema: S): DocumentKind<Static<S>> {
  const check = Compile(schema);
  const read = (payload: Uint8Array): Static<S> | null => {
    const text = fromUtf8(payload);
    const value = text === null ? null : parseStrictJson(text);
    return check.Check(value) ? (value as Static<S>) : null;
  };
  return {
    sign(value, signer) {
      if (!check.Check(value)) throw new Error(`a ${typ} that our own schema refuses`);
      return signCompact(typ, utf8(JSON.stringify(value)), signer);
    },
    open(jws, kid, publicKey, verifying) {
      const parsed = parseCompact(typ, jws);
      if (parsed === null || parsed.kid !== kid || !verifyCompact(parsed, publicKey, verifying)) return null;
      return read(parsed.payload);
    },
    readTrusted(jws) {
      const parsed = parseCompact(typ, jws);
      return parsed === null ? null : read(parsed.payload);
    },
  };
}
