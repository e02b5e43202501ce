import { catalogueDocument, enrolmentDocument, grantDocument } from '../../protocol/documents/kinds.ts';
import { nodeHashing, nodeSigner, nodeVerifying } from '../../protocol/node/crypto.ts';
import { toBase64url } from '../../protocol/primitives/base64url.ts';
import { hashOf } from '../../protocol/records/record.ts';
import type { Policy, RosterEntry, SyncRequest, SyncResponse } from '../../protocol/sync/messages.ts';
import { createTill } from '../../terminal/agent/till.ts';
import { createBook } from '../../terminal/journal/book.ts';
import { createFence, type FenceStorage, SLOT_BYTES } from '../../terminal/journal/fence.ts';
import { hubKeysOf } from '../../terminal/journal/hub-keys.ts';
import { createJournal } from '../../terminal/journal/journal.ts';
import { memoryStore } from '../../terminal/journal/memory-store.ts';
import type { EpochRow, JournalStore } from '../../terminal/journal/port.ts';
import type { SaleStop } from '../../terminal/redemption/sale-stop.ts';
import { createOutbox } from '../../terminal/sync/outbox.ts';

/** A kiosk's rules on a disk in memory, beside a hub that says whatever a test wants said. */

export const hubSigner = nodeSigner('hub.1', new Uint8Array(32).fill(7));
export const NOON = Date.UTC(2027, 0, 15, 12);
export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const TOKEN = `1.${'A'.repeat(22)}`;

const keyOf = (ep: number) => new Uint8Array(32).fill(100 + ep);

export function epochRow(ep: number, change: { inc?: string; shop?: string } = {}): EpochRow {
  const { inc = 'inc-1', shop = 's1' } = change;
  const hubKey = toBase64url(hubSigner.publicKey);
  const key = toBase64url(nodeSigner(`k1.${ep}`, keyOf(ep)).publicKey);
  const enrolmentJws = enrolmentDocument.sign(
    { v: 1, county: 'c', tid: 'k1', ep, village: 'v1', shop, key, hubKid: 'hub.1', hubKey, at: NOON, inc },
    hubSigner,
  );
  return {
    ...{ tid: 'k1', ep, enrolmentJws, enrolmentHash: hashOf(enrolmentJws, nodeHashing), hubKid: 'hub.1' },
    ...{ hubKey: hubSigner.publicKey, pepper: new Uint8Array(32).fill(ep) },
  };
}

export const grant = (acct: string, G: number, change: { ep?: number; tid?: string; notAfter?: number } = {}) =>
  grantDocument.sign(
    { v: 1, tid: 'k1', ep: 1, acct, G, notAfter: NOON + 30 * DAY_MS, inc: 'inc-1', ...change },
    hubSigner,
  );

export function catalogue(version: number, items: readonly (readonly [sku: string, pts: number, rev?: number])[]) {
  const said = { zh: '东西', en: 'thing' };
  return catalogueDocument.sign(
    {
      ...{ v: 1, county: 'c', inc: 'inc-1', version, categories: [{ id: 'food', name: said }] },
      items: items.map(([sku, pts, rev = 1]) => ({ sku, rev, category: 'food', name: said, unit: said, pts, from: 0 })),
    },
    hubSigner,
  );
}

const said = { zh: '村', en: 'V' };
export const policy = (change: Partial<Policy> = {}): Policy => ({
  ...{ version: 1, timeZone: 'UTC', place: { county: said, village: said, shop: said, phone: '' } },
  ...{ receiptBase: 'https://hub', capPts: 100, pinAbovePts: 50, limits: { items: [] }, closeHour: 22 },
  ...change,
});

export const entry = (acct: string, change: Partial<RosterEntry> = {}): RosterEntry => ({
  ...{ acct, name: '张*芳', initials: 'zf', elsewhere: 0, cards: [{ token: TOKEN, last4: '6105', state: 'good' }] },
  ...change,
});

export const roster = (version: number, ...entries: RosterEntry[]): NonNullable<SyncResponse['roster']> => ({
  ...{ version, more: false, entries, clerks: [], peppers: [{ version: 1, key: toBase64url(new Uint8Array(32)) }] },
});

