import { BUNDLES_MAX } from '../../protocol/sync/courier.ts';
import { SYNC_LIMITS, type SyncRequest, type SyncResponse, type VisitAsked } from '../../protocol/sync/messages.ts';
import type { Book } from '../journal/book.ts';
import { noteNextKey } from '../journal/hub-keys.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalStore } from '../journal/port.ts';
import { type Asked, openBundles, samePlace } from './asked.ts';
import { BEGINNING, createComposer, type Place } from './compose.ts';

/**
 * The outbox is the journal itself: what the hub has not stored is sent again, in order, until it has. Pure of network and
 * clock: it makes requests and takes answers, whatever carries them.
 */

export interface OutboxDeps {
  readonly store: JournalStore;
  readonly journal: Journal;
  readonly book: Book;
  /** The incarnation the enrolment names; later ones are learned. */
  readonly enrolledInc: string;
  readonly newId: () => string;
  readonly health: () => NonNullable<SyncRequest['health']>;
}

/** What the hub is known to hold of the current epoch. */
export interface HubHead {
  readonly seq: number;
  readonly head: string;
}
export type HubState = SyncResponse['state'];

/** What an answer came to. */
export interface Accepted {
  /** False: the answer to nothing we still ask. Nothing was changed. */
  readonly ours: boolean;
  /** Something moved, and more is waiting: ask again at once. */
  readonly again: boolean;
  /** The hub asks points back: to be returned before the next request. */
  readonly recalls: SyncResponse['recalls'];
  readonly visits: SyncResponse['visits'];
}
const NOT_OURS: Accepted = { ours: false, again: false, recalls: [], visits: [] };

/** What an answer may be believed to say of us. */
interface Weight {
  /** That the hub holds what we have not. */
  readonly behind: boolean;
  /** That our head is the hub's own. */
  readonly head: boolean;
  readonly state: boolean;
}
const NO_HUB_HEAD = '{"seq":0,"head":""}';
const MAX_OPEN_REQUESTS = 20;

