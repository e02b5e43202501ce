import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SyncRequest } from '../../protocol/sync/messages.ts';
import { kioskFixture } from '../../test/support/kiosk-fixture.ts';
import { MAX_BACKOFF_MS } from './backoff.ts';
import type { Exchanged } from './envelope.ts';
import { watchLink } from './link-watch.ts';
import { createSyncLoop, HEED_EVERY_MS } from './sync-loop.ts';

/** When a kiosk asks its hub, on a clock that only the test moves. */

const POLL_MS = 60_000;
type Refused = Extract<Exchanged, { ok: false }>;
const unreachable: Refused = { ok: false, code: 'unreachable', says: 'ECONNREFUSED' };
const busy = (retryAfterMs: number): Refused => ({ ok: false, code: 'refused', says: '429', retryAfterMs });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function setup(random = 1 - Number.EPSILON) {
  const kiosk = kioskFixture().stocked();
  /** Seconds of the clock at which it asked. */
  const asked: number[] = [];
  const requests: SyncRequest[] = [];
  const heard: string[] = [];
  const began = Date.now();
  const hub = { says: null as Refused | Error | null, takesMs: 0, patch: {} };
  const loop = createSyncLoop({
    ...{ outbox: kiosk.outbox, monotonicMs: () => Date.now(), random: () => random, maxBackoffMs: MAX_BACKOFF_MS },
    listener: { start: () => heard.push('listen'), stop: () => heard.push('deaf') },
    async ask(request) {
      // To the hundredth: a timer of nothing takes a millisecond.
      asked.push(Math.round((Date.now() - began) / 10) / 100);
      requests.push(request);
      if (hub.takesMs > 0) await new Promise((done) => setTimeout(done, hub.takesMs));
      if (hub.says instanceof Error) throw hub.says;
      return hub.says ?? { ok: true, response: kiosk.answer(request, { retryAfter: POLL_MS, ...hub.patch }) };
    },
    onAnswer: () => heard.push('answer'),
    onChange: () => heard.push('change'),
    log: (says) => heard.push(says.split('\n')[0] ?? ''),
  });
  return { kiosk, asked, requests, heard, hub, loop, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) };
}

