import { describe, expect, it } from 'vitest';
import { DAY_MS, epochRow, HOUR_MS, kioskFixture, NOON, policy } from '../../test/support/kiosk-fixture.ts';
import { createClock } from './clock.ts';
import { memoryStore } from './memory-store.ts';
import { type TimeSources, trustedTime } from './trusted-time.ts';

const MINUTE_MS = 60_000;
const LIMIT_MS = 12 * HOUR_MS;

describe('trusted time', () => {
  const sources: TimeSources = { lastRecordAt: NOON, hub: null, known: null, monotonicMs: 0, wallMs: NOON };
  const heard = (at: number, monotonicMs = 0) => ({ at, monotonicMs });
  const table: readonly (readonly [what: string, change: Partial<TimeSources>, at: number, sure: boolean])[] = [
    ['before anything is known: the machine’s clock', { lastRecordAt: 0, wallMs: 5 }, 5, true],
    ['the machine a little ahead', { wallMs: NOON + HOUR_MS }, NOON + HOUR_MS, true],
    ['ahead by just what is believed', { wallMs: NOON + LIMIT_MS }, NOON + LIMIT_MS, true],
    ['ahead by a millisecond more', { wallMs: NOON + LIMIT_MS + 1 }, NOON, false],
    ['ahead by years', { wallMs: NOON + 4_000 * DAY_MS }, NOON, false],
    ['a step back is clamped', { wallMs: NOON - 3 * DAY_MS }, NOON, true],
    ['a dead clock', { wallMs: 0 }, NOON, true],
    ['a dead clock, while this start runs on', { wallMs: 0, known: heard(NOON), monotonicMs: 7 }, NOON + 7, true],
    ['the hub, by monotonic time since', { hub: heard(NOON, 10), monotonicMs: 15 }, NOON + 5, true],
    ['the hub over a machine ahead', { hub: heard(NOON), wallMs: NOON + 9 * DAY_MS }, NOON, true],
    ['the hub over a dead machine', { hub: heard(NOON + DAY_MS), wallMs: 0 }, NOON + DAY_MS, true],
    ['a record ahead of the hub', { lastRecordAt: NOON + HOUR_MS, hub: heard(NOON) }, NOON + HOUR_MS, true],
    ['a monotonic clock that fell', { hub: heard(NOON, 100), monotonicMs: 50 }, NOON, true],
    [
      'a night in one start',
      { known: heard(NOON), monotonicMs: LIMIT_MS, wallMs: NOON + LIMIT_MS + HOUR_MS },
      NOON + LIMIT_MS + HOUR_MS,
      true,
    ],
    [
      'a step in the middle of one start',
      { known: heard(NOON), monotonicMs: HOUR_MS, wallMs: NOON + 14 * HOUR_MS },
      NOON + HOUR_MS,
      false,
    ],
    ['parts of a millisecond', { hub: heard(NOON, 0.2), monotonicMs: 1.9 }, NOON + 2, true],
  ];
  it.each(table)('%s', (_what, change, at, sure) => {
    expect(trustedTime({ ...sources, ...change })).toEqual({ at, sure });
  });
});

/** A kiosk that was enrolled at noon and is switched on again and again; its hub and its clerk say what a test wants. */
function machine() {
  const store = memoryStore();
  store.addEpoch(epochRow(1));
  const time = { monotonicMs: 0, wallMs: NOON };
  const start = () => {
    time.monotonicMs = 0;
    return createClock({
      ...{ store, epoch: epochRow(1), lastRecordAt: () => 0 },
      ...{ monotonicMs: () => time.monotonicMs, wallMs: () => time.wallMs },
    });
  };
  return { store, time, start };
}
const nothing = () => undefined;

