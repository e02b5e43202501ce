import { enrolTerminal } from './fake-terminal.ts';
import { COOKIE, openTestHub } from './hub-fixture.ts';
import { PASSWORD } from './tiny-county.ts';

/** A hub with a sale beyond its grant, two claims and a case, and its console. ann: operator; bob: reviewer; eve: auditor. */

export const credit = { credit: 'c1', acct: 'r1', activity: 'sweeping', reason: 'Swept the square', pts: 12 };
export const csv = 'credit,acct,activity,reason,pts\nb1,r1,sweeping,x,5\nb2,r3,sweeping,y,6';
export const card = { kind: 'uid', uid: '04aabbccddee01', last4: '7777' };

export async function programmeConsole() {
  const hub = await openTestHub();
  const cookies: Record<string, string> = {};

  /** Again after the clock was moved: sessions are short. */
  async function signIn(): Promise<void> {
    for (const user of ['ann', 'bob', 'eve']) {
      const payload = { user, password: PASSWORD };
      const answer = await hub.now.app.inject({ method: 'POST', url: '/api/console/session', payload });
      cookies[user] = `${COOKIE}=${answer.cookies.find((each) => each.name === COOKIE)?.value}`;
    }
  }
  async function ask<T>(who: string | null, method: 'GET' | 'POST', path: string, payload?: object, headers = {}) {
    const cookie = who === null ? {} : { cookie: cookies[who] ?? '' };
    const url = `/api/console${path}`;
    const answer = await hub.now.app.inject({
      ...{ method, url, headers: { ...cookie, ...headers } },
      ...(payload ? { payload } : {}),
    });
    return { status: answer.statusCode, body: answer.json() as T };
  }

  await signIn();
  const chain = await enrolTerminal(hub, 'k3', 's1');
  await chain.sync([]);
  const claim = { type: 'claim', acct: 'r1', activity: 'sweeping', units: 2 };
  await chain.sync([
    chain.open().jws,
    chain.redeem('r2', 9).jws,
    chain.append({ ...claim, tot: 90 }).jws,
    chain.append({ type: 'case', acct: 'r2', code: 'wrong-item', ref: 'k3.1.2', tot: 90 }).jws,
    chain.append({ ...claim, units: 3, tot: 90 }).jws,
  ]);
  return {
    ...{ hub, signIn, ask },
    get: async <T>(path: string, who = 'eve') => (await ask<T>(who, 'GET', path)).body,
    post: <T = { code?: string; act?: string }>(who: string, path: string, payload: object = {}) =>
      ask<T>(who, 'POST', path, payload),
    close: () => hub.close(),
  };
}
export type ProgrammeConsole = Awaited<ReturnType<typeof programmeConsole>>;
