import { describe, expect, it } from 'vitest';
import { step } from './machine.ts';
import {
  ACK_MS,
  type Effect,
  type Event,
  initialState,
  PROBE_MS,
  RETRY_MS,
  SETTLE_MS,
  SILENT_MAX,
  SILENT_PROBES,
  STALL_MS,
  statusOf,
  wakeAtMs,
} from './state.ts';

/** The driver's rules in a time of their own: what takes minutes on a clock takes none here. */

interface Unit {
  readonly realtime?: boolean;
  readonly automatic?: boolean;
  readonly ordered?: boolean;
  readonly processId?: boolean;
}
const WHOLE: Unit = { realtime: true, automatic: true, ordered: true, processId: true };
const WELL = { 1: 0x16, 2: 0x12, 3: 0x12, 4: 0x12 } as const;

/** A driver's rules on a line whose other end answers as `unit` does, until it is told to hold its tongue. */
function stand(unit: Unit) {
  let state = initialState(0);
  let nowMs = 1_000;
  const said: Effect[] = [];
  let mute = false;
  let takes = true;

  function send(event: Event): void {
    const next = step(state, event, nowMs);
    state = next.state;
    for (const effect of next.effects) {
      said.push(effect);
      if (effect.type === 'open') send({ type: 'opened' });
      if (effect.type !== 'write' || !takes) continue;
      send({ type: 'progress', pendingBytes: 0 });
      if (!mute) for (const answer of answers(Buffer.from(effect.bytes))) send({ type: 'bytes', bytes: answer });
    }
  }
  function answers(asked: Buffer): Uint8Array[] {
    const given: Uint8Array[] = [];
    const realtime = asked.indexOf(Buffer.of(0x10, 0x04));
    if (realtime >= 0 && unit.realtime) given.push(Uint8Array.of(WELL[asked[realtime + 2] as 1 | 2 | 3 | 4]));
    if (asked.includes(Buffer.of(0x1d, 0x61)) && unit.automatic) given.push(Uint8Array.of(0x14, 0, 0, 0x0f));
    if (asked.includes(Buffer.of(0x1d, 0x72)) && unit.ordered) given.push(Uint8Array.of(0));
    const id = asked.indexOf(Buffer.of(0x1d, 0x28, 0x48));
    if (id >= 0 && unit.processId) given.push(Uint8Array.of(0x37, 0x22, ...asked.subarray(id + 7, id + 11), 0));
    return given;
  }
  function pass(ms: number): void {
    const endMs = nowMs + ms;
    for (;;) {
      const at = wakeAtMs(state);
      if (at === null || at > endMs) break;
      nowMs = Math.max(nowMs, at);
      send({ type: 'wake' });
    }
    nowMs = endMs;
  }
  return {
    ...{ send, pass },
    status: () => statusOf(state),
    hush: (on: boolean) => {
      mute = on;
    },
    stall: () => {
      takes = false;
    },
    outcome: (token: number) =>
      said.flatMap((effect) => (effect.type === 'ended' && effect.token === token ? [effect.outcome] : [])),
    late: () => said.flatMap((effect) => (effect.type === 'confirmed-late' ? [effect.token] : [])),
    written: () =>
      Buffer.concat(said.flatMap((effect) => (effect.type === 'write' ? [Buffer.from(effect.bytes)] : []))),
    opens: () => said.filter((effect) => effect.type === 'open').length,
    print: (token: number, bytes = 'slip') => send({ type: 'print', token, bytes: Buffer.from(bytes) }),
  };
}

function ready(unit: Unit, cutShortBytes = 0) {
  const driver = stand(unit);
  driver.send({ type: 'start', cutShortBytes });
  driver.pass(PROBE_MS + SETTLE_MS);
  return driver;
}

describe('what a unit can do', () => {
  it.each([
    ['everything', WHOLE, 'ready', null, 'confirmed'],
    ['no process id: GS r behind the job is its word', { ...WHOLE, processId: false }, 'ready', null, 'confirmed'],
    ['no DLE EOT: it is told of changes', { ...WHOLE, realtime: false }, 'ready', null, 'confirmed'],
    ['no sensor', { ordered: true, processId: true }, 'degraded', 'no-sensor', 'confirmed'],
    ['no word on a job', { realtime: true, automatic: true }, 'degraded', 'no-acknowledgement', 'unknown'],
  ] as const)('%s', (_, unit, state, reason, outcome) => {
    const driver = ready(unit);
    expect(driver.status()).toMatchObject({ state, reason });
    driver.print(1);
    expect(driver.outcome(1)).toEqual([outcome]);
  });

  it('a unit that never says a word is taken for mute only after several connections', () => {
    const driver = ready({});
    expect(driver.status()).toMatchObject({ state: 'opening', reason: 'no-answer' });
    driver.pass(60_000);
    expect(driver.opens()).toBe(SILENT_PROBES);
    expect(driver.status()).toMatchObject({ state: 'degraded', reason: 'no-acknowledgement', paper: 'unknown' });
    driver.print(1);
    expect(driver.outcome(1)).toEqual(['unknown']);
  });

  it('a unit that has spoken before is absent when it is silent, however often', () => {
    const driver = ready(WHOLE);
    driver.hush(true);
    driver.pass(120_000);
    expect(driver.opens()).toBeGreaterThan(SILENT_PROBES + 2);
    expect(driver.status().state).not.toBe('degraded');
    driver.print(1);
    expect(driver.outcome(1)).toEqual(['not-started']);
  });
});

