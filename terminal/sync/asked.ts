import type { JournalStore } from '../journal/port.ts';

/** A question that waits for its answer: what was in it, so that the answer can be taken for just that. */
export interface Asked {
  readonly id: string;
  readonly inc: string;
  readonly haveSeq: number;
  /** By epoch: the records after `from` up to `to` were in it. */
  readonly sent: ReadonlyMap<number, Span>;
  readonly texts: readonly string[];
  readonly pins: readonly string[];
  readonly report: ReportPlace | null;
}
export interface Span {
  readonly from: number;
  readonly to: number;
}
/** Which of our epochs (oldest first), which slice of its grants. */
export interface ReportPlace {
  readonly epoch: number;
  readonly slice: number;
}

export function samePlace(a: ReportPlace | null, b: ReportPlace): boolean {
  return a?.epoch === b.epoch && a.slice === b.slice;
}

/** More are forgotten, the oldest first: their records are simply carried again. */
const OPEN_BUNDLES_MAX = 200;

/** A courier takes days, and the agent may start again meanwhile: what was asked by stick stands on the disk. */
export function openBundles(store: JournalStore, ep: number) {
  const fact = `courier:${ep}`;
  const read = (): Asked[] =>
    (JSON.parse(store.fact(fact) ?? '[]') as (Omit<Asked, 'sent'> & { sent: [number, Span][] })[]).map((each) => ({
      ...each,
      sent: new Map(each.sent),
    }));
  function write(all: readonly Asked[]): void {
    const kept = all.slice(-OPEN_BUNDLES_MAX).map((each) => ({ ...each, sent: [...each.sent] }));
    store.setFact(fact, kept.length === 0 ? null : JSON.stringify(kept));
  }
  return {
    find: (id: string): Asked | undefined => read().find((each) => each.id === id),
    add: (fresh: readonly Asked[]): void => write([...read(), ...fresh]),
    drop: (id: string): void => write(read().filter((each) => each.id !== id)),
    forget: (): void => write([]),
  };
}
