import {
  type Report,
  SYNC_LIMITS,
  type SyncRequest,
  type SyncResponse,
  type VisitAsked,
} from '../../protocol/sync/messages.ts';
import type { Book } from '../journal/book.ts';
import { noteNextKey } from '../journal/hub-keys.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalStore } from '../journal/port.ts';

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

interface Asked {
  readonly id: string;
  readonly inc: string;
  readonly haveSeq: number;
  /** Last seq of the current epoch in it; of earlier epochs by ep. */
  readonly sent: ReadonlyMap<number, number>;
  readonly texts: readonly string[];
  readonly pins: readonly string[];
  readonly visits: readonly string[];
  readonly report: { readonly epoch: number; readonly slice: number } | null;
}

const NO_HUB_HEAD = '{"seq":0,"head":""}';
const MAX_BATCH_CHARS = 700_000;
const MAX_OPEN_REQUESTS = 20;

export function createOutbox(deps: OutboxDeps) {
  const { store, journal, book } = deps;
  const { ep, tid } = journal.epoch;
  let hub: HubHead = JSON.parse(store.fact(`hub:${ep}`) ?? NO_HUB_HEAD);
  let open: Asked[] = [];
  let visits: VisitAsked[] = [];
  let headConfirmed = false;
  /** Where the report stands: which of our epochs (oldest first), which slice of its grants. */
  let report = { epoch: 0, slice: 0 };
  /** While rolled back: how far all we hold was sent once more. */
  let resendCursor = 0;

  const inc = () => store.fact('inc') ?? deps.enrolledInc;
  const rolledBack = () => store.fact(`rolled-back:${ep}`) !== null;
  const resent = () => store.fact(`rolled-back:${ep}`) === 'resent';
  /** Behind its own `end` an epoch is over, whatever the hub has heard of it. */
  const hubState = (): HubState =>
    store.last(ep)?.payload.type === 'end' ? 'ended' : ((store.fact(`state:${ep}`) as HubState | null) ?? 'open');
  const sentOf = (old: number) => Number(store.fact(`sent:${old}`) ?? 0);

  /** `via` courier: the same body, without PINs: a stick may be lost. */
  function request(via: 'net' | 'courier' = 'net'): SyncRequest {
    const sent: Map<number, number> = new Map();
    const records: string[] = [];
    collect(records, sent);
    const head = journal.head();
    const id = deps.newId();
    const texts = store.texts(SYNC_LIMITS.texts);
    const pins = via === 'net' && hubState() === 'open' && !rolledBack() ? store.pins(SYNC_LIMITS.pins) : [];
    const told = reportNow();
    const asked: Asked = {
      id,
      inc: inc(),
      haveSeq: head.seq,
      sent,
      report: told === null ? null : report,
      texts: texts.map(({ hash }) => hash),
      pins: pins.map((pin) => pin.id),
      visits: visits.map(({ rid }) => rid),
    };
    open = [...open, asked].slice(-MAX_OPEN_REQUESTS);
    const { judged, roster, catalogue, hotlist, policy } = book.versions();
    return {
      v: 1,
      tid,
      ep,
      via,
      id,
      inc: asked.inc,
      have: { seq: head.seq, head: head.head },
      records,
      ...(told === null ? {} : { report: told }),
      want: { visits: [...visits], judged, roster, catalogue, hotlist, policy },
      texts: [...texts],
      pins: [...pins],
      health: deps.health(),
    };
  }

  /** Earlier epochs' unsent tails first, then this one's: order is seq. */
  function collect(records: string[], sent: Map<number, number>): void {
    let chars = 0;
    for (const epoch of store.epochs()) {
      const from = epoch.ep === ep ? (rolledBack() ? resendCursor : hub.seq) : sentOf(epoch.ep);
      for (const record of store.after(epoch.ep, from, SYNC_LIMITS.records - records.length)) {
        chars += record.jws.length;
        if (chars > MAX_BATCH_CHARS && records.length > 0) return;
        records.push(record.jws);
        sent.set(epoch.ep, record.seq);
      }
    }
  }

  /** A hub of a new incarnation is told what we hold, slice by slice, until it says that it knows. */
  function reportNow(): Report | null {
    if (store.fact('wants-report') !== inc()) return null;
    const epoch = store.epochs()[report.epoch] ?? journal.epoch;
    const grants = store.allowances(epoch.ep).flatMap((row) => row.grantJws ?? []);
    const from = report.slice * SYNC_LIMITS.grants;
    const last = from + SYNC_LIMITS.grants >= grants.length;
    const catalogue = last && epoch.ep === ep ? book.catalogueJws() : null;
    return {
      enrolment: epoch.enrolmentJws,
      grants: grants.slice(from, from + SYNC_LIMITS.grants),
      ...(catalogue === null ? {} : { catalogue }),
      last,
    };
  }

  /** Takes an answer whose signature was checked. Everything it brings is durable when this returns. */
  function accept(response: SyncResponse): Accepted {
    const asked = open.find((each) => each.id === response.id);
    // An answer to a request of an earlier incarnation is worth nothing, however it comes.
    if (asked === undefined || asked.inc !== inc()) return NOT_OURS;
    const latest = open.at(-1)?.id === asked.id;
    const before = { open, visits };
    open = latest ? [] : open.filter((each) => each.id !== asked.id);
    try {
      return store.transact(() => taken(asked, response, latest));
    } catch (error) {
      // Nothing of it is durable: so nothing of it is known, and the hub will say it again.
      ({ open, visits } = before);
      hub = JSON.parse(store.fact(`hub:${ep}`) ?? NO_HUB_HEAD);
      book.reload();
      throw error;
    }
  }

  function taken(asked: Asked, response: SyncResponse, latest: boolean): Accepted {
    if (response.inc !== inc()) return adoptIncarnation(response);
    noteNextKey(store, response);
    // Before the roster: from here on the hub's word on these cards holds again. A hub that takes nothing from this epoch
    // just now has not taken them either.
    if (response.state === 'open' && response.resendFrom === undefined) store.dropPins(asked.pins);
    book.apply(response);
    const moved = noteStored(asked, response, latest);
    store.dropTexts(asked.texts);
    visits = visits.filter(({ rid }) => !response.visits.some((answer) => answer.rid === rid));
    const reporting = noteReport(asked, response);
    if (latest) store.setFact(`state:${ep}`, response.state === 'open' ? null : response.state);
    const waiting = !rolledBack() && journal.head().seq > hub.seq;
    const again = (moved && (waiting || unsentOld())) || reporting || (moved && response.retryAfter === 0);
    return { ours: true, again, recalls: response.recalls, visits: response.visits };
  }

  /** The hub lost its memory: our open requests and their answers count no more, and we tell it what we hold. */
  function adoptIncarnation(response: SyncResponse): Accepted {
    store.setFact('inc', response.inc);
    book.forgetVersions();
    open = [];
    visits = [];
    report = { epoch: 0, slice: 0 };
    store.setFact('wants-report', response.reported ? null : response.inc);
    for (const { ep: old } of store.epochs()) if (old !== ep) store.setFact(`sent:${old}`, '0');
    if (rolledBack()) store.setFact(`rolled-back:${ep}`, 'shown');
    resendCursor = 0;
    // What the restored hub holds need not be ours: another copy may have told it first.
    if (!rolledBack() && isBehind(response)) store.setFact(`rolled-back:${ep}`, 'shown');
    else if (!rolledBack()) noteHead(response);
    return { ours: true, again: true, recalls: [], visits: [] };
  }

  function noteReport(asked: Asked, response: SyncResponse): boolean {
    if (response.reported) {
      store.setFact('wants-report', null);
      return false;
    }
    if (store.fact('wants-report') === null) store.setFact('wants-report', inc());
    if (asked.report !== report) return asked.report !== null;
    const grants = store.allowances(store.epochs()[report.epoch]?.ep ?? ep).length;
    const more = (report.slice + 1) * SYNC_LIMITS.grants < grants;
    // After the last slice of the last epoch it begins again: the hub said that it still does not know.
    const next = (report.epoch + 1) % store.epochs().length;
    report = more ? { ...report, slice: report.slice + 1 } : { epoch: next, slice: 0 };
    return true;
  }

  /** True where the hub holds more than we knew. */
  function noteStored(asked: Asked, response: SyncResponse, latest: boolean): boolean {
    let moved = false;
    for (const [old, seq] of asked.sent) {
      if (old === ep || seq <= sentOf(old)) continue;
      store.setFact(`sent:${old}`, String(seq));
      moved = true;
    }
    if (rolledBack()) {
      const to = asked.sent.get(ep) ?? resendCursor;
      moved ||= to > resendCursor;
      resendCursor = Math.max(resendCursor, to);
      if (resendCursor >= journal.head().seq) store.setFact(`rolled-back:${ep}`, 'resent');
      return moved;
    }
    const { seq, head } = response.stored;
    // Being behind the hub is judged on the answer to our latest request only: an older one may say less than is true.
    if (latest && isBehind(response)) {
      store.setFact(`rolled-back:${ep}`, 'shown');
      resendCursor = 0;
      return true;
    }
    if (journal.hashAt(seq) !== head || seq < hub.seq) return moved;
    if (latest && seq >= asked.haveSeq) headConfirmed = true;
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

  return {
    request,
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
  };
}
export type Outbox = ReturnType<typeof createOutbox>;
