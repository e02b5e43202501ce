import type { Signer } from '../../protocol/crypto.ts';
import { enrolmentDocument } from '../../protocol/documents/kinds.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import type { SyncRequest, SyncResponse } from '../../protocol/sync/messages.ts';
import { checkFenceAtStart, type StartVerdict } from '../../terminal/agent/start-check.ts';
import { createTill, type Sale, type Till, type Written } from '../../terminal/agent/till.ts';
import type { Book } from '../../terminal/journal/book.ts';
import { createBook } from '../../terminal/journal/book.ts';
import { type Clock, createClock } from '../../terminal/journal/clock.ts';
import { createFence, type Fence } from '../../terminal/journal/fence.ts';
import { hubKeysOf } from '../../terminal/journal/hub-keys.ts';
import { createJournal, type Journal } from '../../terminal/journal/journal.ts';
import { type MemoryStore, memoryStore } from '../../terminal/journal/memory-store.ts';
import type { EpochRow } from '../../terminal/journal/port.ts';
import { type SaleStop, saleStop } from '../../terminal/redemption/sale-stop.ts';
import { openAnswer, packRequest } from '../../terminal/sync/envelope.ts';
import { createOutbox, type Outbox } from '../../terminal/sync/outbox.ts';
import { type CutPoint, Power, PowerCut, type Slots } from './power.ts';
import type { SimCrypto } from './sim-crypto.ts';

/** One kiosk: a disk, a fence, and (while it runs) the agent's own journal, book, till and outbox. */

export interface KioskWorld {
  readonly crypto: SimCrypto;
  readonly monotonicMs: () => number;
  readonly wallMs: () => number;
  readonly random: () => number;
  readonly newId: () => string;
  readonly diskFull: () => boolean;
  readonly bugs: ReadonlySet<string>;
  /** Any record the key of a kiosk signed, durable or not. */
  readonly signed: (record: SignedRecord) => void;
  /** A record's original leaves on paper, and the goods over the counter. */
  readonly printed: (kiosk: KioskNode, record: SignedRecord) => void;
}

interface Running {
  readonly journal: Journal;
  readonly book: Book;
  readonly till: Till;
  readonly outbox: Outbox;
  readonly fence: Fence;
  readonly start: StartVerdict;
  readonly signer: Signer;
  readonly clock: Clock;
  lastRequest: SyncRequest | null;
  readonly asked: Map<string, Pick<SyncRequest, 'id' | 'tid' | 'ep'>>;
}

export class KioskNode {
  readonly tid: string;
  readonly store: MemoryStore;
  /** A rolled-back or cloned disk: what it sells may exceed what it holds, and `loss` bears it. */
  tainted = false;
  lost = false;
  /** Its key signed what no honest till would write. */
  dishonest = false;
  /** Shown at the hub to be an old copy: it may sell no more. */
  caught = false;
  online = true;
  private readonly world: KioskWorld;
  private readonly power = new Power();
  running: Running | null = null;

  constructor(tid: string, world: KioskWorld) {
    this.tid = tid;
    this.world = world;
    this.store = memoryStore(() => {
      this.power.passes('before-commit');
      return this.world.diskFull();
    });
  }

  /** The power will go at this point of the next record. */
  cutAt(point: CutPoint): void {
    this.power.cutAt(point);
  }

  /** With the bug of printing before the fence. */
  private printEarly(): void {
    if (!this.world.bugs.has('print-before-fence')) return;
    const ep = this.store.epochs().at(-1)?.ep ?? 0;
    const last = this.store.last(ep);
    if (last?.payload.type !== 'redeem' || this.running === null) return;
    const { tid, prev, type, v } = last.payload;
    this.world.printed(this, { ...last, tid, prev, type, v });
  }

