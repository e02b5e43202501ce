import { layCard } from '../../firmware-sim/card/index.ts';
import type { RigState } from '../../protocol/api/rig.ts';
import { hands } from '../support/hands.ts';
import { SKU, UID } from './county.ts';
import { within } from './within.ts';

/** A resident at the real kiosk, and what the kiosk told: by its screen, and of what the hub has. */

export interface Sales {
  /** Sells until `stop`, or until the kiosk is gone. Resolves when the hand is off the page. */
  sellUntil(stop: () => boolean): Promise<void>;
  /** Sells one, whole; throws where the kiosk does not. */
  sellOne(): Promise<void>;
  /** Asks what the hub has of this kiosk's records, as the kiosk believes. */
  hear(): Promise<void>;
  readonly told: Told;
}
export interface Told {
  /** Record numbers that the screen called done. */
  readonly done: ReadonlySet<number>;
  /** Touches of confirm: each may have made one record. */
  touched: number;
  /** All of this kiosk's records up to here are at the hub: so the hub answered. */
  hubSeq: number;
}

const CARD_MS = 3_000;

export function createSales(kiosk: () => string, readerPort: number): Sales {
  const done: Set<number> = new Set();
  const told = { done, touched: 0, hubSeq: 0 };

  async function sellOne(): Promise<void> {
    const page = hands(kiosk());
    const card = await layCard({ kind: 'uid', uid: UID }, { host: '127.0.0.1', port: readerPort });
    try {
      const view = await page.redeem(SKU, () => {
        told.touched += 1;
      });
      done.add(Number(view.done?.number.split('.').at(-1)));
    } finally {
      await within(CARD_MS, card.remove());
    }
  }

  async function hear(): Promise<void> {
    const address = new URL(kiosk());
    const headers = { authorization: `Bearer ${address.searchParams.get('token')}` };
    const answer = await fetch(`${address.origin}/api/state`, { headers, signal: AbortSignal.timeout(CARD_MS) });
    if (answer.ok) told.hubSeq = Math.max(told.hubSeq, ((await answer.json()) as RigState).hub.seq);
  }

  return {
    ...{ told, sellOne, hear },
    async sellUntil(stop) {
      while (!stop()) {
        try {
          await sellOne();
          await hear();
        } catch {
          // The cut, as the person at the kiosk sees it; whether the kiosk sells again is asked behind its restart.
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    },
  };
}
