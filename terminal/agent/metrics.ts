import type { Registry } from 'prom-client';
import type { Reason } from '../../protocol/node/status-routes.ts';
import type { ReaderHealth } from '../devices/reader/port.ts';
import { SYNC_FAULTS, type SyncHealth } from '../sync/sync-tally.ts';
import type { DeviceHealth } from './device-watch.ts';
import { Counter, Gauge, Histogram } from './libraries.ts';

/** `/metrics` of the agent; docs/surfaces.md lists them. Read when they are asked for, so that none can be stale. */

const PREFIX = 'tallystick_terminal_';
const JOURNAL_STATES = ['checking', 'good', 'damaged'] as const;
const DEVICE_STATES = ['absent', 'opening', 'ready', 'busy', 'degraded', 'fault'] as const;
/** From an idle solid-state disk to one that is about to die. */
const COMMIT_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** What can be said also of a kiosk that is not enrolled, or whose journal is damaged. */
export interface KioskFacts {
  readonly notReady: () => readonly Reason[];
  readonly journalState: () => (typeof JOURNAL_STATES)[number];
  readonly journalBytes: () => number;
  readonly freeBytes: () => number;
}
/** What an enrolled kiosk can say. */
export interface StationFacts {
  readonly devices: readonly DeviceHealth[];
  readonly reader: ReaderHealth;
  readonly sync: SyncHealth;
  readonly seq: number;
  readonly unsent: number;
  /** Age of the oldest record that the hub has not stored; 0 where none waits. */
  readonly queueAgeMs: number;
}

/** Returns what is to be told of each commit, in ms. */
export function kioskMetrics(registry: Registry, facts: KioskFacts): (ms: number) => void {
  const { gauge, states } = readWhenAsked(registry);
  const notReady = oncePerScrape(facts.notReady);
  gauge('ready', '1 where the kiosk can sell', () => (notReady().length === 0 ? 1 : 0));
  states('closed', 'Why it cannot sell, by the code of /readyz', ['code'], () =>
    notReady().map(({ code }) => ({ labels: { code }, value: 1 })),
  );
  states('journal_check', '1 at what the check of the journal at the start came to', ['state'], () =>
    JOURNAL_STATES.map((state) => ({ labels: { state }, value: facts.journalState() === state ? 1 : 0 })),
  );
  gauge('journal_bytes', 'Size of the journal’s file and its write-ahead log', facts.journalBytes);
  gauge('disk_free_bytes', 'Free bytes where the journal lies', facts.freeBytes);
  const commits = new Histogram({
    ...{ name: `${PREFIX}journal_commit_seconds`, help: 'Signing, committing and fencing one record' },
    ...{ buckets: COMMIT_SECONDS, registers: [registry] },
  });
  return (ms) => commits.observe(ms / 1_000);
}

export function stationMetrics(registry: Registry, read: () => StationFacts): void {
  const facts = oncePerScrape(read);
  const { gauge, states, counter } = readWhenAsked(registry);
  gauge('journal_seq', 'Number of the last record', () => facts().seq);
  gauge('journal_unsent', 'Records the hub has not stored yet', () => facts().unsent);
  gauge('sync_queue_age_seconds', 'Age of the oldest of them', () => facts().queueAgeMs / 1_000);

  states('device_state', '1 at the state of each device this kiosk has', ['device', 'state'], () =>
    facts().devices.flatMap(({ device, state: now }) =>
      DEVICE_STATES.map((state) => ({ labels: { device, state }, value: now === state ? 1 : 0 })),
    ),
  );
  const perDevice = (count: (health: DeviceHealth) => number) => () =>
    facts().devices.map((health) => ({ labels: { device: health.device }, value: count(health) }));
  counter(
    'device_failures_total',
    'How often it failed',
    ['device'],
    perDevice(({ failures }) => failures),
  );
  counter(
    'device_recoveries_total',
    'How often it came back',
    ['device'],
    perDevice(({ recoveries }) => recoveries),
  );
  const usable = ({ state }: ReaderHealth) => state === 'ready' || state === 'busy';
  gauge('reader_usable', '1 where cards can be read', () => (usable(facts().reader) ? 1 : 0));
  gauge('reader_restarts', 'How often the card reader was opened anew', () => facts().reader.restarts);
  states('reader_last_fault', 'The latest trouble of the card reader, by its name', ['fault'], () => {
    const { lastFault } = facts().reader;
    return lastFault === null ? [] : [{ labels: { fault: lastFault }, value: 1 }];
  });

  counter('sync_attempts_total', 'Questions to the hub', [], () => [{ labels: {}, value: facts().sync.attempts }]);
  counter('sync_failures_total', 'Those that came to nothing, by what was the matter', ['code'], () =>
    SYNC_FAULTS.map((code) => ({ labels: { code }, value: facts().sync.failures[code] })),
  );
  gauge('sync_last_success_age_seconds', 'Since the hub last answered; +Inf before it first did', () => {
    const { sinceSuccessMs } = facts().sync;
    return sinceSuccessMs === null ? Number.POSITIVE_INFINITY : sinceSuccessMs / 1_000;
  });
  gauge(
    'sync_backoff_seconds',
    'The wait after a failure; 0 while the hub answers',
    () => facts().sync.backoffMs / 1_000,
  );
}

/** A scrape asks all its metrics in one go, before anything that waits: one reading serves it, and the next reads anew. */
function oncePerScrape<T>(read: () => T): () => T {
  let kept: { readonly value: T } | null = null;
  return () => {
    if (kept === null) {
      kept = { value: read() };
      queueMicrotask(() => {
        kept = null;
      });
    }
    return kept.value;
  };
}

type Sample = { readonly labels: Record<string, string>; readonly value: number };

function readWhenAsked(registry: Registry) {
  const about = (name: string, help: string) => ({ name: PREFIX + name, help, registers: [registry] });
  return {
    gauge: (name: string, help: string, read: () => number) =>
      new Gauge({
        ...about(name, help),
        collect() {
          this.set(read());
        },
      }),
    states: (name: string, help: string, labelNames: string[], read: () => readonly Sample[]) =>
      new Gauge({
        ...{ ...about(name, help), labelNames },
        collect() {
          this.reset();
          for (const { labels, value } of read()) this.set(labels, value);
        },
      }),
    counter: (name: string, help: string, labelNames: string[], read: () => readonly Sample[]) =>
      new Counter({
        ...{ ...about(name, help), labelNames },
        collect() {
          this.reset();
          for (const { labels, value } of read()) this.inc(labels, value);
        },
      }),
  };
}