  /** What a thief, or a careless backup, takes away. */
  image(withFence: boolean): { disk: unknown; slots: Slots | null } {
    return { disk: this.store.snapshot(), slots: withFence ? this.power.image() : null };
  }
  putBack(image: ReturnType<KioskNode['image']>): void {
    this.store.restore(image.disk);
    if (image.slots !== null) this.power.putBack(image.slots);
    this.running = null;
  }

  start(): void {
    try {
      this.boot();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.crash();
    }
  }

  private boot(): void {
    const { world, store } = this;
    const epoch = store.epochs().at(-1);
    if (epoch === undefined || this.lost) return;
    const { crypto } = world.crypto;
    const fence = createFence(
      this.power.fence(() => this.printEarly()),
      crypto,
    );
    if (fence.mark() === null || (fence.mark()?.ep ?? 0) < epoch.ep) {
      if (store.last(epoch.ep) === null) fence.raise({ ep: epoch.ep, seq: 0, head: epoch.enrolmentHash });
    }
    const signer = world.crypto.signer(`${this.tid}.${epoch.ep}`, seedOf(this.tid, epoch.ep));
    const deps = { store, epoch, signer, hashing: crypto, fence, monotonicMs: world.monotonicMs };
    const journal = createJournal({ ...deps, store: noting(store, world.signed), boot: world.newId() });
    const hubKeys = () => hubKeysOf(store, epoch);
    const bug = (name: string) => world.bugs.has(name);
    const book = createBook({
      ...{ store, epoch, verifying: crypto, hubKeys },
      ...(bug('grant-set-not-max') ? { mergeGrant: (_known: number, arriving: number) => arriving } : {}),
      ...(bug('old-epoch-grant-accepted') ? { isOurs: (grant) => grant.tid === this.tid } : {}),
    });
    const enrolledInc = enrolmentDocument.readTrusted(epoch.enrolmentJws)?.inc ?? '';
    const outbox = createOutbox({
      store,
      journal,
      book,
      enrolledInc,
      newId: world.newId,
      health: () => healthOf(this.stop()),
    });
    const start = checkFenceAtStart(journal, fence, epoch);
    const lastRecordAt = () => journal.head().at;
    const { monotonicMs, wallMs } = world;
    const clock = createClock({ store, epoch, lastRecordAt, monotonicMs, wallMs });
    const till = createTill({
      store,
      journal,
      book,
      nowAt: clock.nowAt,
      version: 'sim',
      saleStop: () => this.stop(),
      offline: () => !this.online,
    });
    this.running = {
      ...{ journal, book, till, outbox, fence, start, signer, clock, lastRequest: null, asked: new Map() },
    };
  }

  crash(): void {
    this.running = null;
    this.power.stay();
  }

  enrolled(epoch: EpochRow): void {
    this.power.stay();
    this.store.addEpoch(epoch);
    this.crash();
    this.start();
  }

  /** A clerk reads the date off the wall calendar: the machine's clock is confirmed, or put right; or carelessly confirmed. */
  clerkConfirmsDate(todayAt: number, careless: boolean): void {
    const { running } = this;
    if (running === null || this.stop() !== 'clock-unsure') return;
    const { clock } = running;
    this.act(() => {
      clock.confirm(careless ? clock.wallAt() : Math.max(todayAt, clock.nowAt()), () => undefined);
      return null;
    });
  }

  stop(): SaleStop | null {
    const { running } = this;
    if (running === null) return 'no-roster';
    const { outbox, book, fence, start, clock } = running;
    return saleStop({
      rolledBack: start === 'rolled-back' || outbox.rolledBack(),
      resent: outbox.resent(),
      fencePresent: fence.mark() !== null,
      headConfirmed: outbox.headConfirmed(),
      hubState: outbox.hubState(),
      informed: book.catalogue() !== null && book.policy() !== null && book.versions().roster > 0,
      clockSure: clock.sure(),
      diskLow: false,
      journal: 'good',
    });
  }

