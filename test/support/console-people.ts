import { hashPassword } from '../../hub/operators/passwords.ts';
import type { HubParts } from '../../hub/parts.ts';

/** Two operators signed in at the consoles of several hubs, working by HTTP as their pages do. */
export interface ConsolePeople {
  /** Answers the status and the body; a hub that fails is a fault. */
  post(user: Person, port: number, path: string, body?: object): Promise<{ status: number; body: Answered }>;
}
export type Person = 'ann' | 'ben';
interface Answered {
  readonly act?: string;
  readonly code?: string;
}

const PEOPLE = [
  { user: 'ann', role: 'operator' },
  { user: 'ben', role: 'reviewer' },
] as const;
const passwordOf = (user: string) => `${user}-${user}-password`;

export async function storePeople({ store }: HubParts): Promise<void> {
  for (const { user, role } of PEOPLE) {
    const { salt: passwordSalt, hash: passwordHash } = await hashPassword(passwordOf(user));
    const row = { user, name: user, role, passwordSalt, passwordHash, totpSealed: null, totpLastStep: 0 };
    await store.books.write((books) => books.add('operators', [row]));
  }
}

export async function signPeopleIn(ports: readonly number[], onFault: (says: string) => void): Promise<ConsolePeople> {
  const cookies: Map<string, string> = new Map();
  async function call(user: Person, port: number, path: string, body: object) {
    const response = await fetch(`http://127.0.0.1:${port}/api/console/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: cookies.get(`${user} ${port}`) ?? '' },
      body: JSON.stringify(body),
    });
    const answered = (await response.json()) as Answered;
    if (response.status >= 500) onFault(`${path} was answered ${response.status} ${JSON.stringify(answered)}`);
    return { status: response.status, body: answered, cookie: response.headers.getSetCookie()[0]?.split(';')[0] };
  }
  for (const port of ports) {
    for (const { user } of PEOPLE) {
      const { status, cookie } = await call(user, port, 'session', { user, password: passwordOf(user) });
      if (status !== 200 || cookie === undefined) throw new Error(`${user} cannot sign in: ${status}`);
      cookies.set(`${user} ${port}`, cookie);
    }
  }
  return { post: (user, port, path, body = {}) => call(user, port, path, body) };
}
