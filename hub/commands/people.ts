import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Secret } from 'otpauth';
import { EXIT, fail } from '../../protocol/node/program.ts';
import { utf8 } from '../../protocol/primitives/bytes.ts';
import { hashPassword } from '../operators/passwords.ts';
import type { HubParts } from '../parts.ts';

/** `hub operator add|list`: people who sign in to the console. */

const ROLES = ['operator', 'reviewer', 'auditor', 'admin'] as const;
type Role = (typeof ROLES)[number];
const USER = /^[a-z0-9][a-z0-9.-]{0,39}$/;
const LEAST_PASSWORD_CHARS = 12;

export interface NewOperator {
  readonly user: string;
  readonly name: string;
  readonly role: string;
  /** A file whose first line is the password: nothing secret in a shell’s history. */
  readonly passwordFile: string;
}

/** Answers the secret of the second factor, shown once, for the person’s own device. */
export async function addOperator({ store, seal }: HubParts, asked: NewOperator): Promise<{ totpSecret: string }> {
  const { user, name } = asked;
  if (!USER.test(user))
    fail(EXIT.usage, `"${user}" is no user name.`, 'Use small letters, digits, dots, hyphens; at most 40.');
  const role = ROLES.find((each) => each === asked.role);
  if (role === undefined) fail(EXIT.usage, `There is no role "${asked.role}".`, `Name one of: ${ROLES.join(', ')}.`);
  const [password = ''] = readFileSync(asked.passwordFile, 'utf8').split('\n');
  if (password.length < LEAST_PASSWORD_CHARS)
    fail(EXIT.usage, 'That password is too short.', `Use at least ${LEAST_PASSWORD_CHARS} characters.`);
  const { salt: passwordSalt, hash: passwordHash } = await hashPassword(password);
  const totpSecret = new Secret({ buffer: new Uint8Array(randomBytes(20)).buffer }).base32;
  const totpSealed = seal.seal(utf8(totpSecret), `totp:${user}`);
  const added = await store.books.write(async (books) => {
    if ((await books.get('operators', { user })) !== undefined) return false;
    await books.add('operators', [
      { user, name, role: role as Role, passwordSalt, passwordHash, totpSealed, totpLastStep: 0 },
    ]);
    await books.audit({ at: Date.now(), user: 'command-line', act: 'operator-added', subject: user, detail: { role } });
    return true;
  });
  if (!added) fail(EXIT.finding, `There is a user ${user} already.`, 'Choose another name.');
  return { totpSecret };
}

export async function listOperators({ store }: HubParts): Promise<{ user: string; name: string; role: string }[]> {
  const rows = await store.books.read((books) => books.list('operators', 'all', {}));
  return rows.map(({ user, name, role }) => ({ user, name, role }));
}
