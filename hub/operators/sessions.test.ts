import { TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { COOKIE, openTestHub, PUBLIC_URL, START_MS, type TestHub } from '../../test/support/hub-fixture.ts';
import { PASSWORD, TOTP_SECRET } from '../../test/support/tiny-county.ts';
import { SESSION_LIFE_MS } from './sign-in.ts';

/** People’s sessions under a clock of the test’s own: what ends, what counts, who may. */

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());
beforeEach(() => {
  hub.clock.ms += 3_600_000;
});

const api = '/api/console';
const codeAt = (ms: number) => new TOTP({ secret: TOTP_SECRET }).generate({ timestamp: ms });
const signIn = (user: string, more: object = {}) =>
  hub.now.app.inject({
    ...{ method: 'POST', url: `${api}/session`, payload: { user, password: PASSWORD, ...more } },
  });
async function cookieOf(user: string): Promise<string> {
  const cookie = (await signIn(user)).cookies.find((each) => each.name === COOKIE);
  return `${COOKIE}=${cookie?.value}`;
}
const get = (path: string, cookie: string) => hub.now.app.inject({ url: `${api}${path}`, headers: { cookie } });
const codeOf = async (answer: ReturnType<typeof signIn>) => (await answer).json().code as string | undefined;

describe('a session', () => {
  it('lasts eight hours, to the millisecond, whatever the browser keeps', async () => {
    const cookie = await cookieOf('ann');
    hub.clock.ms += SESSION_LIFE_MS - 1;
    expect((await get('/me', cookie)).statusCode).toBe(200);
    hub.clock.ms += 1;
    expect((await get('/me', cookie)).statusCode).toBe(401);
  });

  it('is a cookie no script reads and no other site sends, and the store knows only its hash', async () => {
    const answer = await signIn('ann');
    const cookie = answer.cookies.find((each) => each.name === COOKIE);
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/' });
    const stored = hub.sql((db) => db.prepare('SELECT hex(token_hash) AS hash FROM sessions').all()) as {
      hash: string;
    }[];
    for (const form of [String(cookie?.value), Buffer.from(String(cookie?.value), 'base64url').toString('hex')]) {
      expect(JSON.stringify(stored)).not.toContain(form.toUpperCase());
    }
  });

  it('is of use to nobody who forges one', async () => {
    for (const cookie of [`${COOKIE}=`, `${COOKIE}=x`, `${COOKIE}=' OR 1=1 --`, 'other=1', '']) {
      expect((await get('/home', cookie)).statusCode).toBe(401);
    }
  });

  it('survives a restart of the hub, and is gone once closed', async () => {
    const cookie = await cookieOf('bob');
    await hub.restart();
    expect((await get('/me', cookie)).statusCode).toBe(200);
    await hub.now.app.inject({ method: 'DELETE', url: `${api}/session`, headers: { cookie } });
    expect((await get('/me', cookie)).statusCode).toBe(401);
  });
});

describe('a one-time code', () => {
  it('is spent once used, and so is the one before it, also for a hub that started again', async () => {
    const now = hub.clock.ms;
    expect((await signIn('tom', { code: codeAt(now) })).statusCode).toBe(200);
    expect(await codeOf(signIn('tom', { code: codeAt(now - 30_000) }))).toBe('code-used');
    await hub.restart();
    expect(await codeOf(signIn('tom', { code: codeAt(now) }))).toBe('code-used');
  });
});

describe('tries', () => {
  it('from one address are sixty a minute', async () => {
    const codes: number[] = [];
    for (let n = 0; n < 61; n++) codes.push((await signIn('x'.repeat(41))).statusCode);
    expect(codes.at(-1)).toBe(429);
    await hub.restart();
  });
});

describe('who may', () => {
  it.each([
    ['our own page behind TLS', { origin: PUBLIC_URL }, 200],
    ['our own page without it', { origin: 'http://localhost:80', host: 'localhost:80' }, 200],
    ['no page at all', {}, 200],
    ['another site', { origin: 'https://evil.example' }, 403],
    ['another site that says it is none', { origin: 'null' }, 403],
    ['another port', { origin: `${PUBLIC_URL}:8443` }, 403],
    ['a sister site', { 'sec-fetch-site': 'same-site' }, 403],
    ['another site by its browser’s word', { origin: PUBLIC_URL, 'sec-fetch-site': 'cross-site' }, 403],
  ])('%s may ask for a change: %j %i', async (_what, headers, status) => {
    const answer = await hub.now.app.inject({ method: 'DELETE', url: `${api}/session`, headers: { ...headers } });
    expect(answer.statusCode).toBe(status);
  });

  it.each([
    ['eve', '/terminals', { tid: 'k5', shop: 's1' }],
    ['eve', '/terminals/k5/confirm', { fingerprint: 'x' }],
    ['bob', '/terminals', { tid: 'k5', shop: 's1' }],
  ])('%s may not post %s', async (user, path, payload) => {
    const cookie = await cookieOf(user);
    const answer = await hub.now.app.inject({ method: 'POST', url: `${api}${path}`, headers: { cookie }, payload });
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'not-your-right']);
    expect(hub.sql((db) => db.prepare('SELECT count(*) FROM terminals').pluck().get())).toBe(0);
  });

  it.each(['/home', '/shops', '/balances', '/records', '/records/k1.1.1', '/terminals', '/me'])(
    '%s is for people who are signed in',
    async (path) => {
      expect((await get(path, '')).statusCode).toBe(401);
      const signedIn = await get(path, await cookieOf('eve'));
      expect([200, 404]).toContain(signedIn.statusCode);
    },
  );

  it('each sign-in leaves a line that nobody can take away', async () => {
    const lines = () =>
      hub.sql((db) => db.prepare("SELECT count(*) FROM audit WHERE act = 'signed-in' AND user = 'ann'").pluck().get());
    const before = Number(lines());
    await signIn('ann');
    expect(lines()).toBe(before + 1);
    expect(hub.clock.ms).toBeGreaterThan(START_MS);
  });
});
