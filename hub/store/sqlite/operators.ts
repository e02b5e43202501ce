import type { Operator, OperatorStore } from '../../operators/port.ts';
import { audit, type Context, transaction } from './context.ts';

/** People and their sessions on SQLite. */
export function sqliteOperatorStore(context: Context): OperatorStore {
  const { db, county } = context;
  const columns = `user, name, role, password_salt AS passwordSalt, password_hash AS passwordHash, totp_sealed AS totpSealed`;
  return {
    async operator(user) {
      const row = db.prepare(`SELECT ${columns} FROM operators WHERE county_id = ? AND user = ?`).get(county, user);
      return (row as Operator | undefined) ?? null;
    },
    async spendTotpStep(user, step) {
      const spent = db
        .prepare('UPDATE operators SET totp_last_step = ? WHERE county_id = ? AND user = ? AND totp_last_step < ?')
        .run(step, county, user, step);
      return spent.changes === 1;
    },
    async openSession(tokenHash, user, expiresAt, at) {
      transaction(context, () => {
        db.prepare('DELETE FROM sessions WHERE county_id = ? AND expires_at < ?').run(county, at);
        db.prepare('INSERT INTO sessions (county_id, token_hash, user, expires_at) VALUES (?, ?, ?, ?)').run(
          county,
          tokenHash,
          user,
          expiresAt,
        );
        audit(context, { at, user, act: 'signed-in', subject: user, detail: {} });
      });
    },
    async session(tokenHash, at) {
      const row = db
        .prepare(
          `SELECT ${columns} FROM operators NATURAL JOIN sessions WHERE county_id = ? AND token_hash = ? AND expires_at > ?`,
        )
        .get(county, tokenHash, at);
      return (row as Operator | undefined) ?? null;
    },
    async closeSession(tokenHash) {
      db.prepare('DELETE FROM sessions WHERE county_id = ? AND token_hash = ?').run(county, tokenHash);
    },
  };
}