export function createOutbox(deps: OutboxDeps) {
  const { store, journal, book } = deps;
  const { ep } = journal.epoch;
  let hub: HubHead = JSON.parse(store.fact(`hub:${ep}`) ?? NO_HUB_HEAD);
  let open: Asked[] = [];
  let visits: VisitAsked[] = [];
  let headConfirmed = false;
  /** Where the report stands. */
  let report = BEGINNING;
  const bundles = openBundles(store, ep);
  const { compose, reportAfter } = createComposer({
    ...deps,
    inc: () => inc(),
    visits: () => visits,
    takesPins: () => hubState() === 'open' && !rolledBack(),
  });
  /** While rolled back: how far all we hold was sent once more. */
  let resendCursor = 0;

  const inc = () => store.fact('inc') ?? deps.enrolledInc;
  const rolledBack = () => store.fact(`rolled-back:${ep}`) !== null;
  const resent = () => store.fact(`rolled-back:${ep}`) === 'resent';
  /** Behind its own `end` an epoch is over, whatever the hub has heard of it. */
  const hubState = (): HubState =>
    store.last(ep)?.payload.type === 'end' ? 'ended' : ((store.fact(`state:${ep}`) as HubState | null) ?? 'open');
  const sentOf = (old: number) => Number(store.fact(`sent:${old}`) ?? 0);

  function request(): SyncRequest {
    const { request: made, asked } = compose('net', start());
    open = [...open, asked].slice(-MAX_OPEN_REQUESTS);
    return made;
  }

  /**
   * The same body for a stick that may be lost: so without PINs, and without the card of who stands here just now. As many
   * bundles as it takes; `left`: records that are not in them. What was asked is durable when this returns.
   */
  function courier(bundlesMax = BUNDLES_MAX): { readonly requests: readonly SyncRequest[]; readonly left: number } {
    const requests: SyncRequest[] = [];
    const asked: Asked[] = [];
    let place = start();
    let sent = 0;
    for (let more = true; more && requests.length < bundlesMax; ) {
      const made = compose('courier', place);
      requests.push(made.request);
      asked.push(made.asked);
      ({ place, more } = made);
      sent += made.request.records.length;
    }
    bundles.add(asked);
    return { requests, left: Math.max(0, waiting() - sent) };
  }

  function start(): Place {
    const seqs = new Map(store.epochs().map((epoch) => [epoch.ep, sentUpTo(epoch.ep)]));
    return { seqs, texts: 0, report };
  }
  const sentUpTo = (old: number) => (old !== ep ? sentOf(old) : rolledBack() ? resendCursor : hub.seq);
  const waiting = () =>
    store.epochs().reduce((sum, each) => sum + Math.max(0, (store.last(each.ep)?.seq ?? 0) - sentUpTo(each.ep)), 0);

  /** Takes an answer whose signature was checked. Everything it brings is durable when this returns. */
  function accept(response: SyncResponse): Accepted {
    const byNet = open.find((each) => each.id === response.id);
    const asked = byNet ?? bundles.find(response.id);
    // An answer to a request of an earlier incarnation is worth nothing, however it comes.
    if (asked === undefined || asked.inc !== inc()) return NOT_OURS;
    const latest = open.at(-1)?.id === asked.id;
    const weight = byNet === undefined ? weightOfStick(response) : { behind: latest, head: latest, state: latest };
    const before = { open, visits, report, resendCursor };
    open = latest ? [] : open.filter((each) => each.id !== asked.id);
    try {
      return store.transact(() => {
        if (byNet === undefined) bundles.drop(asked.id);
        return taken(asked, response, weight);
      });
    } catch (error) {
      // Nothing of it is durable: so nothing of it is known, and the hub will say it again.
      ({ open, visits, report, resendCursor } = before);
      hub = JSON.parse(store.fact(`hub:${ep}`) ?? NO_HUB_HEAD);
      book.reload();
      throw error;
    }
  }

  /**
   * A stick may be weeks old, older than the copy that this journal was put back from: so it confirms no head. That the hub
   * holds records which we do not is true for ever. Of the state the newer word counts, by the hub's own clock.
   */
  function weightOfStick({ at }: SyncResponse): Weight {
    return { behind: true, head: false, state: at > Number(store.fact(`state-at:${ep}`) ?? 0) };
  }

  function noteState({ state, at }: SyncResponse): void {
    const next = state === 'open' ? null : state;
    if (next === store.fact(`state:${ep}`)) return;
    store.setFact(`state:${ep}`, next);
    store.setFact(`state-at:${ep}`, String(at));
  }

  function taken(asked: Asked, response: SyncResponse, weight: Weight): Accepted {
    if (response.inc !== inc()) return adoptIncarnation(response);
    noteNextKey(store, response);
    // Before the roster: from here on the hub's word on these cards holds again. A hub that takes nothing from this epoch
    // just now has not taken them either.
    if (response.state === 'open' && response.resendFrom === undefined) store.dropPins(asked.pins);
    book.apply(response);
    const moved = noteStored(asked, response, weight);
    store.dropTexts(asked.texts);
    visits = visits.filter(({ rid }) => !response.visits.some((answer) => answer.rid === rid));
    const reporting = noteReport(asked, response);
    if (weight.state) noteState(response);
    const unsentNew = !rolledBack() && journal.head().seq > hub.seq;
    const again = (moved && (unsentNew || unsentOld())) || reporting || (moved && response.retryAfter === 0);
    return { ours: true, again, recalls: response.recalls, visits: response.visits };
  }

  /** The hub lost its memory: our open requests and their answers count no more, and we tell it what we hold. */
  function adoptIncarnation(response: SyncResponse): Accepted {
    tellAnew(response.inc);
    if (response.reported) store.setFact('wants-report', null);
    if (rolledBack()) store.setFact(`rolled-back:${ep}`, 'shown');
    // What the restored hub holds need not be ours: another copy may have told it first.
    if (!rolledBack() && isBehind(response)) store.setFact(`rolled-back:${ep}`, 'shown');
    else if (!rolledBack()) noteHead(response);
    return { ours: true, again: true, recalls: [], visits: [] };
  }

  /** From here on all that older epochs sent, and all that was granted, is told once more. */
  function tellAnew(next: string): void {
    store.setFact('inc', next);
    store.setFact('wants-report', next);
    book.forgetVersions();
    open = [];
    bundles.forget();
    visits = [];
    report = BEGINNING;
    resendCursor = 0;
    for (const { ep: old } of store.epochs()) if (old !== ep) store.setFact(`sent:${old}`, '0');
  }

  /**
   * The hub may have lost its memory between two epochs of ours: then the enrolment is the first to say so, and no answer
   * ever will, as it names the incarnation that we ask by.
   */
  function takeUpEnrolment(): void {
    const known = store.fact('inc');
    const fresh = journal.head().seq === 0 && store.fact('enrolled-epoch') !== String(ep);
    if (known !== null && !fresh) return;
    store.transact(() => {
      store.setFact('enrolled-epoch', String(ep));
      if (known === null) store.setFact('inc', deps.enrolledInc);
      else if (known !== deps.enrolledInc) tellAnew(deps.enrolledInc);
    });
  }

  function noteReport(asked: Asked, response: SyncResponse): boolean {
    if (response.reported) {
      store.setFact('wants-report', null);
      return false;
    }
    if (store.fact('wants-report') === null) store.setFact('wants-report', inc());
    if (!samePlace(asked.report, report)) return asked.report !== null;
    // After the last slice of the last epoch it begins again: the hub said that it still does not know.
    report = reportAfter(report);
    return true;
  }

  /** True where the hub holds more than we knew. */
  function noteStored(asked: Asked, response: SyncResponse, weight: Weight): boolean {
    let moved = false;
    for (const [old, { from, to }] of asked.sent) {
      // Of several bundles one may be lost: what it held is not there because a later one is.
      if (old === ep || to <= sentOf(old) || from > sentOf(old)) continue;
      store.setFact(`sent:${old}`, String(to));
      moved = true;
    }
    if (rolledBack()) {
      const span = asked.sent.get(ep);
      const to = span === undefined || span.from > resendCursor ? resendCursor : span.to;
      moved ||= to > resendCursor;
      resendCursor = Math.max(resendCursor, to);
      if (resendCursor >= journal.head().seq) store.setFact(`rolled-back:${ep}`, 'resent');
      return moved;
    }
    const { seq, head } = response.stored;
    // Being behind the hub is judged on the answer to our latest request only: an older one may say less than is true.
    if (weight.behind && isBehind(response)) {
      store.setFact(`rolled-back:${ep}`, 'shown');
      resendCursor = 0;
      return true;
    }
    if (journal.hashAt(seq) !== head || seq < hub.seq) return moved;
    if (weight.head && seq >= asked.haveSeq) headConfirmed = true;
    return noteHead(response) || moved;
  }

  /** The hub has another record where we have ours, or one where we have none. */
  function isBehind({ stored: { seq, head }, resendFrom }: SyncResponse): boolean {
    return resendFrom !== undefined || (seq > 0 && journal.hashAt(seq) !== head);
  }

  /** Only what changed is written: a quiet kiosk must not wear its disk with a synced write every few seconds. */
  function noteHead(response: SyncResponse): boolean {
    const { seq, head } = response.stored;
    if (seq === hub.seq && head === hub.head) return false;
    const grew = seq > hub.seq;
    hub = { seq, head };
    store.setFact(`hub:${ep}`, JSON.stringify(hub));
    return grew;
  }

  function unsentOld(): boolean {
    return store.epochs().some((epoch) => epoch.ep !== ep && (store.last(epoch.ep)?.seq ?? 0) > sentOf(epoch.ep));
  }

  takeUpEnrolment();

  return {
    request,
    courier,
    accept,
    /** Asks the hub who lies on the reader, at the next request; forgotten at a restart, like the card itself. */
    visit(kind: string, uid: string): string {
      const rid = deps.newId();
      visits = [...visits, { rid, kind, uid }].slice(-SYNC_LIMITS.visits);
      return rid;
    },
    /** Nobody stands here for it any more: what was not answered is not asked again. */
    dropVisit(rid: string): void {
      visits = visits.filter((asked) => asked.rid !== rid);
    },
    hub: () => hub,
    inc,
    rolledBack,
    resent,
    headConfirmed: () => headConfirmed,
    hubState,
    /** Records the hub has not stored yet, of all epochs. */
    unsent(): number {
      const old = store.epochs().filter((epoch) => epoch.ep !== ep);
      const tails = old.reduce((sum, { ep: each }) => sum + (store.last(each)?.seq ?? 0) - sentOf(each), 0);
      return tails + Math.max(0, journal.head().seq - hub.seq);
    },
    /** When the first of them was made, by the clock of that moment; null where none waits. */
    oldestUnsentAt(): number | null {
      const first = ({ ep: each }: { ep: number }) => store.record(each, (each === ep ? hub.seq : sentOf(each)) + 1);
      const waits = store.epochs().find((epoch) => first(epoch) !== null);
      return waits === undefined ? null : (first(waits)?.payload.at ?? null);
    },
  };
}
export type Outbox = ReturnType<typeof createOutbox>;