describe('the clock', () => {
  it('asks nobody again after a clerk has confirmed, also over a restart', () => {
    const { store, time, start } = machine();
    time.wallMs += 3 * DAY_MS;
    let clock = start();
    expect([clock.sure(), clock.nowAt()]).toEqual([false, NOON]);
    let noted = '';
    expect(clock.confirm(clock.wallAt(), () => (noted = 'c1'))).toEqual({ ok: true, at: NOON + 3 * DAY_MS });
    expect([clock.sure(), clock.nowAt(), noted]).toEqual([true, NOON + 3 * DAY_MS, 'c1']);
    time.wallMs += HOUR_MS;
    clock = start();
    expect([clock.sure(), clock.nowAt()]).toEqual([true, NOON + 3 * DAY_MS + HOUR_MS]);
    time.wallMs += 20 * HOUR_MS;
    expect(start().sure(), 'but the next long night is asked about').toBe(false);
    expect(store.fact('clock-offset')).toBeNull();
  });

  it('takes a correction, and keeps it over a restart while the machine’s clock stays wrong', () => {
    const { time, start } = machine();
    const today = NOON + 2 * DAY_MS;
    time.wallMs = NOON + 1_500 * DAY_MS;
    let clock = start();
    expect(clock.confirm(today, nothing)).toMatchObject({ ok: true });
    expect([clock.sure(), clock.nowAt()]).toEqual([true, today]);
    time.wallMs += 5 * MINUTE_MS;
    clock = start();
    expect([clock.sure(), clock.nowAt()]).toEqual([true, today + 5 * MINUTE_MS]);
    clock.heard(today + 6 * MINUTE_MS);
    time.wallMs = today + HOUR_MS;
    expect(start().nowAt(), 'the hub’s word ends the correction').toBe(today + HOUR_MS);
  });

  it('takes no date before what it knows, and asks for none that it knows', () => {
    const { store, time, start } = machine();
    const clock = start();
    expect(clock.confirm(NOON, nothing)).toEqual({ ok: false, code: 'date-known' });
    time.wallMs += DAY_MS;
    expect(clock.confirm(NOON - 1, nothing)).toEqual({ ok: false, code: 'date-before-record' });
    expect([clock.sure(), store.fact('clock-known')]).toEqual([false, null]);
  });

  it('keeps the hub’s time once an hour, so that a restart begins from it', () => {
    const { store, time, start } = machine();
    const clock = start();
    clock.heard(NOON + 2 * HOUR_MS);
    clock.heard(NOON + 2 * HOUR_MS + MINUTE_MS);
    expect(store.fact('clock-known')).toBe(String(NOON + 2 * HOUR_MS));
    time.wallMs = NOON + 13 * HOUR_MS;
    expect(start().sure()).toBe(true);
  });

  it('lets nothing stand where the disk took nothing', () => {
    let full = false;
    const store = memoryStore(() => full);
    store.addEpoch(epochRow(1));
    const clock = createClock({
      ...{ store, epoch: epochRow(1), lastRecordAt: () => 0, monotonicMs: () => 0, wallMs: () => NOON + DAY_MS },
    });
    full = true;
    expect(() => clock.confirm(NOON + DAY_MS, nothing)).toThrow('disk full');
    expect([clock.sure(), clock.nowAt()]).toEqual([false, NOON]);
  });
});

describe('a clock that lies', () => {
  /** The till under the real clock. */
  function shop(wallMs: number) {
    const kiosk = kioskFixture().stocked();
    const time = { wallMs };
    const clock = createClock({
      ...{ store: kiosk.store, epoch: kiosk.epoch, lastRecordAt: () => kiosk.journal.head().at },
      ...{ monotonicMs: () => 0, wallMs: () => time.wallMs },
    });
    const apply = () => {
      kiosk.clock.at = clock.nowAt();
      kiosk.clock.stop = clock.sure() ? null : 'clock-unsure';
    };
    return { kiosk, apply, time };
  }

  it.each([
    ['dead', 0],
    ['a month back', NOON - 30 * DAY_MS],
    ['ahead past every grant', NOON + 400 * DAY_MS],
  ])('(%s) ends no allowance and closes no day', (_what, wallMs) => {
    const { kiosk, apply } = shop(wallMs);
    apply();
    kiosk.clock.stop = null;
    kiosk.sell();
    apply();
    expect([kiosk.till.returnExpired(), kiosk.till.closeIfDue()]).toEqual([[], null]);
    expect(kiosk.types()).not.toContain('return');
  });

  it.each([
    ['dead', 0, 'limit-day-points'],
    ['ahead', NOON + 40 * DAY_MS, 'clock-unsure'],
  ])('(%s) gives nobody a second day’s limit', (_what, wallMs, code) => {
    const { kiosk, apply, time } = shop(NOON);
    kiosk.told({ policy: policy({ version: 2, limits: { dayPts: 10, items: [] } }) });
    apply();
    expect(kiosk.sell().ok).toBe(true);
    time.wallMs = wallMs;
    apply();
    expect(kiosk.sell()).toEqual({ ok: false, code });
  });
});
