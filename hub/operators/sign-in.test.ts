import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENROL_KID, enrolRequestDocument } from '../../protocol/documents/kinds.ts';
import { nodeHashing, nodeSigner } from '../../protocol/node/crypto.ts';
import { toBase64url } from '../../protocol/primitives/base64url.ts';
import { ADA, BEN, EVE, type HubFixture, hubFixture } from '../../test/support/tiny-hub.ts';
import { fingerprintOf } from '../fleet/enrolment.ts';

/** People at the hub: signing in, rights, and enrolment that takes two. */

let hub: HubFixture;
beforeAll(async () => {
  hub = await hubFixture();
});
afterAll(() => hub.close());

const signIn = (payload: Record<string, string>, headers: Record<string, string> = {}) =>
  hub.app.inject({ method: 'POST', url: '/api/console/session', payload, headers });
const codeNow = () => new TOTP({ secret: ADA.totpSecret }).generate();
const post = (url: string, cookie: string, payload: object) =>
  hub.app.inject({ method: 'POST', url, payload, headers: { cookie } });

describe('signing in', () => {
  it.each([
    ['a wrong password', { user: 'ben', password: 'wrong' }, 'wrong-password'],
    ['nobody', { user: 'nobody', password: 'wrong' }, 'wrong-password'],
    ['no one-time code', { user: ADA.user, password: ADA.password }, 'code-needed'],
    ['a wrong one-time code', { user: ADA.user, password: ADA.password, code: '000000' }, 'wrong-code'],
  ])('refuses %s, with what to do', async (_name, payload, code) => {
    const answer = await signIn(payload);
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code, error: expect.any(String), whatToDo: expect.any(String) });
    expect(answer.cookies).toEqual([]);
  });

  it('takes a one-time code once', async () => {
    const payload = { user: ADA.user, password: ADA.password, code: codeNow() };
    expect((await signIn(payload)).json()).toMatchObject({ user: 'ada', role: 'operator' });
    expect((await signIn(payload)).json()).toMatchObject({ code: 'code-used' });
  });

  it('opens a session that ends when it is closed, and none for another site’s page', async () => {
    const cookie = await hub.signIn(BEN);
    const me = () => hub.app.inject({ url: '/api/console/me', headers: { cookie } });
    expect((await me()).json()).toMatchObject({ user: 'ben', county: { id: 'test' } });
    expect((await hub.app.inject({ url: '/api/console/me' })).json()).toMatchObject({ code: 'signed-out' });
    await hub.app.inject({ method: 'DELETE', url: '/api/console/session', headers: { cookie } });
    expect((await me()).statusCode).toBe(401);
    for (const headers of [{ origin: 'http://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      expect((await signIn({ user: BEN.user, password: BEN.password }, headers)).json()).toMatchObject({
        code: 'another-page',
      });
    }
  });

  it('stops somebody who tries again and again', async () => {
    for (let n = 0; n < 10; n++) await signIn({ user: 'mallory', password: `guess-${n}` });
    expect((await signIn({ user: 'mallory', password: 'guess' })).json()).toMatchObject({ code: 'too-many-tries' });
  });
});

describe('enrolment', () => {
  it('takes two people, one code, one key', async () => {
    const ben = await hub.signIn(BEN);
    const eve = await hub.signIn(EVE);
    expect((await post('/api/console/terminals', eve, { tid: 'k9', shop: 's1' })).json()).toMatchObject({
      code: 'not-your-right',
    });
    expect((await post('/api/console/terminals', ben, { tid: 'k9', shop: 's1' })).json()).toMatchObject({
      code: 'not-your-right',
    });
    const code = await waitForNextCode();
    const ada = await hub.signIn(ADA, code);
    expect((await post('/api/console/terminals', ada, { tid: 'K 9', shop: 's1' })).json()).toMatchObject({
      code: 'bad-tid',
    });
    expect((await post('/api/console/terminals', ada, { tid: 'k9', shop: 'no' })).json()).toMatchObject({
      code: 'unknown-shop',
    });
    const issued = (await post('/api/console/terminals', ada, { tid: 'k9', shop: 's1' })).json() as { code: string };
    expect((await post('/api/console/terminals', ada, { tid: 'k9', shop: 's1' })).json()).toMatchObject({
      code: 'tid-taken',
    });

    const ask = async (n: number, typed = issued.code, key?: string) => {
      const device = nodeSigner(ENROL_KID, new Uint8Array(32).fill(n));
      const payload = enrolRequestDocument.sign(
        { v: 1, code: typed, key: key ?? toBase64url(device.publicKey) },
        device,
      );
      return (await hub.app.inject({ method: 'POST', url: '/v1/enrol', payload })).json() as Record<string, string>;
    };
    expect(await ask(1, 'AAAA-AAAA-AAAA')).toMatchObject({ code: 'unknown-code' });
    expect(await ask(1, issued.code, toBase64url(new Uint8Array(32)))).toMatchObject({ code: 'weak-key' });
    expect(
      await ask(1, issued.code, toBase64url(nodeSigner(ENROL_KID, new Uint8Array(32).fill(2)).publicKey)),
    ).toMatchObject({ code: 'bad-request' });
    const fingerprint = fingerprintOf(nodeSigner(ENROL_KID, new Uint8Array(32).fill(1)).publicKey, nodeHashing);
    expect(await ask(1)).toEqual({ state: 'pending', tid: 'k9', fingerprint });
    expect(await ask(2)).toMatchObject({ code: 'other-key' });

    const confirm = (cookie: string, typed: string) =>
      post('/api/console/terminals/k9/confirm', cookie, { fingerprint: typed });
    expect((await confirm(ada, fingerprint)).json()).toMatchObject({ code: 'same-person' });
    expect((await confirm(eve, fingerprint)).json()).toMatchObject({ code: 'not-your-right' });
    expect((await confirm(ben, 'AAAA-BBBB-CCCC')).json()).toMatchObject({ code: 'other-fingerprint' });
    expect((await confirm(ben, fingerprint.toLowerCase())).json()).toEqual({ ok: true });
    expect((await confirm(ben, fingerprint)).json()).toMatchObject({ code: 'not-waiting' });
    const enrolled = await ask(1);
    expect(enrolled.state).toBe('enrolled');
    expect(await ask(1)).toEqual(enrolled);
    expect(await ask(2)).toMatchObject({ code: 'other-key' });
  }, 60_000);
});

/** Ada's code of this half minute is spent by the tests before; the one a step ahead is as good. */
async function waitForNextCode(): Promise<string> {
  return new TOTP({ secret: ADA.totpSecret }).generate({ timestamp: Date.now() + 30_000 });
}
