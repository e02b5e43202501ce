import { Secret, TOTP } from 'otpauth';
import type { IssuedCode, TerminalRow } from '../../protocol/api/console.ts';
import type { DemoPerson } from './people.ts';

/** Enrols kiosks as people would: one issues the code, the device shows its key, a second one compares and confirms. */

export interface HubDesk {
  rows(): Promise<readonly TerminalRow[]>;
  issue(tid: string, shop: string): Promise<IssuedCode>;
  confirm(tid: string, fingerprint: string): Promise<void>;
}

/** Signs them in; each call goes out under the one whose part it is. */
export async function hubDesk(hub: string, people: readonly [DemoPerson, DemoPerson]): Promise<HubDesk> {
  const first = await signIn(hub, people[0]);
  // The second person is needed only where a kiosk waits to be confirmed, and signs in once for several at a time.
  let second: Promise<string> | null = null;
  return {
    rows: async () => ((await call(hub, first, 'GET', '/terminals')) as { rows: TerminalRow[] }).rows,
    issue: async (tid, shop) => (await call(hub, first, 'POST', '/terminals', { tid, shop })) as IssuedCode,
    confirm: async (tid, fingerprint) => {
      second ??= signIn(hub, people[1]);
      await call(hub, await second, 'POST', `/terminals/${tid}/confirm`, { fingerprint });
    },
  };
}

const CODE_SECONDS = 30;

/** A demo that was stopped and started at once meets its own last one-time code: the next one is never far. */
async function signIn(hub: string, person: DemoPerson): Promise<string> {
  const first = await tryIn(hub, person);
  if (first.ok) return cookiesOf(first);
  const refusal = (await first.json()) as { code?: string };
  if (refusal.code !== 'code-used') throw new Error(`${person.user} cannot sign in: ${JSON.stringify(refusal)}`);
  const waitMs = CODE_SECONDS * 1_000 - (Date.now() % (CODE_SECONDS * 1_000)) + 50;
  process.stderr.write(`waiting ${Math.ceil(waitMs / 1_000)} s for the next one-time code\n`);
  await new Promise((done) => setTimeout(done, waitMs));
  const second = await tryIn(hub, person);
  if (!second.ok) throw new Error(`${person.user} cannot sign in: ${await second.text()}`);
  return cookiesOf(second);
}

function tryIn(hub: string, person: DemoPerson): Promise<Response> {
  const secret = Secret.fromBase32(person.totpSecret);
  const code = new TOTP({ secret, digits: 6, period: CODE_SECONDS }).generate();
  return fetch(`${hub}/api/console/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: person.user, password: person.password, code }),
  });
}

function cookiesOf(response: Response): string {
  const cookies = response.headers.getSetCookie();
  return cookies.map((cookie) => cookie.split(';', 1)[0]).join('; ');
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
