import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TerminalRow } from '../protocol/api/console.ts';
import { signDetached } from '../protocol/jws/compact.ts';
import { nodeVerifying } from '../protocol/node/crypto.ts';
import type { Carried } from '../protocol/sync/courier.ts';
import { SYNC_LIMITS } from '../protocol/sync/messages.ts';
import { hubKeysOf } from '../terminal/journal/hub-keys.ts';
import { takeAnswer, writeBundles } from '../terminal/sync/courier.ts';
import { packRequest } from '../terminal/sync/envelope.ts';
import { enrolTerminal, inject } from './support/fake-terminal.ts';
import { COOKIE, hubSigner, openTestHub, type TestHub } from './support/hub-fixture.ts';
import { kioskAtHub } from './support/hub-kiosk.ts';
import type { KioskFixture } from './support/kiosk-fixture.ts';
import { PASSWORD } from './support/tiny-county.ts';

/** A kiosk that no network reaches, its stick, and the person who carries it: the kiosk's own outbox, the hub's own routes. */

const DAY_MS = 86_400_000;

let hub: TestHub;
let kiosk: Awaited<ReturnType<typeof kioskAtHub>>;
let ann = '';
beforeEach(async () => {
  hub = await openTestHub();
  kiosk = await kioskAtHub(hub);
  ann = await signedIn('ann');
});
afterEach(() => hub.close());

async function signedIn(user: string): Promise<string> {
  const payload = { user, password: PASSWORD };
  const answer = await hub.now.app.inject({ method: 'POST', url: '/api/console/session', payload });
  return `${COOKIE}=${answer.cookies.find((each) => each.name === COOKIE)?.value}`;
}
const bundlesOf = (from: KioskFixture): readonly Carried[] => writeBundles(from.outbox, from.signer).bundles;
function only(from: KioskFixture): Carried {
  const [bundle, ...more] = bundlesOf(from);
  if (bundle === undefined || more.length > 0) throw new Error('not one bundle');
  return bundle;
}
async function bring({ body, signature }: Carried, cookie = ann) {
  const payload = { body: Buffer.from(body).toString('base64'), signature };
  const answer = await hub.now.app.inject({
    ...{ method: 'POST', url: '/api/console/courier', headers: { cookie }, payload },
  });
  const { code, answer: back } = answer.json() as { code?: string; answer?: { body: string; signature: string } };
  const carried = { body: Buffer.from(back?.body ?? '', 'base64'), signature: back?.signature ?? '' };
  return { status: answer.statusCode, code, carried };
}
const take = (carried: Carried, at: KioskFixture = kiosk) =>
  takeAnswer(carried, at.epoch, at.outbox, hubKeysOf(at.store, at.epoch), nodeVerifying);
/** There and back. */
async function errand(from: KioskFixture = kiosk) {
  for (const bundle of bundlesOf(from)) expect(take((await bring(bundle)).carried, from).ok).toBe(true);
}
const ledger = () =>
  hub.sql((db) => db.prepare('SELECT id, debit, credit, amount FROM transfers ORDER BY id').all()) as { id: string }[];
const records = () => (hub.sql((db) => db.prepare('SELECT count(*) AS n FROM records').get()) as { n: number }).n;
/** Enrolled, told what it needs, and open for business: all of it by stick. */
async function openShop() {
  await errand();
  kiosk.till.open();
  expect([kiosk.journal.allowance('r1').G, kiosk.book.catalogue() !== null]).toEqual([200, true]);
}
const sell = (from: KioskFixture = kiosk) => from.sell(1, { acct: 'r1', sku: 'salt', pts: 3 });