describe('a kiosk asks', () => {
  it('at its start, and then as often as the hub says; never once it was stopped', async () => {
    const { loop, asked, pass } = setup();
    loop.start();
    await pass(2 * POLL_MS + 1);
    expect(asked).toEqual([0, 60, 120]);
    loop.stop();
    loop.nudge();
    await pass(3 * POLL_MS);
    expect(asked).toHaveLength(3);
  });

  it('says how it is with every question', async () => {
    const { loop, requests, pass } = setup();
    loop.start();
    await pass(1);
    expect(requests[0]?.health).toEqual({ sw: 'test' });
  });

  it('at once with a new record, and with what was written while it asked', async () => {
    const { loop, asked, requests, hub, kiosk, pass } = setup();
    loop.start();
    await pass(10_000);
    hub.takesMs = 400;
    kiosk.sell();
    loop.nudge();
    await pass(100);
    kiosk.sell();
    loop.nudge();
    await pass(5_000);
    expect(asked).toEqual([0, 10, 10.4]);
    expect(requests.map(({ records }) => records.length)).toEqual([0, 2, 1]);
  });

  it('at once again while there is more to send or to fetch, not where the hub only repeats itself', async () => {
    const { loop, asked, hub, kiosk, pass } = setup();
    kiosk.sell();
    hub.patch = { retryAfter: 0 };
    loop.start();
    await pass(450);
    expect(asked, 'once for what moved, then no faster than a kiosk may').toEqual([0, 0, 0.2, 0.4]);
  });

  it.each([
    [0, [0, 0, 0, 0, 0, 0]],
    [0.5, [0, 1, 3, 7, 15, 31]],
    [1 - Number.EPSILON, [0, 2, 6, 14, 30, 62]],
  ])('with full jitter while nobody answers (random %d)', async (random, times) => {
    const { loop, asked, hub, pass } = setup(random);
    hub.says = unreachable;
    loop.start();
    await pass(random === 0 ? 5 : (times[times.length - 1] as number) * 1_000 + 10);
    expect(asked.slice(0, 6).map(Math.round)).toEqual(times);
  });

  it('at least every quarter of an hour, and calmly from the beginning after the hub was there again', async () => {
    const { loop, asked, hub, pass } = setup();
    hub.says = unreachable;
    loop.start();
    await pass(3_600_000 * 2);
    const gaps = asked.slice(1).map((at, i) => Math.round(at - (asked[i] ?? 0)));
    expect(Math.max(...gaps)).toBe(MAX_BACKOFF_MS / 1_000);
    hub.says = null;
    loop.nudge();
    await pass(1_000);
    hub.says = unreachable;
    asked.splice(0);
    await pass(POLL_MS + 3_000);
    expect(Math.round((asked[1] ?? 0) - (asked[0] ?? 0))).toBe(2);
  });

  it('and counts what came of it: tries, failures by code, the wait, the age of the last answer', async () => {
    const { loop, hub, pass } = setup();
    const none = { unreachable: 0, refused: 0, 'not-our-hub': 0, internal: 0 };
    expect(loop.health()).toEqual({ attempts: 0, failures: none, sinceSuccessMs: null, fault: null, backoffMs: 0 });
    hub.says = unreachable;
    loop.start();
    await pass(1);
    expect(loop.health()).toMatchObject({ attempts: 1, failures: { ...none, unreachable: 1 }, sinceSuccessMs: null });
    expect(loop.health()).toMatchObject({ fault: 'unreachable', backoffMs: 1_999 });
    hub.says = busy(30_000);
    await pass(2_001);
    expect(loop.health()).toMatchObject({ attempts: 2, fault: 'refused', backoffMs: 30_000 });
    hub.says = new Error('a fault of ours');
    await pass(30_000);
    expect(loop.health()).toMatchObject({
      attempts: 3,
      fault: 'internal',
      failures: { ...none, unreachable: 1, refused: 1, internal: 1 },
    });
    hub.says = null;
    loop.nudge();
    await pass(1);
    expect(loop.health()).toMatchObject({ attempts: 4, fault: null, backoffMs: 0 });
    await pass(5_000);
    expect(Math.round((loop.health().sinceSuccessMs ?? 0) / 1_000)).toBe(5);
  });

  it('at once where it waited and a record, or the link, is new', async () => {
    const { loop, asked, hub, pass } = setup();
    hub.says = unreachable;
    loop.start();
    await pass(20_000);
    const before = asked.length;
    loop.nudge();
    await pass(1);
    expect(asked.slice(before)).toEqual([20]);
  });

  it('no sooner than a busy hub wants it, not even with a new record or a nudge', async () => {
    const { loop, asked, hub, heard, pass } = setup(0);
    hub.says = busy(30_000);
    loop.start();
    await pass(1_000);
    hub.says = null;
    loop.nudge();
    loop.heed();
    await pass(28_900);
    expect(asked).toEqual([0]);
    expect(heard, 'the stream of a busy hub is left alone').not.toContain('deaf');
    await pass(200);
    expect(asked).toEqual([0, 30]);
  });

  it('after a quarter of an hour at the latest, whatever a stranger’s Retry-After or an answer says', async () => {
    const { loop, asked, hub, pass } = setup(0);
    hub.says = busy(1e15);
    loop.start();
    await pass(MAX_BACKOFF_MS + 1);
    hub.says = null;
    hub.patch = { retryAfter: 2 ** 40 };
    expect(asked).toEqual([0, 900]);
    await pass(MAX_BACKOFF_MS + 1);
    await pass(MAX_BACKOFF_MS + 1);
    expect(asked).toEqual([0, 900, 1800, 2700]);
  });

  it('again after a fault of its own, which it logs', async () => {
    const { loop, asked, heard, hub, pass } = setup(0);
    hub.says = new Error('disk full');
    loop.start();
    await pass(1);
    hub.says = null;
    await pass(1_000);
    expect([asked.length, heard.filter((each) => each.includes('disk full')).length, loop.online()]).toEqual([
      2,
      1,
      true,
    ]);
  });
});

describe('nudges', () => {
  it('make it ask at once; a storm of them does not make a storm of questions', async () => {
    const { loop, asked, pass } = setup();
    loop.start();
    await pass(10_000);
    for (let i = 0; i < 1_000; i++) {
      loop.heed();
      await pass(1);
    }
    await pass(HEED_EVERY_MS + 1);
    expect(asked).toEqual([0, 10, 10.5, 11]);
  });

  it('that come while it asks are worth one question more', async () => {
    const { loop, asked, hub, pass } = setup();
    hub.takesMs = 2_000;
    loop.start();
    await pass(1_000);
    for (let i = 0; i < 50; i++) loop.heed();
    await pass(20_000);
    expect(asked).toEqual([0, 2]);
  });

  it('are listened for while the hub answers and may use this kiosk', async () => {
    const { loop, heard, hub, pass } = setup(0);
    loop.start();
    await pass(1);
    expect(heard.splice(0)).toEqual(['change', 'answer', 'listen']);
    hub.patch = { state: 'revoked' };
    loop.nudge();
    await pass(1);
    expect(heard.splice(0)).toEqual(['answer', 'deaf']);
    hub.says = unreachable;
    loop.nudge();
    await pass(0);
    expect(heard.splice(0, 3)).toEqual(['hub: unreachable ECONNREFUSED', 'change', 'deaf']);
  });
});

it('a link that comes up is told once; one that goes down, or stays, is not', async () => {
  let addresses: string[] = [];
  let told = 0;
  const watch = watchLink(
    () => addresses,
    () => (told += 1),
  );
  const look = () => vi.advanceTimersByTimeAsync(2_001);
  await look();
  addresses = ['10.0.0.7'];
  await look();
  await look();
  expect(told).toBe(1);
  addresses = [];
  await look();
  expect(told).toBe(1);
  addresses = ['10.0.0.8'];
  await look();
  expect(told).toBe(2);
  watch.stop();
});
