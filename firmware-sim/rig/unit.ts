import type { RigState } from '../../protocol/api/rig.ts';
import { type LaidCard, layCard } from '../card/index.ts';
import type { SimulatedPrinter } from '../printer/index.ts';
import type { Link } from './link.ts';
import type { SerialDevices } from './serial-devices.ts';
import type { Laying } from './wallet.ts';

/** One kiosk's virtual hardware: a reader to lay cards on, a printer, a network cable. */

export interface UnitParts {
  readonly k: number;
  readonly name: string;
  /** Whole address with its token. */
  readonly address: () => string;
  readonly agent: { readonly url: string; readonly token: () => string };
  readonly printer: SimulatedPrinter;
  readonly link: Link;
  readonly serial: SerialDevices | { readonly missing: string };
  /** Where the reader's slots listen for cards: one, or two side by side. */
  readonly slots: readonly { readonly host: string; readonly port: number }[];
}
export class RigRefusal extends Error {
  readonly whatToDo: string;
  constructor(error: string, whatToDo: string) {
    super(error);
    this.name = 'RigRefusal';
    this.whatToDo = whatToDo;
  }
}

/** The reader must have noticed that a card is gone before the same slot can take another. pcscd looks every 400 ms. */
const NOTICE_MS = 1_500;
const POLL_MS = 40;
/** So long a card lies there before it is changed for another: pcscd has seen it and it is read. */
const SWAPPED_AFTER_MS = 700;
/** Between the one card and the other. */
const SWAP_MS = 50;

/** What one tap left on the reader. */
interface Lying {
  readonly cards: LaidCard[];
  readonly slots: number[];
  timer: NodeJS.Timeout | null;
}

export function createUnit(parts: UnitParts) {
  const lying: Map<string, Lying> = new Map();
  let line: Promise<unknown> = Promise.resolve();

  /** Taps come one after another, however fast they are asked for. */
  function inLine<T>(work: () => Promise<T>): Promise<T> {
    const next = line.then(work, work);
    line = next.catch(() => undefined); // whoever asked for it is told; the next one starts clean
    return next;
  }

  async function lift(id: string): Promise<boolean> {
    const laid = lying.get(id);
    if (laid === undefined) return false;
    lying.delete(id);
    if (laid.timer) clearTimeout(laid.timer);
    await Promise.all(laid.cards.map((card) => card.remove()));
    await untilNoticed();
    return true;
  }

  async function untilNoticed(): Promise<void> {
    if (lying.size > 0) return;
    const endMs = performance.now() + NOTICE_MS;
    while (performance.now() < endMs) {
      const state = await agentState().catch(() => null); // an agent that is away notices nothing; the bound ends it
      if (state !== null && state.reader.card === null) return;
      await new Promise((done) => setTimeout(done, POLL_MS));
    }
  }

  async function tap(id: string, { card, beside, next }: Laying, holdMs: number): Promise<void> {
    // A card held by a hand is taken off before the next one is laid; one left lying stays, and then two lie there.
    for (const [other, laid] of lying) if (laid.timer !== null || other === id) await lift(other);
    const used = new Set([...lying.values()].flatMap((laid) => laid.slots));
    const free = [...parts.slots.entries()].filter(([slot]) => !used.has(slot));
    const [first, second] = free;
    if (first === undefined || (beside !== undefined && second === undefined))
      throw new RigRefusal('The reader is full.', 'Take a card off first.');
    const [slot, place] = first;
    const laid: Lying = { cards: [], slots: [slot], timer: null };
    lying.set(id, laid);
    try {
      laid.cards.push(await layCard(card, place));
      if (beside !== undefined && second !== undefined) {
        laid.slots.push(second[0]);
        laid.cards.push(await layCard(beside, second[1]));
      }
      if (next !== undefined) {
        await new Promise((done) => setTimeout(done, SWAPPED_AFTER_MS));
        void laid.cards.pop()?.remove();
        await new Promise((done) => setTimeout(done, SWAP_MS));
        laid.cards.push(await layCard(next, place));
      }
    } catch (error) {
      await lift(id);
      throw error;
    }
    if (holdMs > 0) laid.timer = setTimeout(() => void inLine(() => lift(id)), holdMs);
  }

  async function agentState(): Promise<RigState> {
    const { url, token } = parts.agent;
    const response = await fetch(`${url}/api/state`, {
      headers: { authorization: `Bearer ${token()}` },
      signal: AbortSignal.timeout(2_000),
    });
    if (!response.ok) {
      const body = (await response.json()) as { error?: string };
      throw new RigRefusal(body.error ?? 'The kiosk does not answer.', 'Wait until it has started.');
    }
    return (await response.json()) as RigState;
  }

  function serial(): SerialDevices {
    if ('missing' in parts.serial) {
      throw new RigRefusal(`This kiosk has no such device: ${parts.serial.missing}`, 'Tap a card, touch the screen.');
    }
    return parts.serial;
  }

  return {
    ...parts,
    hasSerial: !('missing' in parts.serial),
    serial,
    tap: (id: string, laying: Laying, holdMs: number) => inLine(() => tap(id, laying, holdMs)),
    remove: (id: string) => inLine(() => lift(id)),
    agentState,
    async close(): Promise<void> {
      for (const id of [...lying.keys()]) await lift(id);
      await Promise.all([parts.printer.close(), parts.link.close()]);
      if (!('missing' in parts.serial)) await parts.serial.close();
    },
  };
}
export type Unit = ReturnType<typeof createUnit>;