describe('a kiosk offline for long', () => {
  it('is shown with the age of its bundle; only what comes by net says anything about its clock', async () => {
    const k9 = await enrolTerminal(hub, 'k9');
    const body = k9.body([], { via: 'courier', health: { paper: 'ok', clock: hub.clock.ms - 3 * DAY_MS } });
    const bundle = { body, signature: signDetached('tally-sync', body, k9.signer) };
    const shown = async () => {
      const answer = await hub.now.app.inject({
        method: 'GET',
        url: '/api/console/terminals',
        headers: { cookie: await signedIn('ann') },
      });
      return (answer.json() as { rows: TerminalRow[] }).rows.find(({ tid }) => tid === 'k9')?.health;
    };
    expect((await bring(bundle)).status).toBe(200);
    expect(await shown()).toEqual({ paper: 'ok', onStickMs: 3 * DAY_MS });
    await k9.sync([], { health: { paper: 'ok', clock: hub.clock.ms + 95_000 } });
    expect(await shown()).toEqual({ paper: 'ok', clockOffMs: 95_000 });
    hub.clock.ms += DAY_MS;
    // A request that says nothing of it leaves what was known as it was known.
    await k9.sync([]);
    expect(await shown()).toEqual({ paper: 'ok', clockOffMs: 95_000 });
  });

  it('carries all its records by stick and gets its grants back', async () => {
    await openShop();
    for (let i = 0; i < 40; i++) expect(sell().ok).toBe(true);
    await errand();
    expect([records(), kiosk.outbox.unsent()]).toEqual([41, 0]);
    expect(kiosk.journal.allowance('r1').G, 'topped up by what was sold').toBe(300);
    expect(kiosk.store.verdict(1, 41)?.stage).toBe('matched');
    expect(hub.sql((db) => db.prepare("SELECT user, subject FROM audit WHERE act = 'courier'").all())).toContainEqual({
      ...{ user: 'ann', subject: 'k1.1' },
    });
  });

  it('writes as many bundles as it takes; one that is lost is carried again', async () => {
    await openShop();
    for (let i = 0; i < 2 * SYNC_LIMITS.records + 50; i++) kiosk.till.stock('count', [{ sku: 'salt', qty: 1 }], 'c1');
    const all = kiosk.journal.head().seq;
    const { bundles, left } = writeBundles(kiosk.outbox, kiosk.signer);
    expect([bundles.length, left]).toEqual([3, 0]);
    expect(kiosk.outbox.courier(2).left).toBe(all - 2 * SYNC_LIMITS.records);
    const [first, , third] = bundles as [Carried, Carried, Carried];
    expect(take((await bring(third)).carried).ok).toBe(true);
    expect([kiosk.outbox.hub().seq, kiosk.outbox.unsent()], 'a gap waits').toEqual([0, all]);
    expect(take((await bring(first)).carried).ok).toBe(true);
    expect(kiosk.outbox.hub().seq).toBe(SYNC_LIMITS.records);
    await errand();
    expect([kiosk.outbox.unsent(), records()]).toEqual([0, all]);
  });

  it('takes its answer also after a restart, and once', async () => {
    await openShop();
    sell();
    const { carried } = await bring(only(kiosk));
    const later = kiosk.again();
    sell(later);
    expect(take(carried, later).ok).toBe(true);
    expect(later.outbox.hub().seq).toBe(2);
    const again = kiosk.again();
    expect([take(carried, again), take(carried, later)]).toEqual([
      { ok: false, code: 'not-asked' },
      { ok: false, code: 'not-asked' },
    ]);
    expect(again.outbox.unsent()).toBe(1);
  });

  it('learns by stick that it is frozen; older word does not undo a newer one', async () => {
    await openShop();
    const [before, during] = [only(kiosk), only(kiosk)];
    const good = (await bring(before)).carried;
    hub.clock.ms += 1_000;
    await hub.now.acts.freeze('k1', 1, 'ann');
    take((await bring(during)).carried);
    expect(kiosk.outbox.hubState()).toBe('frozen');
    expect([take(good).ok, kiosk.outbox.hubState()]).toEqual([true, 'frozen']);
  });

  it('that was rolled back stops selling by a stick too; but no stick confirms a head', async () => {
    await openShop();
    await errand();
    expect(kiosk.outbox.headConfirmed()).toBe(false);
    const { carried } = await bring(only(kiosk));
    const said = JSON.parse(Buffer.from(carried.body).toString());
    // As the hub would say it to a copy of this kiosk that has sold less than the other one.
    const ahead = { ...said, stored: { ep: 1, seq: 9, head: 'Z'.repeat(43) } };
    expect(take(packRequest(ahead, hubSigner)).ok).toBe(true);
    expect(kiosk.outbox.rolledBack()).toBe(true);
  });

  it('asks nothing of who stands at it, and carries no PIN', async () => {
    kiosk.outbox.visit('uid', '04a1b2c3d4e5f6');
    kiosk.store.addPin({ id: 'p', token: 't', salt: 's', scrypt: 'x', clerk: 'c1', at: 1 });
    const { body } = only(kiosk);
    expect(Buffer.from(body).toString()).not.toContain('04a1b2c3d4e5f6');
    expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({ via: 'courier', pins: [], want: { visits: [] } });
  });

  it('of a hub that began anew: its older sticks count no more', async () => {
    await openShop();
    const old = only(kiosk);
    const { carried } = await bring(old);
    const fresh = { inc: 'inc-2', stored: { ep: 1, seq: 0, head: kiosk.epoch.enrolmentHash }, reported: false };
    kiosk.told(fresh);
    expect([kiosk.outbox.inc(), take(carried)]).toEqual(['inc-2', { ok: false, code: 'not-asked' }]);
  });
});

