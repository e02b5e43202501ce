import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { SignInBody } from '../../protocol/api/console.ts';
import type { Seal } from '../programme/seal.ts';
import { hashPassword, passwordMatches } from './passwords.ts';
import type { Operator, OperatorStore } from './port.ts';

/** Signing in with a password, and a one-time code (RFC 6238) where the person has one. Sessions are short. */

export const SESSION_LIFE_MS = 8 * 3_600_000;
const MAX_TRIES = 10;
const TRIES_WINDOW_MS = 5 * 60_000;
const MAX_TRACKED_USERS = 1_000;

export type SignInRefusal = 'wrong-password' | 'code-needed' | 'wrong-code' | 'code-used' | 'too-many-tries';
export type SignIn =
  | { readonly ok: true; readonly token: string; readonly operator: Operator }
  | { readonly ok: false; readonly code: SignInRefusal };

export interface SignInDeps {
  readonly store: OperatorStore;
  readonly seal: Seal;
  readonly nowMs: () => number;
}

export function tokenHash(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}

export function createSignIn({ store, seal, nowMs }: SignInDeps) {
  const tries: Map<string, { count: number; since: number }> = new Map();
  // Somebody who does not exist costs as long as somebody who does.
  const nobody = hashPassword(randomBytes(16).toString('hex'));

  function tooMany(user: string): boolean {
    const entry = tries.get(user);
    if (entry && nowMs() - entry.since > TRIES_WINDOW_MS) tries.delete(user);
    return (tries.get(user)?.count ?? 0) >= MAX_TRIES;
  }
  /** Counted before it is checked: tries side by side must not all pass a count that none of them has raised yet. */
  function countTry(user: string): void {
    // The one tracked longest gives way, so that trying a thousand names does not lift the lock on one.
    const oldest = tries.size >= MAX_TRACKED_USERS ? tries.keys().next().value : undefined;
    if (oldest !== undefined && oldest !== user) tries.delete(oldest);
    const entry = tries.get(user) ?? { count: 0, since: nowMs() };
    tries.set(user, { ...entry, count: entry.count + 1 });
  }

  return async function signIn(body: SignInBody): Promise<SignIn> {
    const outcome = await check(body);
    // A refusal that only says how often was tried is not written: a flood must not fill the trail.
    const known = outcome.ok || outcome.code === 'too-many-tries' || outcome.code === 'code-needed';
    if (!known) await store.noteFailure(body.user.slice(0, 40), outcome.code, nowMs());
    return outcome;
  };

  async function check(body: SignInBody): Promise<SignIn> {
    const { user } = body;
    if (tooMany(user)) return { ok: false, code: 'too-many-tries' };
    countTry(user);
    const operator = await store.operator(user);
    const stored = operator ? { salt: operator.passwordSalt, hash: operator.passwordHash } : await nobody;
    const right = await passwordMatches(body.password, stored.salt, stored.hash);
    if (operator === null || !right) return { ok: false, code: 'wrong-password' };
    if (operator.totpSealed !== null) {
      if (!body.code) return { ok: false, code: 'code-needed' };
      const secret = Buffer.from(seal.open(operator.totpSealed, `totp:${user}`)).toString('utf8');
      const step = totpStep(secret, body.code, nowMs());
      if (step === null) return { ok: false, code: 'wrong-code' };
      if (!(await store.spendTotpStep(user, step))) return { ok: false, code: 'code-used' };
    }
    tries.delete(user);
    const token = randomBytes(32).toString('base64url');
    await store.openSession(tokenHash(token), user, nowMs() + SESSION_LIFE_MS, nowMs());
    return { ok: true, token, operator };
  }
}

/** The time step a code belongs to, one step of clock difference either way; null for a wrong code. */
function totpStep(secretBase32: string, code: string, atMs: number): number | null {
  const totp = new TOTP({ secret: Secret.fromBase32(secretBase32), digits: 6, period: 30, algorithm: 'SHA1' });
  const delta = totp.validate({ token: code.replace(/\s/g, ''), timestamp: atMs, window: 1 });
  return delta === null ? null : Math.floor(atMs / 30_000) + delta;
}

export const SIGN_IN_SENTENCES: Readonly<Record<SignInRefusal, readonly [error: string, whatToDo: string]>> = {
  'wrong-password': ['The user or the password is wrong.', 'Try again.'],
  'code-needed': ['You have a second factor, so the one-time code is needed too.', 'Type the six digits it shows now.'],
  'wrong-code': ['The one-time code is wrong.', 'Type the six digits it shows now; check the clock of your device.'],
  'code-used': ['This one-time code was used already.', 'Wait for the next one, at most 30 seconds.'],
  'too-many-tries': ['Too many wrong tries for this user.', 'Wait five minutes, then try again.'],
};
