import { setTimeout as sleep } from 'node:timers/promises';
import { CARD_FAULTS, type CardFaultName, laying, type WalletCard } from '../../firmware-sim/rig/wallet.ts';
import { hands } from '../support/hands.ts';
import type { Playing } from './faults.ts';
import type { Blow, Step } from './plan.ts';
import type { SoakKiosk } from './stand.ts';

/** Residents at one kiosk, and what its screen told them. */

export interface Seller {
  readonly kiosk: SoakKiosk;
  /** Record numbers that the screen called done. */
  readonly done: readonly string[];
  /** Touches of confirm: each may have made one record. */
  touched(): number;
  /** Plays the step's blow, if any, and then sells; answers how long that took, in ms. Throws past the bound. */
  sell(step: Step, playing: Playing): Promise<number>;
}

/** The reader's promise is 5 s from pcscd's answer, the agent's start takes some; and the machine may be busy. */
export const SELLS_AGAIN_MS = 20_000;
/** In the midst of a fault a card that is not read by then is not waited for. */
const STRUCK_BALANCE_MS = 1_500;
/** So long a card at fault lies there. */
const HELD_MS = 500;
const AGAIN_MS = 50;
/** A clerk would look after a printer that is so far behind. */
const WAITING_SLIPS_MAX = 10;
const PRINTS_WITHIN_MS = 120_000;
export const SKUS = ['salt', 'noodles', 'soy-sauce'] as const;
/** Residents of the kiosk's own village: each sale reads what its person had lately, so a few people would have too much. */
export const PEOPLE = 16;

export function createSeller(kiosk: SoakKiosk): Seller {
  const done: string[] = [];
  let touched = 0;

  /** One redemption from the card to the result. `onCard` and `onConfirm` are called when it has come so far. */
  async function attempt(step: Step, balanceMs?: number, onCard = () => {}, onConfirm = () => {}): Promise<void> {
    const { unit, desk } = kiosk.now();
    const { card } = personOf(desk.wallet, step);
    const sku = SKUS[step.item % SKUS.length] ?? SKUS[0];
    await unit.tap(card.id, laying(card, [], desk.wallet), 0);
    try {
      onCard();
      const confirm = () => {
        touched += 1;
        onConfirm();
      };
      const view = await hands(unit.address()).redeem(sku, confirm, balanceMs);
      done.push(view.done?.number ?? 'a redemption without a number');
    } finally {
      await unit.remove(card.id);
    }
  }

  /** A card that is at fault itself, or is taken away before its time. */
  async function layFaulty(step: Step, { name, afterMs }: Blow): Promise<void> {
    const { unit, desk } = kiosk.now();
    const { card } = personOf(desk.wallet, step);
    const fault = isCardFault(name) ? [name] : [];
    await unit.tap(card.id, laying(card, fault, desk.wallet), 0);
    await sleep(fault.length === 0 ? afterMs : HELD_MS);
    await unit.remove(card.id);
  }

  /** What the person sees of it is what it is for; whether the kiosk sells again is asked behind it. */
  async function struck(step: Step, blow: Blow, playing: Playing): Promise<void> {
    let strike: Promise<void> = Promise.resolve();
    const begin = () => {
      strike = sleep(blow.afterMs).then(() => playing.blow(kiosk, blow));
      strike.catch(() => undefined); // it is waited for below
    };
    const nothing = () => undefined;
    const [onCard, onConfirm] = blow.atConfirm ? [nothing, begin] : [begin, nothing];
    await attempt(step, STRUCK_BALANCE_MS, onCard, onConfirm).catch(nothing);
    await strike;
  }

  /** Waits for the paper as a clerk does who sees that the printer is far behind. */
  async function slipsOut(playing: Playing): Promise<void> {
    const endMs = performance.now() + PRINTS_WITHIN_MS;
    while (!playing.printerTroubled(kiosk)) {
      const { queued = 0 } = (await kiosk.now().unit.agentState()).printer.jobs;
      if (queued <= WAITING_SLIPS_MAX) return;
      if (performance.now() > endMs) throw new Error(`${kiosk.layout.tid} does not print: ${queued} slips wait`);
      await sleep(AGAIN_MS);
    }
  }

  return {
    ...{ kiosk, done, touched: () => touched },
    async sell(step, playing) {
      const { blow } = step;
      if (blow !== null && (isCardFault(blow.name) || blow.name === 'card-lifted')) {
        playing.count(blow.name);
        await layFaulty(step, blow);
      } else if (blow !== null) await struck(step, blow, playing);
      const fromMs = performance.now();
      for (;;) {
        try {
          await hands(kiosk.now().unit.address()).untilSelling(SELLS_AGAIN_MS);
          await attempt(step);
          break;
        } catch (error) {
          if (performance.now() - fromMs > SELLS_AGAIN_MS) throw error;
          await sleep(AGAIN_MS);
        }
      }
      const tookMs = performance.now() - fromMs;
      await slipsOut(playing);
      return tookMs;
    },
  };
}

function isCardFault(name: string): name is CardFaultName {
  return Object.hasOwn(CARD_FAULTS, name);
}

function personOf(wallet: readonly WalletCard[], { person }: Step): WalletCard {
  const home = wallet[0]?.shown.village;
  const own = wallet.filter(
    ({ shown, blocked }) => shown.role === 'resident' && shown.kind === 'uid' && shown.village === home && !blocked,
  );
  const found = own[person % own.length];
  if (found === undefined) throw new Error('nobody to sell to');
  return found;
}
