/** People at the console, by its HTTP API alone: each signs in once, and again when a session has ended. */

export interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export function consoleClient(base: string, passwordOf: (user: string) => string) {
  const cookies: Map<string, string> = new Map();

  async function signIn(user: string): Promise<string> {
    const body = JSON.stringify({ user, password: passwordOf(user) });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${base}/api/console/session`, { method: 'POST', headers, body });
    if (answer.status !== 200) throw new Error(`${user} cannot sign in: ${answer.status} ${await answer.text()}`);
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    cookies.set(user, cookie);
    return cookie;
  }

  async function ask(user: string, path: string, body?: object, again = true): Promise<Answered> {
    const cookie = cookies.get(user) ?? (await signIn(user));
    const answer = await fetch(`${base}/api/console${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    });
    if (answer.status === 401 && again) {
      cookies.delete(user);
      return ask(user, path, body, false);
    }
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }
  return { ask };
}