export interface KioskOptions {
  readonly store?: JournalStore;
  readonly epoch?: EpochRow;
  /** The hub's incarnation that the enrolment names. */
  readonly inc?: string;
  /** Where the fence lies; in memory without it. */
  readonly fenceStorage?: FenceStorage;
  /** Of the print runner beside it, where there is one. */
  readonly printsNow?: () => boolean;
}

export function kioskFixture(options: KioskOptions = {}) {
  const store = options.store ?? memoryStore();
  const epoch = options.epoch ?? epochRow(1);
  const inc = options.inc ?? 'inc-1';
  if (!store.epochs().some((row) => row.ep === epoch.ep)) store.addEpoch(epoch);
  const clock = { at: NOON, stop: null as SaleStop | null, offline: false };
  const slots: [Uint8Array, Uint8Array] = [new Uint8Array(SLOT_BYTES), new Uint8Array(SLOT_BYTES)];
  const inMemory: FenceStorage = {
    read: () => slots,
    write: (slot, bytes) => {
      slots[slot] = bytes;
    },
  };
  const fence = createFence(options.fenceStorage ?? inMemory, nodeHashing);
  const last = store.last(epoch.ep);
  if (fence.mark() === null)
    fence.raise({ ep: epoch.ep, seq: last?.seq ?? 0, head: last?.hash ?? epoch.enrolmentHash });
  const signer = nodeSigner(`k1.${epoch.ep}`, keyOf(epoch.ep));
  const deps = { store, epoch, signer, hashing: nodeHashing, fence };
  const { printsNow } = options;
  const journal = createJournal({ ...deps, monotonicMs: () => 1, boot: 'b', ...(printsNow ? { printsNow } : {}) });
  const hubKeys = () => hubKeysOf(store, epoch);
  const book = createBook({ store, epoch, verifying: nodeVerifying, hubKeys });
  let ids = 0;
  const newId = () => `e${epoch.ep}q${++ids}`;
  const outbox = createOutbox({ store, journal, book, enrolledInc: inc, newId, health: () => ({ sw: 'test' }) });
  const till = createTill({
    ...{ store, journal, book, nowAt: () => clock.at, version: 'test' },
    ...{ saleStop: () => clock.stop, offline: () => clock.offline },
  });

  /** What an honest hub that has stored all of `request` would say; `patch` makes it another one. */
  function answer(request: SyncRequest, patch: Partial<SyncResponse> = {}): SyncResponse {
    const { tid, ep, id, have } = request;
    return {
      ...{ v: 1, tid, ep, id, inc, at: clock.at, stored: { ep, ...have }, judged: [], grants: [] },
      ...{ recalls: [], visits: [], reported: true, state: 'open', retryAfter: 1000, ...patch },
    };
  }
  const told = (patch: Partial<SyncResponse> = {}) => outbox.accept(answer(outbox.request(), patch));

  return {
    ...{ store, epoch, clock, journal, book, outbox, till, fence, signer, answer, told },
    /** Roster, catalogue, policy and `pts` granted to a1: what a kiosk needs to sell. */
    stocked(pts = 100, with_: Partial<SyncResponse> = {}) {
      told({
        ...{
          roster: roster(1, entry('a1')),
          catalogue: catalogue(1, [
            ['rice', 10],
            ['salt', 3],
          ]),
          policy: policy(),
        },
        ...{ grants: pts > 0 ? [grant('a1', pts, { ep: epoch.ep })] : [] },
        ...with_,
      });
      return this;
    },
    sell: (qty = 1, change: { sku?: string; pts?: number; rev?: number; acct?: string } = {}) => {
      const { sku = 'rice', pts = 10, rev = 1, acct = 'a1' } = change;
      return till.redeem({ acct, token: TOKEN, lines: [{ sku, rev, qty, pts }], pinChecked: false });
    },
    types: () => store.after(epoch.ep, 0, 1000).map(({ payload }) => payload.type),
  };
}
export type KioskFixture = ReturnType<typeof kioskFixture>;
