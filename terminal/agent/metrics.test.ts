import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { type KioskFacts, kioskMetrics, type StationFacts, stationMetrics } from './metrics.ts';

/** What /metrics says of made-up facts, and that it says another thing when they change. */

const closed = { code: 'journal-damaged', says: 'The journal’s file is damaged.' };
const failures = { unreachable: 3, refused: 1, 'not-our-hub': 0, internal: 0 };
const printer = {
  device: 'printer',
  state: 'fault',
  reason: 'paper-out',
  failing: true,
  failures: 2,
  recoveries: 1,
} as const;
const station: StationFacts = {
  devices: [printer],
  reader: { state: 'fault', reason: 'no-pcscd', restarts: 4, lastFault: 'no-pcscd' },
  sync: { attempts: 9, failures, sinceSuccessMs: null, fault: 'unreachable', backoffMs: 8_000 },
  ...{ seq: 12, unsent: 5, queueAgeMs: 90_000 },
};

/** Name, labels and value of each sample, without the prefix. */
async function samples(registry: Registry): Promise<Map<string, string>> {
  const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space).replace('tallystick_terminal_', ''), line.slice(space + 1)];
    }),
  );
}

it('says of a kiosk that cannot begin why, and nothing that it does not know', async () => {
  const registry = new Registry();
  const facts = {
    notReady: [closed] as { code: string; says: string }[],
    state: 'damaged' as ReturnType<KioskFacts['journalState']>,
  };
  const onCommit = kioskMetrics(registry, {
    ...{ notReady: () => facts.notReady, journalState: () => facts.state },
    ...{ journalBytes: () => 4_096, freeBytes: () => 5_000_000 },
  });
  const said = await samples(registry);
  expect(Object.fromEntries([...said].filter(([name]) => !name.includes('_bucket')))).toEqual({
    ...{ ready: '0', 'closed{code="journal-damaged"}': '1', journal_bytes: '4096', disk_free_bytes: '5000000' },
    ...{
      'journal_check{state="checking"}': '0',
      'journal_check{state="good"}': '0',
      'journal_check{state="damaged"}': '1',
    },
    ...{ journal_commit_seconds_sum: '0', journal_commit_seconds_count: '0' },
  });
  Object.assign(facts, { notReady: [], state: 'good' });
  onCommit(30);
  const later = await samples(registry);
  expect([later.get('ready'), later.get('closed{code="journal-damaged"}')]).toEqual(['1', undefined]);
  expect([later.get('journal_check{state="good"}'), later.get('journal_check{state="damaged"}')]).toEqual(['1', '0']);
  expect(later.get('journal_commit_seconds_sum')).toBe('0.03');
  expect(later.get('journal_commit_seconds_bucket{le="0.02"}')).toBe('0');
  expect(later.get('journal_commit_seconds_bucket{le="0.05"}')).toBe('1');
});

it('says how devices, journal and sync fare, and takes back what is no longer so', async () => {
  const registry = new Registry();
  let facts = station;
  let readings = 0;
  stationMetrics(registry, () => {
    readings += 1;
    return facts;
  });
  const states = (now: string) =>
    ['absent', 'opening', 'ready', 'busy', 'degraded', 'fault'].map(
      (state) => [`device_state{device="printer",state="${state}"}`, state === now ? '1' : '0'] as const,
    );
  const said = {
    ...{ journal_seq: '12', journal_unsent: '5', sync_queue_age_seconds: '90' },
    ...{ 'device_failures_total{device="printer"}': '2', 'device_recoveries_total{device="printer"}': '1' },
    ...{ reader_usable: '0', reader_restarts: '4', 'reader_last_fault{fault="no-pcscd"}': '1' },
    ...{
      sync_attempts_total: '9',
      'sync_failures_total{code="unreachable"}': '3',
      'sync_failures_total{code="refused"}': '1',
    },
    ...{ 'sync_failures_total{code="not-our-hub"}': '0', 'sync_failures_total{code="internal"}': '0' },
    ...{ sync_last_success_age_seconds: '+Inf', sync_backoff_seconds: '8' },
  };
  expect(Object.fromEntries(await samples(registry))).toEqual({ ...said, ...Object.fromEntries(states('fault')) });
  facts = {
    devices: [{ ...printer, state: 'ready', reason: null, failing: false, recoveries: 2 }],
    reader: { state: 'busy', reason: null, restarts: 5, lastFault: 'reader-held' },
    sync: { attempts: 10, failures, sinceSuccessMs: 1_500, fault: null, backoffMs: 0 },
    ...{ seq: 13, unsent: 0, queueAgeMs: 0 },
  };
  const { 'reader_last_fault{fault="no-pcscd"}': _, ...kept } = said;
  expect(Object.fromEntries(await samples(registry))).toEqual({
    ...{ ...kept, ...Object.fromEntries(states('ready')), 'reader_last_fault{fault="reader-held"}': '1' },
    ...{
      journal_seq: '13',
      journal_unsent: '0',
      sync_queue_age_seconds: '0',
      reader_usable: '1',
      reader_restarts: '5',
    },
    ...{ 'device_recoveries_total{device="printer"}': '2', sync_attempts_total: '10' },
    ...{ sync_last_success_age_seconds: '1.5', sync_backoff_seconds: '0' },
  });
  // One reading a scrape: what the journal and the devices say is not asked for by each metric again.
  expect(readings).toBe(2);
});