describe('a stick', () => {
  it('that comes twice changes nothing', async () => {
    await openShop();
    sell();
    const bundle = only(kiosk);
    const first = await bring(bundle);
    const stood = [ledger(), records()];
    const second = await bring(bundle);
    expect([ledger(), records()]).toEqual(stood);
    expect(second.status).toBe(200);
    expect([take(second.carried).ok, take(first.carried)]).toEqual([true, { ok: false, code: 'not-asked' }]);
    expect(kiosk.outbox.hub().seq).toBe(2);
  });

  it('that was tampered with is refused, each way', async () => {
    await openShop();
    sell();
    const bundle = only(kiosk);
    const body = Buffer.from(Buffer.from(bundle.body).toString().replace('"pins":[]', '"pins":[ ]'));
    expect(await bring({ ...bundle, body })).toMatchObject({ status: 409, code: 'bad-signature' });
    expect(await bring({ body: Buffer.from('{}'), signature: 'x..y' })).toMatchObject({ code: 'bad-signature' });
    expect(records()).toBe(0);
    const { carried } = await bring(bundle);
    const changed = Buffer.from(Buffer.from(carried.body).toString().replace('"state":"open"', '"state":"ended"'));
    expect(take({ ...carried, body: changed })).toEqual({ ok: false, code: 'not-our-hub' });
    expect(take({ ...carried, signature: packRequest({} as never, kiosk.signer).signature }).ok).toBe(false);
    expect(take(carried).ok).toBe(true);
  });

  it('that a stranger found gets nothing out of the hub', async () => {
    await openShop();
    const { body, signature } = only(kiosk);
    const net = await inject(hub, '/v1/terminals/k1/sync', Buffer.from(body), { 'tally-signature': signature });
    expect([net.statusCode, net.json().code]).toEqual([403, 'courier-by-net']);
    expect(await bring({ body, signature }, '')).toMatchObject({ status: 401, code: 'signed-out' });
    expect(await bring({ body, signature }, await signedIn('eve'))).toMatchObject({ status: 403 });
    const page = { cookie: ann, origin: 'https://elsewhere.example' };
    const url = '/api/console/courier';
    const foreign = await hub.now.app.inject({
      method: 'POST',
      url,
      headers: page,
      payload: { body: 'e30=', signature },
    });
    expect(foreign.statusCode).toBe(403);
  });

  it('with a stranger’s megabytes is refused before they are read', async () => {
    const payload = { body: 'A'.repeat(1_000_000), signature: 'x' };
    const answer = await hub.now.app.inject({ method: 'POST', url: '/api/console/courier', payload });
    expect(answer.statusCode).toBe(401);
  });

  it('with what was meant for the network is refused', async () => {
    const { body, signature } = packRequest(kiosk.outbox.request(), kiosk.signer);
    expect(await bring({ body, signature })).toMatchObject({ status: 409, code: 'not-a-bundle' });
  });

  it('with the answer for another kiosk is not taken', async () => {
    const other = await enrolTerminal(hub, 'k2', 's2');
    const body = other.body([other.open()], { via: 'courier' });
    const { status, carried } = await bring({
      body,
      signature: packRequest(JSON.parse(body.toString()), other.signer).signature,
    });
    expect([status, take(carried)]).toEqual([200, { ok: false, code: 'another-kiosk' }]);
  });
});