describe('acknowledgements', () => {
  it('lost: unknown when its time is over, and a late word on it is still understood', () => {
    const driver = ready(WHOLE);
    const before = driver.written().length;
    driver.hush(true);
    driver.print(1);
    const asked = driver.written().subarray(before);
    const id = asked.subarray(-4);
    driver.hush(false);
    driver.pass(ACK_MS - 1);
    expect(driver.outcome(1)).toEqual([]);
    driver.pass(2);
    expect(driver.outcome(1)).toEqual(['unknown']);
    driver.print(2);
    expect(driver.outcome(2)).toEqual(['confirmed']);
    driver.send({ type: 'bytes', bytes: Uint8Array.of(0x37, 0x22, ...id, 0) });
    driver.send({ type: 'bytes', bytes: Uint8Array.of(0x37, 0x22, ...id, 0) });
    expect(driver.late()).toEqual([1]);
  });

  it('of an older job: confirms nothing', () => {
    const driver = ready(WHOLE);
    driver.print(1);
    const id = driver.written().subarray(-4);
    driver.hush(true);
    driver.print(2);
    driver.send({ type: 'bytes', bytes: Uint8Array.of(0x37, 0x22, ...id, 0) });
    expect(driver.outcome(2)).toEqual([]);
    expect(driver.late()).toEqual([]);
  });

  it('without an id, doubled: the second is not taken for the next job’s', () => {
    const driver = ready({ ...WHOLE, processId: false });
    driver.print(1);
    expect(driver.outcome(1)).toEqual(['confirmed']);
    driver.print(2);
    expect(driver.outcome(2)).toEqual(['not-started']);
    driver.send({ type: 'bytes', bytes: Uint8Array.of(0) });
    driver.pass(SETTLE_MS + 1);
    driver.hush(true);
    driver.print(3);
    expect(driver.outcome(3)).toEqual([]);
  });

  it('without an id, late: never taken for the next job’s', () => {
    const driver = ready({ ...WHOLE, processId: false });
    driver.hush(true);
    driver.print(1);
    driver.hush(false);
    driver.pass(ACK_MS + 1);
    expect(driver.outcome(1)).toEqual(['unknown']);
    expect(driver.status().state).toBe('opening');
    driver.send({ type: 'bytes', bytes: Uint8Array.of(0) });
    driver.print(2);
    expect(driver.outcome(2)).toEqual(['not-started']);
    driver.pass(PROBE_MS + SETTLE_MS);
    driver.print(3);
    expect(driver.outcome(3)).toEqual(['confirmed']);
    expect(driver.late()).toEqual([]);
  });
});

describe('a line that fails', () => {
  it('stall: no byte taken for a while, and the job is unknown', () => {
    const driver = ready(WHOLE);
    driver.stall();
    driver.print(1);
    driver.pass(STALL_MS - 1);
    expect(driver.outcome(1)).toEqual([]);
    driver.pass(2);
    expect(driver.outcome(1)).toEqual(['unknown']);
    expect(driver.status()).toMatchObject({ state: 'absent', reason: 'stalled' });
  });

  it('silence: gone after so many questions without an answer, not after one', () => {
    const driver = ready(WHOLE);
    driver.hush(true);
    driver.pass(2_100);
    expect(driver.status().state).toBe('ready');
    driver.pass(SILENT_MAX * 1_500);
    expect(driver.status()).toMatchObject({ reason: 'no-answer' });
  });

  it('cut short: the printer gets the rest of the picture it waits for as white, and a cut', () => {
    const driver = ready(WHOLE);
    driver.hush(true);
    driver.print(1, 'x'.repeat(100));
    driver.send({ type: 'closed', reason: 'reset' });
    expect(driver.outcome(1)).toEqual(['unknown']);
    driver.hush(false);
    const before = driver.written().length;
    driver.pass(RETRY_MS[0] + 100);
    const begins = driver.written().subarray(before);
    const white = begins.findIndex((byte) => byte !== 0);
    expect(white).toBeGreaterThan(100);
    expect([...begins.subarray(white, white + 6)]).toEqual([0x1b, 0x40, 0x1d, 0x56, 0x42, 0]);
    expect(driver.status().state).toBe('ready');
    driver.send({ type: 'closed', reason: 'reset' });
    const again = driver.written().length;
    driver.pass(RETRY_MS[0] + 100);
    expect(driver.written()[again]).not.toBe(0);
  });

  it('cut short by the end of the program before: the same at the first connection, and at no other', () => {
    const driver = ready(WHOLE, 100);
    const first = driver.written();
    expect([...first.subarray(0, 106)]).toEqual([...new Uint8Array(100), 0x1b, 0x40, 0x1d, 0x56, 0x42, 0]);
    expect(driver.status().state).toBe('ready');
    driver.send({ type: 'closed', reason: 'reset' });
    driver.pass(RETRY_MS[0] + 100);
    expect(driver.written()[first.length]).not.toBe(0);
    expect(ready(WHOLE).written()[0]).not.toBe(0);
  });

  it('waits longer from try to try, up to a limit', () => {
    const driver = ready(WHOLE);
    const waited = Array.from({ length: RETRY_MS.length + 2 }, () => {
      const opens = driver.opens();
      driver.send({ type: 'closed', reason: 'refused' });
      let ms = 0;
      driver.hush(true);
      for (; driver.opens() === opens; ms += 10) driver.pass(10);
      return ms;
    });
    expect(waited).toEqual([...RETRY_MS, RETRY_MS.at(-1), RETRY_MS.at(-1)]);
  });

  it('stopped, it opens nothing more, and what was under way is unknown', () => {
    const driver = ready(WHOLE);
    driver.hush(true);
    driver.print(1);
    driver.send({ type: 'stop' });
    expect(driver.outcome(1)).toEqual(['unknown']);
    driver.pass(60_000);
    expect(driver.opens()).toBe(1);
  });
});
