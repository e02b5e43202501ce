import { Secret, TOTP } from 'otpauth';
import type { IssuedCode, TerminalRow } from '../../protocol/api/console.ts';
import type { DemoPerson } from './people.ts';

/** Enrols kiosks as people would: one issues the code, the device shows its key, a second one compares and confirms. */

export interface HubDesk {
  rows(): Promise<readonly TerminalRow[]>;
  issue(tid: string, shop: string): Promise<IssuedCode>;
  confirm(tid: string, fingerprint: string): Promise<void>;
}

/** Signs the two in; each call goes out under the one whose part it is. */
export async function hubDesk(hub: string, people: readonly [DemoPerson, DemoPerson]): Promise<HubDesk> {
  const first = await signIn(hub, people[0]);
  const second = await signIn(hub, people[1]);
  return {
    rows: async () => ((await call(hub, first, 'GET', '/terminals')) as { rows: TerminalRow[] }).rows,
    issue: async (tid, shop) => (await call(hub, first, 'POST', '/terminals', { tid, shop })) as IssuedCode,
    confirm: async (tid, fingerprint) => {
      await call(hub, second, 'POST', `/terminals/${tid}/confirm`, { fingerprint });
    },
  };
}

async function signIn(hub: string, person: DemoPerson): Promise<string> {
  const code = new TOTP({ secret: Secret.fromBase32(person.totpSecret), digits: 6, period: 30 }).generate();
  const response = await fetch(`${hub}/api/console/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: person.user, password: person.password, code }),
  });
  if (!response.ok) throw new Error(`${person.user} cannot sign in: ${await response.text()}`);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ');
}

async function call(hub: string, cookie: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${hub}/api/console${path}`, {
    method,
    headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  return response.json();
}
