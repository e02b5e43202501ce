import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Act, KioskView } from '../../protocol/api/kiosk.ts';
import { MUTE } from '../../test/support/mute-voice.ts';
import { createAgentApp } from './app.ts';
import type { PageSource } from './page-source.ts';

/** The agent on localhost is an attack surface: who may ask, how, and what. */

const TOKEN = 'a-token-of-this-kiosk-only';
const HOST = '127.0.0.1:8710';
const acts: [string | null, Act][] = [];
const view: KioskView = {
  ...{ rev: 1, session: null, screen: 'attract', language: 'zh-CN', mmPx: 5.9, offline: false, notices: [] },
  place: { village: { zh: '', en: '' }, shop: { zh: '', en: '' } },
};
const page: PageSource = {
  view: () => view,
  act: (session, act) => acts.push([session, act]),
  onView: () => () => undefined,
};
let app: FastifyInstance;
beforeAll(async () => {
  app = await createAgentApp({
    logger: pino({ level: 'silent' }),
    page,
    guard: { token: TOKEN, cookieName: 'kiosk', port: () => 8710 },
    status: {
      name: 'x',
      version: '1',
      notReady: () => [{ code: 'frozen', says: 'The county has frozen this kiosk.' }],
      notices: () => [{ code: 'no-reader', says: 'No card reader.' }],
      metrics: new Registry(),
    },
    state: () => {
      throw new Error('a secret thing went wrong');
    },
    ...{ frameAncestors: [], pageDir: null, courier: () => null, voice: MUTE },
  });
});
afterAll(() => app.close());
beforeEach(() => acts.splice(0));

const bearer = { host: HOST, authorization: `Bearer ${TOKEN}` };
const act = (headers: Record<string, string>, payload: unknown = { session: null, act: { type: 'clerk' } }) =>
  app.inject({
    method: 'POST',
    url: '/api/act',
    headers: { 'content-type': 'application/json', ...headers },
    payload: payload as object,
  });

describe('the agent answers', () => {
  it('its own page', async () => {
    expect((await act(bearer)).statusCode).toBe(200);
    expect(
      (await act({ host: HOST, cookie: `kiosk=${TOKEN}`, origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' }))
        .statusCode,
    ).toBe(200);
    const filing = { type: 'case-file', code: 'goods-missing', ref: 'k1.1.2' } as const;
    expect((await act(bearer, { session: 's1', act: filing })).statusCode).toBe(200);
    expect(acts.at(-1)).toEqual(['s1', filing]);
    expect(acts).toHaveLength(3);
    const shown = await app.inject({ url: '/api/view', headers: bearer });
    expect(shown.json()).toEqual(view);
    expect(shown.headers['cache-control']).toBe('no-store');
  });

  it('the whole address once, and moves its token into a cookie no script reads', async () => {
    const first = await app.inject({ url: `/?token=${TOKEN}`, headers: { host: HOST } });
    expect(first.statusCode).toBe(303);
    expect(first.headers.location).toBe('/');
    expect(String(first.headers['set-cookie'])).toMatch(/HttpOnly.*SameSite=Strict/i);
  });
});

describe('the agent refuses', () => {
  it.each([
    ['another name for this machine (DNS rebinding)', { ...bearer, host: 'evil.example:8710' }, 421],
    ['another port', { ...bearer, host: '127.0.0.1:1' }, 421],
    ['another site’s page', { ...bearer, origin: 'http://evil.example' }, 403],
    ['another page of this machine', { ...bearer, origin: 'http://127.0.0.1:9999' }, 403],
    ['what a browser calls cross-site', { ...bearer, 'sec-fetch-site': 'cross-site' }, 403],
    ['what a browser calls same-site', { ...bearer, 'sec-fetch-site': 'same-site' }, 403],
    ['no token', { host: HOST }, 401],
    ['a wrong token', { host: HOST, authorization: 'Bearer wrong' }, 401],
    ['a cookie of another kiosk', { host: HOST, cookie: `other=${TOKEN}` }, 401],
    ['a form instead of JSON', { ...bearer, 'content-type': 'text/plain' }, 415],
  ] as const)('%s', async (_name, headers, status) => {
    const answer = await act(headers, headers.host === HOST && 'content-type' in headers ? 'x=1' : undefined);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(acts).toEqual([]);
  });

  it.each([
    ['an act it does not know', { session: null, act: { type: 'give-points' } }],
    ['an act with more than it takes', { session: null, act: { type: 'clerk', pts: 5 } }],
    ['an item that is no sku', { session: null, act: { type: 'item', sku: '../x' } }],
    ['a digit that is none', { session: null, act: { type: 'pin-digit', digit: 11 } }],
    ['a correction of a kind it does not know', { session: null, act: { type: 'case-about', code: 'revenge' } }],
    ['a correction that does not say about what', { session: null, act: { type: 'case-file', code: 'other' } }],
    ['no session field', { act: { type: 'clerk' } }],
    ['a digit as a word', { session: null, act: { type: 'pin-digit', digit: '1' } }],
    ['a session that is a number', { session: 5, act: { type: 'clerk' } }],
    ['nothing', null],
    ['a list', [{ session: null, act: { type: 'clerk' } }]],
  ])('%s', async (_name, payload) => {
    const answer = await act(bearer, payload);
    expect([answer.statusCode, answer.json()]).toEqual([400, expect.objectContaining({ code: 'bad-request' })]);
    expect(acts).toEqual([]);
  });

  it('too long a body', async () => {
    const answer = await act(bearer, { session: 'x'.repeat(5_000), act: { type: 'clerk' } });
    expect([answer.statusCode, acts]).toEqual([413, []]);
  });

  it('says why it cannot sell, in words; and nothing of what went wrong inside', async () => {
    const ready = await app.inject({ url: '/readyz', headers: { host: HOST } });
    expect([ready.statusCode, ready.json()]).toEqual([
      503,
      {
        ...{ ready: false, reasons: [{ code: 'frozen', says: 'The county has frozen this kiosk.' }] },
        notices: [{ code: 'no-reader', says: 'No card reader.' }],
      },
    ]);
    const broken = await app.inject({ url: '/api/state', headers: bearer });
    expect(broken.statusCode).toBe(500);
    expect(broken.body).not.toContain('secret');
    expect((await app.inject({ url: '/api/view', headers: { host: HOST } })).statusCode).toBe(401);
  });
});
