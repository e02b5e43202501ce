import { seeded } from '../support/seeded.ts';

/** What goes wrong, and when, in a run of so many redemptions: drawn from a seed alone. Pure. */

/** Lasts for some redemptions of a kiosk, which must all be sold meanwhile. */
export interface Lasting {
  readonly name: string;
  readonly sales: number;
  readonly params?: Readonly<Record<string, number>>;
}
/** Struck in the midst of a redemption, over after `holdMs`; then the kiosk must sell again within the bound. */
export interface Blow {
  readonly name: string;
  /** Behind the touch that confirms, else behind the card. */
  readonly atConfirm: boolean;
  readonly afterMs: number;
  readonly holdMs: number;
}
export interface Step {
  /** Kiosk 1 reads cards by the virtual reader, kiosk 2 by its own pcscd. */
  readonly kiosk: 1 | 2;
  /** Which of the kiosk's people, and which of the goods. */
  readonly person: number;
  readonly item: number;
  readonly begins: readonly Lasting[];
  readonly blow: Blow | null;
}
export interface PlanOptions {
  readonly redemptions: number;
  readonly seed: number;
  /** Whether agents and hub may be killed; where not, they live from the first redemption to the last. */
  readonly kills: boolean;
  readonly pcsc: boolean;
  readonly people: number;
  readonly items: number;
}

export const PCSC_EVERY = 20;
/** One redemption in so many is struck; a pcscd sees few, and so more of them. */
const BLOW_EVERY = { 1: 12, 2: 2 } as const;
const LASTING_EVERY = 10;
const CLOSE_MS = 60;
const SPREAD_MS = 700;

/** Those with `ack` keep the printer busy for up to 15 s a slip: they last one redemption, the queue some more. */
const PRINTER: readonly Lasting[] = [
  { name: 'printer-refuses', sales: 4 },
  { name: 'printer-black-hole', sales: 2 },
  { name: 'printer-resets', sales: 3, params: { afterBytes: 400 } },
  { name: 'printer-never-reads', sales: 2 },
  { name: 'printer-slow', sales: 2, params: { intervalMs: 5 } },
  { name: 'paper-near-end', sales: 3 },
  { name: 'paper-out', sales: 3, params: { afterLines: 7 } },
  { name: 'cover-open', sales: 3 },
  { name: 'cutter-error', sales: 3, params: { atNextCut: 1 } },
  { name: 'power-off', sales: 3 },
  { name: 'ack-lost', sales: 1 },
  { name: 'ack-late', sales: 2, params: { ms: 1_500 } },
  { name: 'ack-doubled', sales: 4 },
  { name: 'ack-stale', sales: 1 },
  { name: 'second-connection-refused', sales: 4 },
];
const LINE: readonly Lasting[] = [
  { name: 'network-cut', sales: 12 },
  { name: 'hub-frozen', sales: 5 },
];
const LINE_KILLS: readonly Lasting[] = [{ name: 'hub-down', sales: 8 }];

interface BlowKind {
  readonly name: string;
  readonly holdMs: number;
}
const CARD: readonly BlowKind[] = ['card-torn', 'card-torn-before', 'card-torn-after', 'card-mute', 'card-lifted'].map(
  (name) => ({ name, holdMs: 0 }),
);
const KILLS: readonly BlowKind[] = ['agent-killed', 'hub-killed', 'agent-killed'].map((name) => ({ name, holdMs: 0 }));
const READER: readonly BlowKind[] = [
  { name: 'card-process-killed', holdMs: 0 },
  { name: 'pcscd-killed', holdMs: 500 },
  { name: 'card-process-stopped', holdMs: 0 },
  { name: 'pcscd-terminated', holdMs: 500 },
  { name: 'reader-unplugged', holdMs: 1_000 },
];

/** In the order of the redemptions. Each kind of fault is drawn once before any is drawn again. */
export function planSoak({ redemptions, seed, kills, pcsc, people, items }: PlanOptions): Step[] {
  const random = seeded(seed);
  const below = (n: number) => Math.floor(random() * n);
  const lasting = deck([...PRINTER, ...LINE, ...(kills ? LINE_KILLS : [])], below);
  const blows = {
    1: deck([...CARD, ...(kills ? KILLS : [])], below),
    2: deck([...READER, ...(kills ? KILLS.slice(0, 1) : [])], below),
  };
  return Array.from({ length: redemptions }, (_, n): Step => {
    const kiosk = pcsc && n % PCSC_EVERY === PCSC_EVERY - 1 ? 2 : 1;
    const struck = below(BLOW_EVERY[kiosk]) === 0;
    const kind = struck ? blows[kiosk]() : null;
    const atConfirm = below(2) === 0;
    return {
      ...{ kiosk, person: below(people), item: below(items) },
      begins: below(LASTING_EVERY) === 0 || n === 0 ? [lasting()] : [],
      blow: kind && { ...kind, atConfirm, afterMs: below(atConfirm ? CLOSE_MS : SPREAD_MS) },
    };
  });
}

/** Draws all of them in a drawn order, then all of them again. */
function deck<T>(all: readonly T[], below: (n: number) => number): () => T {
  let left: T[] = [];
  return () => {
    if (left.length === 0) left = [...all];
    const [drawn] = left.splice(below(left.length), 1);
    if (drawn === undefined) throw new Error('nothing to draw from');
    return drawn;
  };
}
