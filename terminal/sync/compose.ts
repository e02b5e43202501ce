import { type Report, SYNC_LIMITS, type SyncRequest, type VisitAsked } from '../../protocol/sync/messages.ts';
import type { Book } from '../journal/book.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalStore } from '../journal/port.ts';
import { type Asked, type ReportPlace, type Span, samePlace } from './asked.ts';

/** One request, from what is on the disk: the same for the net and for a stick. */

export interface ComposerDeps {
  readonly store: JournalStore;
  readonly journal: Journal;
  readonly book: Book;
  readonly inc: () => string;
  readonly newId: () => string;
  readonly health: () => NonNullable<SyncRequest['health']>;
  readonly visits: () => readonly VisitAsked[];
  /** Whether the hub takes PINs from this epoch just now: elsewhere they wait. */
  readonly takesPins: () => boolean;
}
/** Where a request begins, and the next of several bundles goes on. */
export interface Place {
  /** By epoch: what comes after this seq. */
  readonly seqs: ReadonlyMap<number, number>;
  readonly texts: number;
  readonly report: ReportPlace | null;
}
export const BEGINNING: ReportPlace = { epoch: 0, slice: 0 };
const MAX_BATCH_CHARS = 700_000;

export function createComposer(deps: ComposerDeps) {
  const { store, journal, book, inc } = deps;
  const { ep, tid } = journal.epoch;

  function compose(via: 'net' | 'courier', place: Place) {
    const { records, sent, more: moreRecords } = collect(place.seqs);
    const head = journal.head();
    const id = deps.newId();
    const known = store.texts(place.texts + SYNC_LIMITS.texts + 1);
    const texts = known.slice(place.texts, place.texts + SYNC_LIMITS.texts);
    const pins = via === 'net' && deps.takesPins() ? store.pins(SYNC_LIMITS.pins) : [];
    const told = place.report === null ? null : reportAt(place.report);
    const asked: Asked = {
      ...{ id, inc: inc(), haveSeq: head.seq, sent, report: told === null ? null : place.report },
      ...{ texts: texts.map(({ hash }) => hash), pins: pins.map((pin) => pin.id) },
    };
    const { judged, roster, catalogue, hotlist, policy } = book.versions();
    const made: SyncRequest = {
      v: 1,
      tid,
      ep,
      via,
      id,
      inc: asked.inc,
      have: { seq: head.seq, head: head.head },
      records,
      ...(told === null ? {} : { report: told }),
      want: { visits: via === 'net' ? [...deps.visits()] : [], judged, roster, catalogue, hotlist, policy },
      texts: [...texts],
      pins: [...pins],
      health: deps.health(),
    };
    const next = told === null || place.report === null ? null : reportAfter(place.report);
    // A report is carried once through: it begins again only where the hub says that it still does not know.
    const rest = next === null || samePlace(next, BEGINNING) ? null : next;
    const after = new Map([...place.seqs].map(([old, seq]) => [old, sent.get(old)?.to ?? seq]));
    const more = moreRecords || rest !== null || known.length > place.texts + texts.length;
    return { request: made, asked, more, place: { seqs: after, texts: place.texts + texts.length, report: rest } };
  }

  /** Earlier epochs' unsent tails first, then this one's: order is seq. */
  function collect(seqs: ReadonlyMap<number, number>) {
    const records: string[] = [];
    const sent: Map<number, Span> = new Map();
    let chars = 0;
    for (const epoch of store.epochs()) {
      const from = seqs.get(epoch.ep) ?? 0;
      for (const record of store.after(epoch.ep, from, SYNC_LIMITS.records + 1 - records.length)) {
        chars += record.jws.length;
        const full = records.length === SYNC_LIMITS.records || (chars > MAX_BATCH_CHARS && records.length > 0);
        if (full) return { records, sent, more: true };
        records.push(record.jws);
        sent.set(epoch.ep, { from, to: record.seq });
      }
    }
    return { records, sent, more: false };
  }

  /** A hub of a new incarnation is told what we hold, slice by slice, until it says that it knows. */
  function reportAt(place: ReportPlace): Report | null {
    if (store.fact('wants-report') !== inc()) return null;
    const epoch = store.epochs()[place.epoch] ?? journal.epoch;
    const grants = store.allowances(epoch.ep).flatMap((row) => row.grantJws ?? []);
    const from = place.slice * SYNC_LIMITS.grants;
    const last = from + SYNC_LIMITS.grants >= grants.length;
    const catalogue = last && epoch.ep === ep ? book.catalogueJws() : null;
    return {
      enrolment: epoch.enrolmentJws,
      grants: grants.slice(from, from + SYNC_LIMITS.grants),
      ...(catalogue === null ? {} : { catalogue }),
      last,
    };
  }

  function reportAfter(place: ReportPlace): ReportPlace {
    const grants = store.allowances(store.epochs()[place.epoch]?.ep ?? ep).length;
    if ((place.slice + 1) * SYNC_LIMITS.grants < grants) return { ...place, slice: place.slice + 1 };
    return { epoch: (place.epoch + 1) % store.epochs().length, slice: 0 };
  }

  return { compose, reportAfter };
}
