import { randomBytes } from 'node:crypto';
import type {
  Act,
  ClosedCode,
  ErrorCode,
  KioskView,
  NoticeCode,
  PaperState,
  RemarkCode,
  UnlockReason,
} from '../../protocol/api/kiosk.ts';
import type { PrinterPort } from '../devices/printer/port.ts';
import type { Book } from '../journal/book.ts';
import { isDiskFault } from '../journal/disk-space.ts';
import { type Comforted, comforted, type Kept, UNTOUCHED } from '../redemption/comfort.ts';
import { type Event, step } from '../redemption/session.ts';
import {
  type ClockFacts,
  type Effect,
  type Environment,
  type Holder,
  IDLE,
  type RedeemDraft,
  type State,
} from '../redemption/state.ts';
import type { VisitAnswered } from '../redemption/visit.ts';
import type { AsideDesk } from './aside-desk.ts';
import type { Counter } from './counter.ts';
import type { Redeemed } from './redeem.ts';
import { type ViewFacts, viewOf } from './view.ts';

/** Holds the one session of this kiosk: takes events, performs effects, tells the pages. */

export interface KioskDeps {
  readonly book: Book;
  readonly printer: PrinterPort;
  readonly mmPx: number;
  readonly nowMs: () => number;
  readonly redeem: (draft: RedeemDraft) => Redeemed;
  readonly checkPin: (token: string, pin: string) => Promise<{ ok: boolean; triesLeft: number }>;
  /** Asks the hub about the card that was tapped last, where it is this one; or no longer. */
  readonly askVisit: (session: string, token: string) => void;
  readonly dropVisit: (session: string) => void;
  readonly setPin: (token: string, pin: string, clerk: string) => Promise<CardOutcome>;
  readonly unlockCard: (token: string, reason: UnlockReason, clerk: string) => CardOutcome;
  readonly aside: AsideDesk;
  readonly counter: Counter;
  readonly confirmDate: (at: number, clerk: string) => boolean;
  readonly clock: () => ClockFacts;
  /** What a card is remembered by; null: nothing yet. */
  readonly keptOf: (token: string) => Kept | null;
  readonly keep: (token: string, kept: Kept) => void;
  readonly closed: () => { code: ClosedCode; fingerprint?: string } | null;
  readonly notices: () => readonly NoticeCode[];
  readonly offline: () => boolean;
  /** A print job was queued, a record committed. */
  readonly onPrintJob: () => void;
  readonly onRecord: () => void;
  readonly log: (says: string) => void;
}

type CardOutcome = { readonly ok: boolean; readonly code: RemarkCode };

const TICK_MS = 250;
const RECENT_PRINTS = 20;

