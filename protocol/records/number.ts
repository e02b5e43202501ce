import { fromBase64url, toBase64url } from '../primitives/base64url.ts';
import { codeBits, groupedCode } from '../primitives/crockford.ts';

/** What stands on paper: record number, check code, QR. */

export interface RecordId {
  readonly tid: string;
  readonly ep: number;
  readonly seq: number;
}

/** `<tid>.<ep>.<seq>` */
export function recordNumber(id: RecordId): string {
  return `${id.tid}.${id.ep}.${id.seq}`;
}

const NUMBER = /^([a-z0-9][a-z0-9-]{0,31})\.([1-9][0-9]{0,8})\.([1-9][0-9]{0,8})$/;

export function parseRecordNumber(text: string): RecordId | null {
  const match = NUMBER.exec(text);
  return match ? { tid: match[1] ?? '', ep: Number(match[2]), seq: Number(match[3]) } : null;
}

/**
 * The first 60 bits of a record's HASH, `ABCD-EFGH-JKMN`. A commitment, not a signature: it proves that the record was
 * not changed or dropped after the paper was printed.
 */
export function checkCode(hash: string): string {
  const bytes = fromBase64url(hash);
  if (bytes === null) throw new Error('a hash that is not base64url');
  return groupedCode(bytes);
}

/**
 * What a check code says of the hash it was made from: 60 bits are just the first ten characters of its base64url, so a
 * record is found by its paper without reading them all. Null where `typed` is no check code.
 */
export function hashPrefixOf(typed: string): string | null {
  const bits = codeBits(typed);
  if (bits === null) return null;
  const bytes = new Uint8Array(9);
  bits.forEach((bit, at) => {
    bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (bit << (7 - (at & 7)));
  });
  return toBase64url(bytes).slice(0, 10);
}

/** The address behind the QR; `hub` without a slash at its end. */
export function receiptAddress(hub: string, id: RecordId, hash: string): string {
  return `${hub}/r/${recordNumber(id)}.${checkCode(hash)}`;
}
