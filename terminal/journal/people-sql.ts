import type Database from 'better-sqlite3';
import type { BookAccount, BookCard, PeopleQuery } from './port.ts';

/** Who is in the roster, by account, by card, or as a clerk looks for them. Every question has an index. */

/** A statement, prepared once. */
export type Prepare = (text: string) => Database.Statement;

type AccountSqlRow = Omit<BookAccount, 'visitor' | 'used'> & { visitor: number; usedJson: string | null };

const ACCOUNT = `r.acct, r.name, r.initials, r.elsewhere, r.language, r.visitor, r.used_json AS usedJson`;
const CARD = 'token, acct, clerk, last4, state, pin_salt AS pinSalt, pin_verifier AS pinVerifier';
/** Behind whatever letters follow. */
const END = '\uffff';

/** In the very words of its indexes (006), or SQLite does not see that they serve. */
export const BY_INITIALS = `SELECT ${ACCOUNT} FROM roster r
  WHERE r.visitor = 0 AND r.initials COLLATE NOCASE >= ? AND r.initials COLLATE NOCASE < ?
  ORDER BY r.initials COLLATE NOCASE, r.acct LIMIT ?`;
export const BY_LAST4 = `SELECT ${ACCOUNT} FROM roster r
  WHERE r.visitor = 0 AND r.acct IN (SELECT acct FROM cards WHERE last4 = ? AND acct IS NOT NULL)
  ORDER BY r.initials COLLATE NOCASE, r.acct LIMIT ?`;

export function peopleTables(sql: Prepare) {
  return {
    account(acct: string): BookAccount | null {
      const row = sql(`SELECT ${ACCOUNT} FROM roster r WHERE r.acct = ?`).get(acct);
      return row === undefined ? null : toAccount(row as AccountSqlRow);
    },
    findPeople(by: PeopleQuery, limit: number): BookAccount[] {
      const rows =
        'last4' in by
          ? sql(BY_LAST4).all(by.last4, limit)
          : sql(BY_INITIALS).all(by.initials, `${by.initials}${END}`, limit);
      return (rows as AccountSqlRow[]).map(toAccount);
    },
    card: (token: string) => (sql(`SELECT ${CARD} FROM cards WHERE token = ?`).get(token) as BookCard) ?? null,
    cardsOf: (acct: string) => sql(`SELECT ${CARD} FROM cards WHERE acct = ? ORDER BY token`).all(acct) as BookCard[],
  };
}

function toAccount({ usedJson, visitor, ...rest }: AccountSqlRow): BookAccount {
  return { ...rest, visitor: visitor === 1, used: usedJson === null ? null : JSON.parse(usedJson) };
}
