import type { Verifying } from '../../protocol/crypto.ts';
import { NUDGES_OPEN_MS, nudgesDocument } from '../../protocol/documents/kinds.ts';
import type { SyncResponse } from '../../protocol/sync/messages.ts';
import type { BookStore } from '../ledger/books.ts';
import { type Listening, type News, NOTHING_TOLD, newsFor } from './news.ts';

/**
 * Who listens, and when each is told to ask. Every `look` compares what stands in the books with what each listener was
 * last told of. A look rather than LISTEN/NOTIFY: a notice is lost with its connection, so that one must look all the same;
 * every rule that writes would have to send it; SQLite has none. What stands in the books is seen by any number of hub
 * processes, whoever wrote it, a command beside the hub included.
 */

export interface Listener {
  readonly ask: () => unknown;
  /** The hub hangs up: the epoch is over, or another stream took this one's place. */
  readonly end: () => void;
}
export interface NudgesDeps {
  readonly store: BookStore;
  readonly verifying: Verifying;
  readonly nowMs: () => number;
  readonly onFault: (what: string, error: unknown) => void;
}

export interface NudgeLimits {
  /** Streams of one hub process. */
  readonly streamsMax: number;
  /** Of what concerns many kiosks alike (a policy, a roster) so many are told in one look, so that not all ask at once. */
  readonly newsALook: number;
  /** Rosters are looked at in every so manieth look: a question a village. */
  readonly rosterEvery: number;
}
/** A county's 305 kiosks, should all of them listen at one process, and as many streams again that are not gone yet. */
export const NUDGE_LIMITS: NudgeLimits = { streamsMax: 640, newsALook: 40, rosterEvery: 8 };

export type NudgeRefusal = 'unknown-terminal' | 'bad-signature' | 'epoch-over' | 'stale' | 'replayed' | 'busy';
export type NudgesOpened =
  | { readonly ok: true; readonly leave: () => void }
  | { readonly ok: false; readonly code: NudgeRefusal };

interface Stream extends Listening {
  readonly openedAt: number;
  readonly listener: Listener;
  told: News;
}
const refused = (code: NudgeRefusal): NudgesOpened => ({ ok: false, code });

export function createNudges({ store, verifying, nowMs, onFault }: NudgesDeps, limits: NudgeLimits = NUDGE_LIMITS) {
  const streams: Map<string, Stream> = new Map();
  let looks = 0;
  let failing = false;

  /** `asked`: the compact JWS that the terminal opened with. One stream an epoch: a later one takes the place of the first. */
  async function open(tid: string, asked: string, listener: Listener): Promise<NudgesOpened> {
    const said = nudgesDocument.readTrusted(asked);
    if (said === null || said.tid !== tid) return refused('bad-signature');
    const { ep, at } = said;
    const epoch = await store.read((books) => books.get('epochs', { tid, ep }));
    if (!epoch?.enrolmentJws || epoch.publicKey === null) return refused('unknown-terminal');
    if (nudgesDocument.open(asked, `${tid}.${ep}`, epoch.publicKey, verifying) === null)
      return refused('bad-signature');
    if (epoch.state !== 'open' && epoch.state !== 'frozen') return refused('epoch-over');
    if (Math.abs(at - nowMs()) > NUDGES_OPEN_MS) return refused('stale');
    const name = `${tid}.${ep}`;
    const before = streams.get(name);
    // Who overheard the header of a stream cannot push its owner out with it.
    if (before !== undefined && at <= before.openedAt) return refused('replayed');
    if (before === undefined && streams.size >= limits.streamsMax) return refused('busy');
    const stream: Stream = { tid, ep, village: epoch.village, openedAt: at, listener, told: NOTHING_TOLD };
    streams.set(name, stream);
    before?.listener.end();
    return { ok: true, leave: () => void (streams.get(name) === stream && streams.delete(name)) };
  }

  /**
   * Nudges whoever has something waiting that they were not told of. A new stream was told of nothing, so its first look
   * always nudges it: what came between its last question and its first look is not lost.
   */
  async function look(): Promise<void> {
    if (streams.size === 0) return;
    const all = [...streams.values()];
    const withRosters = looks % limits.rosterEvery === 0;
    looks += 1;
    try {
      const news = await store.read((books) => newsFor(books, all, nowMs(), withRosters));
      failing = false;
      tell(all, news);
    } catch (error) {
      // Kiosks ask by themselves as ever; one line tells of it, not four a second.
      if (!failing) onFault('looking for what to nudge kiosks about', error);
      failing = true;
    }
  }

  function tell(all: readonly Stream[], news: readonly News[]): void {
    let left = limits.newsALook;
    for (const [i, stream] of all.entries()) {
      const now = news[i] ?? NOTHING_TOLD;
      const { told } = stream;
      const urgent = now.state !== told.state || [...now.urgent].some((each) => !told.urgent.has(each));
      if (!urgent && !isNewer(now, told)) {
        stream.told = { ...told, urgent: now.urgent };
        continue;
      }
      if (!urgent && left === 0) continue;
      if (!urgent) left -= 1;
      stream.told = { ...now, roster: Math.max(now.roster, told.roster) };
      stream.listener.ask();
      if (now.state !== 'open' && now.state !== 'frozen') hangUp(stream);
    }
  }

  function hangUp(stream: Stream): void {
    const name = `${stream.tid}.${stream.ep}`;
    if (streams.get(name) === stream) streams.delete(name);
    stream.listener.end();
  }

  return {
    open,
    look,
    /**
     * What an answer has told already is no news: most of all the grants that the question itself caused. Answers of other
     * hub processes are not seen here; they cost one question more.
     */
    answered({ tid, ep, roster }: SyncResponse): void {
      const stream = streams.get(`${tid}.${ep}`);
      if (stream === undefined || roster === undefined || stream.told === NOTHING_TOLD) return;
      stream.told = { ...stream.told, roster: Math.max(stream.told.roster, roster.version) };
    },
    size: () => streams.size,
  };
}
export type Nudges = ReturnType<typeof createNudges>;

function isNewer(now: News, told: News): boolean {
  const { roster, catalogue, hotlist, policy } = now;
  return roster > told.roster || catalogue > told.catalogue || hotlist > told.hotlist || policy > told.policy;
}

/** What happened and what to do, for every stream that is refused. */
export const NUDGE_SENTENCES: Readonly<
  Record<NudgeRefusal, readonly [status: number, error: string, whatToDo: string]>
> = {
  'unknown-terminal': [403, 'This hub has not enrolled this terminal epoch.', 'Enrol the kiosk, or check its address.'],
  'bad-signature': [401, 'What the stream was asked with is not signed by this kiosk.', 'Check its key file.'],
  'epoch-over': [403, 'This epoch has ended or was revoked.', 'Sync once more; then enrol the kiosk again.'],
  stale: [401, 'What the stream was asked with is too old.', 'Sync first: the kiosk learns the hub’s time by it.'],
  replayed: [409, 'This stream was asked for already.', 'Ask with a later time.'],
  busy: [429, 'The hub has as many streams as it holds.', 'Nothing was lost; the kiosk asks by itself as ever.'],
};
