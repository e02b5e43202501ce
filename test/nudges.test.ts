import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NUDGES_HEADER, nudgesDocument } from '../protocol/documents/kinds.ts';
import { nodeSigner, nodeVerifying } from '../protocol/node/crypto.ts';
import { hubKeysOf } from '../terminal/journal/hub-keys.ts';
import { exchange } from '../terminal/sync/exchange.ts';
import { createListener } from '../terminal/sync/listener.ts';
import { createSyncLoop } from '../terminal/sync/sync-loop.ts';
import { enrolTerminal } from './support/fake-terminal.ts';
import { openTestHub, type TestHub } from './support/hub-fixture.ts';
import { kioskAtHub } from './support/hub-kiosk.ts';

/** Nudges from a hub that listens to a kiosk's own loop, over loopback. Whoever waits here waits on what happened. */

const MINUTE_MS = 60_000;
let hub: TestHub;
let url = '';
const stops: (() => void)[] = [];
beforeEach(async () => {
  hub = await openTestHub({ pollMs: MINUTE_MS });
  url = await hub.now.app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await hub.close();
});

/** The kiosk of the first shop at work; `until` resolves once an answer left it so. */
async function working() {
  const kiosk = await kioskAtHub(hub);
  const waiting: { holds: () => boolean; done: () => void }[] = [];
  const heard = { nudges: 0, answers: 0 };
  const pace = { random: () => 0, maxBackoffMs: MINUTE_MS };
  const listener = createListener({
    ...{ url, tid: 'k1', ep: 1, signer: kiosk.signer, ...pace, hubNowMs: () => hub.clock.ms++ },
    onNudge: () => {
      heard.nudges += 1;
      loop.heed();
    },
  });
  const loop = createSyncLoop({
    ...{ outbox: kiosk.outbox, listener, monotonicMs: () => performance.now(), ...pace },
    ask: (request) =>
      exchange(request, kiosk.signer, { url, keys: () => hubKeysOf(kiosk.store, kiosk.epoch) }, nodeVerifying),
    onAnswer(_response, { recalls }) {
      heard.answers += 1;
      kiosk.till.open();
      if (recalls.map((recall) => kiosk.till.answerRecall(recall)).some((each) => each?.ok)) loop.nudge();
      for (const each of waiting) if (each.holds()) each.done();
    },
    onChange: () => undefined,
    log: () => undefined,
  });
  stops.push(() => loop.stop());
  const until = (holds: () => boolean) =>
    new Promise<void>((done) => {
      if (holds()) done();
      else waiting.push({ holds, done });
    });
  loop.start();
  await until(() => heard.nudges > 0 && kiosk.outbox.hub().seq === 1);
  return { kiosk, heard, until, loop };
}

describe('a kiosk that would ask once a minute', () => {
  it('gives points back as soon as a visitor elsewhere wants them, and the visitor gets them', async () => {
    await hub.now.store.books.write(async (books) => {
      const county = await books.get('counties', {});
      if (county === undefined) throw new Error('no county');
      // More than lies free at the hub beside what the home kiosk holds.
      const policyJson = JSON.stringify({ ...JSON.parse(county.policyJson), visitPts: 150 });
      await books.put('counties', [{ ...county, policyJson }]);
    });
    const { kiosk, until } = await working();
    const away = await enrolTerminal(hub, 'k2', 's2');
    await away.sync([away.open()]);
    expect(kiosk.journal.allowance('r1').G).toBe(200);
    const want = { judged: 0, roster: 0, catalogue: 0, hotlist: 0, policy: 0 };
    const visits = [{ rid: 'r', kind: 'uid', uid: '04a1b2c3d4e5f6' }];
    const asked = await away.sync([], { want: { visits, ...want } });
    expect(asked.visits[0]?.more, 'part of it lies at home').toBe(true);
    await until(() => kiosk.journal.allowance('r1').R > 0 && kiosk.outbox.unsent() === 0);
    const before = Math.max(0, asked.visits[0]?.grantedPts ?? 0);
    const wait = await hub.now.store.books.read((books) => books.list('waits', 'ofChain', { tid: 'k2', ep: 1 }));
    expect(wait).toHaveLength(1);
    await away.sync([], { want: { visits: [], ...want } });
    const row = await hub.now.store.books.read((books) => books.get('allowances', { tid: 'k2', ep: 1, acct: 'r1' }));
    expect(row?.g).toBeGreaterThan(before);
  });

  it('stops at once when it is frozen, and hears no more once it is revoked', async () => {
    const { kiosk, until } = await working();
    await hub.now.acts.freeze('k1', 1, 'ann');
    await until(() => kiosk.outbox.hubState() === 'frozen');
    const act = await hub.now.acts.propose('revoke-epoch', 'k1.1', { tid: 'k1', ep: 1 } as never, 'ann');
    expect((await hub.now.acts.approve(act, 'bob')).ok).toBe(true);
    await until(() => kiosk.outbox.hubState() === 'revoked');
    expect(hub.now.nudges.size()).toBe(0);
  });

  it('hears again after its stream dropped, and after the hub was away', async () => {
    const { kiosk, until, heard } = await working();
    hub.now.app.server.closeAllConnections();
    const before = heard.nudges;
    await until(() => heard.nudges > before);
    await hub.now.acts.freeze('k1', 1, 'ann');
    await until(() => kiosk.outbox.hubState() === 'frozen');
  });
});

describe('the hub', () => {
  const open = (tid: string, seed: number, at = hub.clock.ms) => {
    const signer = nodeSigner(`${tid}.1`, new Uint8Array(32).fill(seed));
    const asked = nudgesDocument.sign({ v: 1, tid, ep: 1, at }, signer);
    return fetch(`${url}/v1/terminals/${tid}/nudges`, { headers: { [NUDGES_HEADER]: asked } });
  };

  it('opens no stream for a wrong key, or without one', async () => {
    await kioskAtHub(hub);
    const wrong = await open('k1', 9);
    expect([wrong.status, ((await wrong.json()) as { code: string }).code]).toEqual([401, 'bad-signature']);
    const none = await fetch(`${url}/v1/terminals/k1/nudges`);
    expect([none.status, hub.now.nudges.size()]).toEqual([401, 0]);
    await none.body?.cancel();
  });

  it('says "ask" and nothing else, and closes its streams when it stops', async () => {
    await kioskAtHub(hub);
    const answer = await open('k1', 101);
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('data')) text += (await reader?.read())?.value ?? '';
    expect(text).toBe(': listening\n\ndata: ask\n\n');
    const closed = hub.now.app.close();
    for (let done = false; !done; ) done = (await reader?.read())?.done ?? true;
    await closed;
    expect(hub.now.nudges.size()).toBe(0);
  });
});
