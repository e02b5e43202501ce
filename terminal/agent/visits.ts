import type { VisitAnswer } from '../../protocol/sync/messages.ts';
import type { Holder, State } from '../redemption/state.ts';
import type { VisitAnswered } from '../redemption/visit.ts';
import type { Outbox } from '../sync/outbox.ts';

/**
 * Performs what a visit asks for. The UID of the card is held here, in memory, for as long as its session waits; it goes
 * to the hub and nowhere else, and a restart forgets it.
 */
export interface VisitsDeps {
  readonly outbox: Pick<Outbox, 'visit' | 'dropVisit'>;
  /** Asks the hub now. */
  readonly nudge: () => void;
  readonly identify: (uid: string, kind: string) => Holder;
  readonly state: () => State;
  readonly onAnswer: (answer: Omit<VisitAnswered, 'type'>) => void;
}

/** While somebody waits for points from home, the hub is asked this often. */
const ASK_EVERY_MS = 1_000;

interface Card {
  readonly uid: string;
  readonly kind: string;
  readonly token: string;
}

export function createVisits(deps: VisitsDeps) {
  let tapped: Card | null = null;
  let open: { readonly rid: string; readonly session: string; readonly card: Card } | null = null;
  let asking: NodeJS.Timeout | undefined;

  function ask(session: string, token: string): void {
    if (tapped === null || tapped.token !== token) return; // its session ends by its own time
    open = { rid: deps.outbox.visit(tapped.kind, tapped.uid), session, card: tapped };
    deps.nudge();
  }

  function isAwaited(): boolean {
    const state = deps.state();
    if (state.at === 'visit') return state.phase === 'recalling';
    return state.at === 'resident' && (state.visit === 'more-later' || state.visit === 'recalling');
  }

  return {
    ask,
    drop(session: string): void {
      if (open?.session !== session) return;
      deps.outbox.dropVisit(open.rid);
      // What is on its way is answered all the same: a visitor who went on with what was here still hears it.
      if (deps.state().at !== 'resident') open = null;
    },
    /** A card was laid on: who is it, and how could the hub be asked. */
    tapped(uid: string, kind: string): Holder {
      const holder = deps.identify(uid, kind);
      const token = holder.kind === 'unknown' ? holder.token : holder.kind === 'resident' ? holder.person.token : null;
      // The session asks within this very event, or never.
      tapped = token === null ? null : { uid, kind, token };
      return holder;
    },
    answered({ rid, reason, more }: VisitAnswer): void {
      if (open === null || open.rid !== rid) return;
      const { session, card } = open;
      open = null;
      deps.onAnswer({ session, reason, more, holder: deps.identify(card.uid, card.kind) });
    },
    start(): void {
      asking = setInterval(() => {
        if (isAwaited()) deps.nudge();
      }, ASK_EVERY_MS);
    },
    stop: () => clearInterval(asking),
  };
}