export function createKiosk(deps: KioskDeps) {
  const listeners: Set<(view: KioskView) => void> = new Set();
  let state: State = IDLE;
  let comfort: Comforted = UNTOUCHED;
  let rev = 0;
  let beep: KioskView['beep'] | null = null;
  let shown = '';

  function environment(): Environment {
    const catalogue = deps.book.catalogue();
    return {
      nowMs: deps.nowMs(),
      items: catalogue?.items ?? [],
      categories: catalogue?.categories.map((category) => category.id) ?? [],
      pinAbovePts: deps.book.policy()?.pinAbovePts ?? 0,
      ...{ offline: deps.offline(), clock: deps.clock(), largeText: comfort.comfort.large },
      ...{ notices: deps.notices(), about: deps.aside.about },
      canVoid: deps.counter.canVoid,
      newSession: () => randomBytes(9).toString('base64url'),
    };
  }

  function dispatch(event: Event): void {
    const env = environment();
    const before = state;
    const { state: next, effects } = step(state, event, env);
    state = next;
    const { keep, ...now } = comforted(comfort, { before, after: next, event, nowMs: env.nowMs, keptOf: deps.keptOf });
    comfort = now;
    if (keep !== undefined) remember(keep.token, keep.kept);
    for (const effect of effects) perform(effect);
    publish();
  }

  /** What a full disk does not keep holds until the session's end all the same. */
  function remember(token: string, kept: Kept): void {
    try {
      deps.keep(token, kept);
    } catch (error) {
      deps.log(`a preference could not be kept: ${(error as Error).stack}`);
    }
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'beep':
        beep = { id: (beep?.id ?? 0) + 1, kind: effect.kind };
        return;
      case 'commit':
        return commit(effect.session, effect.draft);
      case 'check-pin':
        return void checkPin(effect.session, effect.token, effect.pin);
      case 'ask-visit':
        return deps.askVisit(effect.session, effect.token);
      case 'drop-visit':
        return deps.dropVisit(effect.session);
      case 'set-pin':
        return void served(effect.session, deps.setPin(effect.token, effect.pin, effect.clerk));
      case 'unlock-card': {
        const { session, token, reason, clerk } = effect;
        return void served(session, new Promise((resolve) => resolve(deps.unlockCard(token, reason, clerk))));
      }
      case 'confirm-date':
        return confirmDate(effect.session, effect.at, effect.clerk);
      case 'print-paper':
        return deps.aside.print(effect, dispatch);
      case 'file-case':
        return deps.aside.file(effect, dispatch);
      case 'look-up':
        return dispatch({
          ...{ type: 'looked-up', session: effect.session },
          holder: deps.counter.lookUp(effect.acct, effect.last4),
        });
      case 'begin-help':
        return beginHelp(effect.session, effect.token, effect.clerk);
      case 'void':
        return undo(effect);
      case 'print-copy':
        return printCopy(effect.seq, effect.clerk);
    }
  }

  /** A try that could not be counted was not made: a full disk must give nobody tries without end. */
  async function checkPin(session: string, token: string, pin: string): Promise<void> {
    try {
      dispatch({ type: 'pin-checked', session, ...(await deps.checkPin(token, pin)) });
    } catch (error) {
      deps.log(`checking a PIN failed: ${(error as Error).stack}`);
      dispatch({ type: 'commit-refused', session, code: 'commit-failed' });
    }
  }

  /** A disk that is full keeps no PIN: the clerk is told, the log says why. */
  async function served(session: string, work: Promise<CardOutcome>): Promise<void> {
    const outcome = await work.catch((error: Error): CardOutcome => {
      deps.log(`serving a card failed: ${error.stack}`);
      return { ok: false, code: 'not-kept' };
    });
    dispatch({ type: 'card-served', session, ...outcome });
    if (outcome.ok) deps.onRecord();
  }

  function confirmDate(session: string, at: number, clerk: string): void {
    let ok = false;
    try {
      ok = deps.confirmDate(at, clerk);
    } catch (error) {
      deps.log(`confirming the date failed: ${(error as Error).stack}`);
    }
    dispatch({ type: 'date-answered', session, ok });
  }

  /** Without its note nobody is helped: a disk that is full begins no session for anybody. */
  function beginHelp(session: string, token: string, clerk: string): void {
    let holder: Holder;
    try {
      holder = deps.counter.beginHelp(token, clerk);
    } catch (error) {
      deps.log(`helping was not noted, so it did not begin: ${(error as Error).stack}`);
      return dispatch({ type: 'card-served', session, ok: false, code: 'not-kept' });
    }
    dispatch({ type: 'help-begun', session, holder });
  }

  function undo({ session, ref, reason, clerk }: Extract<Effect, { type: 'void' }>): void {
    let outcome: CardOutcome;
    try {
      outcome = deps.counter.undo(ref, reason, clerk);
    } catch (error) {
      deps.log(`void of record ${ref} failed: ${(error as Error).stack}`);
      outcome = { ok: false, code: 'not-kept' };
    }
    dispatch({ type: 'voided', session, ...outcome });
    if (outcome.ok) deps.onRecord();
  }

  function printCopy(seq: number, clerk: string): void {
    deps.log(`copy of record ${seq} asked for by clerk ${clerk}`);
    if (deps.counter.printCopy(seq, clerk)) deps.onPrintJob();
  }

  function commit(session: string, draft: RedeemDraft): void {
    let outcome: Redeemed;
    try {
      outcome = deps.redeem(draft);
    } catch (error) {
      // Nothing was committed, or we would have crashed harder: the person is told, and the log says why.
      deps.log(`commit failed: ${(error as Error).stack}`);
      outcome = { ok: false, code: isDiskFault(error) ? 'disk-low' : 'commit-failed' };
    }
    if (!outcome.ok) return dispatch({ type: 'commit-refused', session, code: outcome.code });
    // Committed and fenced: now the screen, the paper and the hub may know.
    dispatch({ type: 'committed', session, done: outcome.done, seq: outcome.seq });
    deps.onPrintJob();
    deps.onRecord();
  }

  function view(): KioskView {
    const nowhere = { zh: '', en: '' };
    const place = deps.book.policy()?.place;
    const facts: ViewFacts = {
      ...{ rev, closed: deps.closed(), catalogue: deps.book.catalogue(), mmPx: deps.mmPx, beep },
      ...{ prints: () => deps.counter.prints(RECENT_PRINTS), counter: deps.counter },
      place: { village: place?.village ?? nowhere, shop: place?.shop ?? nowhere },
      ...{ offline: deps.offline(), notices: deps.notices(), nowMs: deps.nowMs(), clock: deps.clock() },
      ...{ timeZone: deps.book.policy()?.timeZone ?? 'UTC', largeText: comfort.comfort.large },
    };
    return { ...viewOf(state, facts), preferences: comfort.comfort };
  }

  /** Sends the view where it differs from what was sent last. */
  function publish(): void {
    const { rev: _, ...content } = view();
    const text = JSON.stringify(content);
    if (text === shown) return;
    shown = text;
    rev += 1;
    const next = { ...content, rev };
    for (const listener of listeners) listener(next);
  }

  const ticking = setInterval(() => dispatch({ type: 'tick' }), TICK_MS);

  return {
    view,
    publish,
    state: () => state,
    card: (holder: Holder) => {
      if (deps.closed() === null || holder.kind === 'clerk') dispatch({ type: 'card', holder });
    },
    cardRefused: (code: ErrorCode) => dispatch({ type: 'card-refused', code }),
    /** `code` null: something that is no code. A kiosk that is closed sells nothing, so there is nothing to say. */
    scanned: (code: string | null) => {
      if (deps.closed() === null) dispatch({ type: 'scan', code });
    },
    act: (session: string | null, act: Act) => dispatch({ type: 'act', session, act }),
    printed: (seq: number, paper: PaperState) => dispatch({ type: 'printed', seq, paper }),
    visitAnswered: (answer: Omit<VisitAnswered, 'type'>) => dispatch({ type: 'visit-answered', ...answer }),
    points: (acct: string, spendablePts: number, elsewherePts: number) =>
      dispatch({ type: 'points', acct, spendablePts, elsewherePts }),
    onView(listener: (view: KioskView) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => clearInterval(ticking),
  };
}
