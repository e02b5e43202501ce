import { hash as digest } from 'node:crypto';
import Database from 'better-sqlite3';
import type { Verifying } from '../../protocol/crypto.ts';
import { parseCompact, verifyCompact } from '../../protocol/jws/compact.ts';

/**
 * What a start looks at before anything is sold: whether the file is sound, and whether what the hub has not stored yet is
 * still one chain, signed by this kiosk's key at its end. The file may have come through anything. Runs in a thread of its own:
 * what it imports is what that thread must load, so no schemas.
 */

/** One epoch's records that the hub is not known to hold: those behind `after`. */
export interface Tail {
  readonly tid: string;
  readonly ep: number;
  readonly after: number;
  /** The epoch's own public key, as the enrolment names it; null where that cannot be read. */
  readonly publicKey: Uint8Array | null;
  readonly enrolmentHash: string;
}
export type JournalFault =
  | { readonly code: 'file'; readonly says: string }
  | { readonly code: 'hash' | 'link' | 'signature' | 'missing'; readonly ep: number; readonly seq: number };

interface Row {
  readonly seq: number;
  readonly jws: string;
  readonly hash: string;
}

/** `path`: a journal; another connection may write it meanwhile. Null where nothing is wrong. */
export function checkJournal(path: string, tails: readonly Tail[], crypto: Verifying): JournalFault | null {
  let db: Database.Database | null = null;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
    const says = db.pragma('quick_check(1)', { simple: true });
    if (says !== 'ok') return { code: 'file', says: String(says) };
    for (const tail of tails) {
      const fault = checkTail(db, tail, crypto);
      if (fault !== null) return fault;
    }
    return null;
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { code: 'file', says: error.message };
  } finally {
    db?.close();
  }
}

/** What SQLite says of a file that is none of its own any more. */
export function isDamage(error: unknown): error is Error {
  return error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
}

function checkTail(db: Database.Database, tail: Tail, crypto: Verifying): JournalFault | null {
  const { ep, after } = tail;
  const rows = db.prepare('SELECT seq, jws, hash FROM records WHERE ep = ? AND seq >= ? ORDER BY seq');
  let last: Row | null = null;
  for (const row of rows.iterate(ep, Math.max(1, after)) as IterableIterator<Row>) {
    const { seq, jws, hash } = row;
    // Node's own, from text to text: through bytes and back it takes three times as long, and somebody waits.
    if (digest('sha256', jws, 'base64url') !== hash) return { code: 'hash', ep, seq };
    const before: string | null = seq === 1 ? tail.enrolmentHash : (last?.hash ?? null);
    // The first row is the hub's own last one: it is where the chain is taken up, and looked at for itself only.
    const begins = last === null && seq === after;
    if (!begins && (seq !== (last?.seq ?? 0) + 1 || prevOf(jws) !== before)) return { code: 'link', ep, seq };
    last = row;
  }
  if (last === null) return after === 0 ? null : { code: 'missing', ep, seq: after };
  const parsed = parseCompact('tally-record', last.jws);
  const { publicKey } = tail;
  const signed = parsed !== null && parsed.kid === `${tail.tid}.${ep}` && publicKey !== null;
  return signed && verifyCompact(parsed, publicKey, crypto) ? null : { code: 'signature', ep, seq: last.seq };
}

const PREV = '"prev":"';
const HASH_CHARS = 43;

/**
 * Found, not parsed: a month's records are looked at while somebody waits. The bytes are those that were signed, as their hash
 * was right, and inside a string of theirs every quotation mark has a backslash before it.
 */
function prevOf(jws: string): string | null {
  const text = Buffer.from(jws.slice(jws.indexOf('.') + 1, jws.lastIndexOf('.')), 'base64url').toString('latin1');
  const at = text.indexOf(PREV);
  return at < 0 ? null : text.slice(at + PREV.length, at + PREV.length + HASH_CHARS);
}
