import type { SignedRecord } from '../../protocol/records/record.ts';
import type { SyncResponse } from '../../protocol/sync/messages.ts';
import type { Written } from '../../terminal/agent/till.ts';
import type { EpochRow } from '../../terminal/journal/port.ts';
import { KioskNode } from '../simulate/kiosk-node.ts';
import { simCrypto } from '../simulate/sim-crypto.ts';
import type { Hub } from './adapter.ts';
import { type Place, PRICES } from './county.ts';

/** A kiosk with production's own till, outbox, journal and fence, on a disk in memory, beside any hub. */

export interface Paper {
  readonly record: SignedRecord;
  /** What stood when the original left: the record on the disk, and the fence at it. */
  readonly durable: boolean;
  readonly fenced: boolean;
}
type Image = ReturnType<KioskNode['image']>;

/** Rounds in which a kiosk that can finish has finished: report, resend, open, returns. */
const MOST_ROUNDS = 30;
const TOKEN = `1.${'A'.repeat(22)}`;
/** Ids are for ever: no two kiosks of a hub may ask under one. */
let ids = 0;

export interface HonestOptions {
  /** Faults of a kiosk that the suite must find, by their names in the simulator. */
  readonly bugs?: ReadonlySet<string>;
}

export function honestKiosk(hub: Hub, place: Place, { bugs = new Set() }: HonestOptions = {}) {
  const papers: Paper[] = [];
  const disk = { full: false };
  const clock = { skewMs: 0 };
  const world = {
    ...{ crypto: simCrypto('real'), bugs, diskFull: () => disk.full, random: () => 0 },
    newId: () => `q${process.pid}-${++ids}`,
    monotonicMs: () => performance.now(),
    wallMs: () => hub.nowMs() + clock.skewMs,
    signed: () => undefined,
    printed(kiosk: KioskNode, record: SignedRecord) {
      const mark = kiosk.running?.fence.mark() ?? null;
      const durable = kiosk.store.record(record.ep, record.seq)?.hash === record.hash;
      papers.push({ record, durable, fenced: mark !== null && mark.ep === record.ep && mark.seq >= record.seq });
    },
  };
  return kioskOn(hub, place, new KioskNode(place.tid, world), { papers, disk, clock, world });
}

interface Beside {
  readonly papers: Paper[];
  readonly disk: { full: boolean };
  readonly clock: { skewMs: number };
  readonly world: ConstructorParameters<typeof KioskNode>[1];
}

function kioskOn(hub: Hub, place: Place, node: KioskNode, beside: Beside) {
  /** One request and its answer; null where nothing came of it. */
  async function round(): Promise<SyncResponse | null> {
    const asked = node.ask();
    if (asked === null) return null;
    const answer = await hub.sync(place.tid, asked.body, asked.signature);
    return answer.ok ? node.hear(answer.body, answer.signature, () => undefined) : null;
  }
  const running = () => {
    if (node.running === null) throw new Error(`${place.tid} does not run`);
    return node.running;
  };
  const allowance = (acct: string) => running().journal.allowance(acct);

  return {
    ...{ node, place, round, running, allowance },
    ...{ papers: beside.papers, disk: beside.disk, clock: beside.clock },
    /** Until both have told each other all they have. */
    async sync(): Promise<SyncResponse> {
      let last: SyncResponse | null = null;
      for (let n = 0; n < MOST_ROUNDS; n++) {
        const asked = node.running?.outbox.inc();
        last = (await round()) ?? last;
        const { outbox } = running();
        const told = outbox.rolledBack() ? outbox.resent() : outbox.unsent() === 0;
        if (last !== null && told && last.reported && asked === outbox.inc() && n > 0) return last;
      }
      throw new Error(`${place.tid} and the hub did not come to an end`);
    },
    sell(acct: string, sku: 'rice' | 'salt' = 'rice', qty = 1): Written | null {
      const lines = [{ sku, rev: 1, qty, pts: PRICES[sku] ?? 0 }];
      return node.sell({ acct, token: TOKEN, lines, pinChecked: true });
    },
    void: (ref: number) => node.act((till) => till.void(ref, 'mistake', 'c1')),
    close: () => node.act((till) => till.close(false, 'c1')),
    giveBack: (acct: string, keep: number) => node.act((till) => till.giveBack(acct, keep)),
    spendable(acct: string): number {
      const { G, S, V, R } = allowance(acct);
      return G - R - (S - V);
    },
    records: () => node.store.after(1, 0, 10_000),
    /** All it has redeemed and not voided. */
    soldPts: () => node.store.last(1)?.payload.tot ?? 0,
    /** Its disk, copied into a second kiosk. */
    clone() {
      const copy = new KioskNode(place.tid, beside.world);
      copy.putBack(node.image(true));
      copy.start();
      return kioskOn(hub, place, copy, beside);
    },
    image: (withFence: boolean): Image => node.image(withFence),
    putBack(image: Image): void {
      node.putBack(image);
      node.start();
    },
    enrolled: (epoch: EpochRow) => node.enrolled(epoch),
  };
}
export type Honest = ReturnType<typeof honestKiosk>;
