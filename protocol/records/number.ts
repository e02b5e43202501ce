import { fromBase64url } from '../primitives/base64url.ts';
import { groupedCode } from '../primitives/crockford.ts';

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

/** The address behind the QR; `hub` without a slash at its end. */
export function receiptAddress(hub: string, id: RecordId, hash: string): string {
  return `${hub}/r/${recordNumber(id)}.${checkCode(hash)}`;
}
