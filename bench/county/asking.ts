/** Asks the hub over HTTP and keeps how long each answer took. */

export interface Answer {
  readonly what: string;
  readonly ms: number;
  /** The answer must come within this; null where it is only shown. */
  readonly withinMs: number | null;
  /** What was in it, in a few words: an answer of nothing is a fast one. */
  readonly told: string;
}
export interface Asking {
  readonly answers: Answer[];
  /** GET under /api/console as whoever signed in; `told` says what was in the answer. */
  look(what: string, path: string, told: (body: never) => string, withinMs?: number | null): Promise<unknown>;
  get(path: string): Promise<unknown>;
  timed<T>(what: string, work: () => Promise<T>, told: (value: T) => string, withinMs?: number | null): Promise<T>;
  post(path: string, body: unknown): Promise<unknown>;
  signIn(user: string, password: string): Promise<void>;
}

export function asking(address: string, say: (line: string) => void): Asking {
  const answers: Answer[] = [];
  let cookie = '';

  async function json(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { cookie, origin: address, ...(init.headers as Record<string, string> | undefined) };
    const answer = await fetch(`${address}${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
    return answer;
  }
  const post = (path: string, body: unknown) =>
    json(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

  async function timed<T>(
    what: string,
    work: () => Promise<T>,
    told: (value: T) => string,
    withinMs: number | null = null,
  ) {
    const began = performance.now();
    const value = await work();
    const answer = { what, ms: performance.now() - began, withinMs, told: told(value) };
    answers.push(answer);
    say(line(answer));
    return value;
  }
  return {
    answers,
    timed,
    look: (what, path, told, withinMs = null) =>
      timed(what, async () => (await json(`/api/console${path}`)).json() as Promise<never>, told, withinMs),
    get: async (path) => (await json(`/api/console${path}`)).json(),
    post: async (path, body) => (await post(path, body)).json(),
    async signIn(user, password) {
      const answer = await post('/api/console/session', { user, password });
      cookie = answer.headers
        .getSetCookie()
        .map((each) => each.split(';')[0])
        .join('; ');
    },
  };
}

export const isSlow = ({ ms, withinMs }: Answer): boolean => withinMs !== null && ms > withinMs;

function line(answer: Answer): string {
  const { what, ms, withinMs, told } = answer;
  const goal = withinMs === null ? '' : isSlow(answer) ? `; MISSED, within ${withinMs} ms` : `; within ${withinMs} ms`;
  return `${String(Math.round(ms)).padStart(7)} ms  ${what}: ${told}${goal}`;
}
