import type { Reason } from '../protocol/node/status-routes.ts';
import type { Admission } from './ingest/admission.ts';
import { type BookStore, BooksUnavailable } from './ledger/books.ts';

/** Whether this hub can ingest; asked of the database itself every few seconds, not of what happened last. */
export interface Readiness {
  notReady(): readonly Reason[];
  /** Asks now; `start` does it again and again. */
  look(): Promise<void>;
  start(): void;
  stop(): void;
}
export interface ReadinessDeps {
  readonly books: BookStore;
  readonly admission: Admission;
  /** Bytes left where the store lies; null where that is another machine's. */
  readonly freeBytes: () => number | null;
  readonly onFault: (what: string, error: unknown) => void;
}

const EVERY_MS = 5_000;
/** What some hours of a county's records need. */
export const DISK_LOW_BYTES = 256 * 1_048_576;

const REASONS = {
  starting: 'The hub has not looked at its database yet. Wait a moment.',
  'store-unavailable': 'The hub’s database does not answer. Look at it; the hub goes on by itself once it is back.',
  busy: 'As many kiosks as there is room for are being served. The others come back by themselves.',
  'disk-low': 'The disk under the hub’s store is nearly full. Make room, or move the store; records are still taken.',
} as const;

export function createReadiness({ books, admission, freeBytes, onFault }: ReadinessDeps): Readiness {
  let store: 'starting' | 'store-unavailable' | null = 'starting';
  let timer: NodeJS.Timeout | null = null;
  const because = (code: keyof typeof REASONS): Reason => ({ code, says: REASONS[code] });

  async function look(): Promise<void> {
    try {
      await books.read((inner) => inner.get('counties', {}));
      store = null;
    } catch (error) {
      if (store !== 'store-unavailable') onFault('the store does not answer', error);
      if (!(error instanceof BooksUnavailable)) throw error;
      store = 'store-unavailable';
    }
  }

  return {
    look,
    notReady() {
      const free = freeBytes();
      return [
        ...(store === null ? [] : [because(store)]),
        ...(admission.full() ? [because('busy')] : []),
        ...(free !== null && free < DISK_LOW_BYTES ? [because('disk-low')] : []),
      ];
    },
    start() {
      timer = setInterval(() => void look().catch((error) => onFault('readiness', error)), EVERY_MS);
      timer.unref();
    },
    stop() {
      if (timer !== null) clearInterval(timer);
    },
  };
}