  /** Anything the till writes; the power may go in the middle. */
  act(work: (till: Till, journal: Journal) => Written | null): Written | null {
    const { running } = this;
    if (running === null) return null;
    try {
      const written = work(running.till, running.journal);
      return written;
    } catch (error) {
      const says = (error as Error).message;
      const refused = says === 'disk full' || (this.dishonest && /our schema refuses|^CHECK/.test(says));
      if (!(error instanceof PowerCut) && !refused) throw error;
      if (error instanceof PowerCut) this.crash();
      return null;
    } finally {
      if (this.running !== null) this.power.stay();
    }
  }

  sell(sale: Sale): Written | null {
    const written = this.act((till) => till.redeem(sale));
    if (written?.ok) this.world.printed(this, written.record);
    return written;
  }

  /** What it says to the hub now; null while it does not run. */
  ask(): { body: Uint8Array; signature: string } | null {
    const { running } = this;
    if (running === null) return null;
    try {
      const request = running.outbox.request();
      running.asked.set(request.id, { id: request.id, tid: request.tid, ep: request.ep });
      return packRequest(request, running.signer);
    } catch (error) {
      if ((error as Error).message === 'disk full') return null;
      throw error;
    }
  }

  /** Whether it answers the last thing this kiosk asked. */
  isLatest(body: Uint8Array): boolean {
    return this.running !== null && idIn(body) === [...this.running.asked.keys()].at(-1);
  }

  /** The answer, where it answers something asked in this life. */
  hear(body: Uint8Array, signature: string, sendFirst: (kiosk: KioskNode) => void): SyncResponse | null {
    const { running, world } = this;
    if (running === null) return null;
    const asked = running.asked.get(idIn(body));
    if (asked === undefined) return null;
    const epoch = running.journal.epoch;
    const opened = openAnswer(asked, body, signature, hubKeysOf(this.store, epoch), world.crypto.crypto);
    if (!opened.ok) return null;
    return this.accept(running, opened.response, sendFirst);
  }

  private giveBack(recall: SyncResponse['recalls'][number], sendFirst: (kiosk: KioskNode) => void): void {
    if (!this.world.bugs.has('return-sent-before-commit')) {
      this.act((till) => till.answerRecall(recall));
      return;
    }
    const before = this.image(true);
    if (this.act((till) => till.answerRecall(recall))?.ok) sendFirst(this);
    if (this.world.random() < 0.5) this.putBack(before);
  }

  private accept(running: Running, response: SyncResponse, sendFirst: (kiosk: KioskNode) => void): SyncResponse | null {
    try {
      const accepted = running.outbox.accept(response);
      if (!accepted.ours) return null;
      running.clock.heard(response.at);
      if (this.stop() === null) this.act((till) => till.open());
      for (const recall of accepted.recalls) this.giveBack(recall, sendFirst);
      this.act((till) => till.returnExpired().at(-1) ?? null);
      this.act((till) => till.closeIfDue());
      return response;
    } catch (error) {
      if (error instanceof PowerCut) this.crash();
      else if ((error as Error).message !== 'disk full') throw error;
      return null; // nothing of the answer was kept; the hub says it again
    }
  }
}

/** Stands near the beginning of what the hub writes. */
const ID_WITHIN_BYTES = 200;
function idIn(body: Uint8Array): string {
  const head = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, ID_WITHIN_BYTES));
  return /"id":"([^"]+)"/.exec(head.toString('latin1'))?.[1] ?? '';
}

/** Whatever is written was signed a moment before. */
function noting(store: MemoryStore, signed: KioskWorld['signed']): MemoryStore {
  return {
    ...store,
    addRecord(record, slip) {
      const { tid, prev, type, v } = record.payload;
      signed({ ...record, tid, prev, type, v });
      store.addRecord(record, slip);
    },
  };
}

export const seedOf = (tid: string, ep: number) => `kiosk ${tid} ${ep}`;
const healthOf = (stop: SaleStop | null) => (stop === null ? {} : { stop });
