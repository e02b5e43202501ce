import type { Hashing, Signer, Verifying } from '../../protocol/crypto.ts';
import { parseDetached, signDetached } from '../../protocol/jws/compact.ts';
import { utf8 } from '../../protocol/primitives/bytes.ts';
import type { SyncAsk, SyncResponse } from '../../protocol/sync/messages.ts';
import type { BookStore, Books } from '../ledger/books.ts';
import type { EpochRow } from '../ledger/tables.ts';
import { type AnswerDeps, compose, judgeQuietly, prepare } from './answer.ts';
import { arrivalOf, storeBatch } from './custody.ts';
import { arrivedOf, type EnvelopeRefusal, type ReadEnvelope, type ReadRecord, readEnvelope } from './envelope.ts';
import type { Fresh, Judging } from './judging.ts';
import { keptHealth } from './kept-health.ts';
import type { StoredBatch } from './port.ts';

/** One sync request: verify the envelope, take custody durably, answer. Judging comes after custody and cannot undo it. */

export interface SyncDeps extends AnswerDeps {
  readonly store: BookStore;
  readonly judging: Judging;
  readonly crypto: Hashing & Verifying;
  readonly hub: Signer;
  readonly nowMs: () => number;
  /** Reads envelopes on worker threads in a hub that listens; here and now without it. */
  readonly readEnvelope?: ReadEnvelope;
  /** Told of a failure after custody, which the terminal need not know of. */
  readonly onFault: (what: string, error: unknown) => void;
}

export type SyncRefusal = EnvelopeRefusal | 'courier-by-net' | 'not-a-bundle';
export type SyncOutcome =
  | { readonly ok: true; readonly response: SyncResponse; readonly body: Uint8Array; readonly signature: string }
  | { readonly ok: false; readonly code: SyncRefusal };

export function createSync(deps: SyncDeps) {
  const read: ReadEnvelope = deps.readEnvelope ?? (async (envelope) => arrivedOf(readEnvelope(envelope, deps.crypto)));

  /**
   * `body` as it was signed, or gzip of it where `packed`. `by`: the operator who brings a courier's bundle, null by net. A
   * bundle is taken from a signed-in operator only: who finds a stick gets no roster and no pepper out of the hub.
   */
  return async function sync(
    tid: string,
    body: Uint8Array,
    signature: string,
    by: string | null = null,
    packed = false,
  ): Promise<SyncOutcome> {
    const epochs = await deps.store.read((books) => books.list('epochs', 'ofTerminal', { tid }));
    const enrolled = epochs.filter((row) => row.enrolmentJws !== null);
    const keys = enrolled.flatMap((row) => (row.publicKey === null ? [] : [[row.ep, row.publicKey] as const]));
    // Known by its header alone: who is not enrolled gets no work done on what it sent.
    const kid = parseDetached('tally-sync', signature, new Uint8Array())?.kid;
    if (kid?.split('.')[0] !== tid) return { ok: false, code: 'bad-signature' };
    if (keys.length === 0) return { ok: false, code: 'unknown-terminal' };
    const envelope = await read({ tid, body, packed, signature, keys });
    if (!envelope.ok) return envelope;
    const { request, records } = envelope;
    const epoch = enrolled.find((row) => row.ep === request.ep);
    if (epoch === undefined) return { ok: false, code: 'unknown-terminal' };
    if (request.via === 'courier' && by === null) return { ok: false, code: 'courier-by-net' };
    if (request.via === 'net' && by !== null) return { ok: false, code: 'not-a-bundle' };
    const response = await keep(deps, epoch, request, records, by);
    const bytes = utf8(JSON.stringify(response satisfies SyncResponse));
    return { ok: true, response, body: bytes, signature: signDetached('tally-sync', bytes, deps.hub) };
  };
}

/**
 * Custody, then judging and what the answer gives, then the answer. Where one writer does it all anyway it is one
 * transaction, else custody has its own, which waits for nobody. Custody depends on nothing: where judging fails, it is
 * taken without it, and judging is tried again by itself. Nothing is answered before its transaction stands.
 */
async function keep(
  deps: SyncDeps,
  epoch: EpochRow,
  request: SyncAsk,
  recordsNow: () => readonly ReadRecord[],
  by: string | null,
): Promise<SyncResponse> {
  const { store } = deps;
  const { tid } = epoch;
  const at = deps.nowMs();
  const custody = (books: Books) => takeCustody(books, epoch, request, recordsNow(), at, by);
  const tell = (error: unknown) => {
    deps.onFault(`judging what ${tid} brought`, error);
    return null;
  };
  if (store.oneWriter) {
    const whole = async (books: Books) => {
      const records = recordsNow();
      const stored = await takeCustody(books, epoch, request, records, at, by);
      return judgeAndAnswer(books, deps, request, stored, records);
    };
    const answer = await store.write(whole).catch(tell);
    return answer ?? answerAfter(deps, request, await store.custody(tid, custody));
  }
  const stored = await store.custody(tid, custody);
  // From here on the records survive whatever happens; a failure below must not make the terminal think otherwise.
  const answer = await store.write((books) => judgeAndAnswer(books, deps, request, stored, recordsNow())).catch(tell);
  return answer ?? answerAfter(deps, request, stored);
}

async function judgeAndAnswer(
  books: Books,
  deps: SyncDeps,
  request: SyncAsk,
  stored: StoredBatch,
  records: readonly ReadRecord[],
): Promise<SyncResponse> {
  const { tid } = request;
  const fresh = freshOf(records);
  for (const ep of stored.toJudge) await deps.judging.judgeIn(books, tid, ep, fresh);
  const prepared = await prepare(books, deps, request);
  for (const ep of prepared.reported) await deps.judging.judgeIn(books, tid, ep);
  return compose(books, deps, request, stored.stored, prepared);
}

/** Step by step, each in a transaction of its own: what fails takes nothing of the others along. */
async function answerAfter(deps: SyncDeps, request: SyncAsk, stored: StoredBatch): Promise<SyncResponse> {
  const { store } = deps;
  for (const ep of stored.toJudge) await judgeQuietly(deps, request.tid, ep);
  const prepared = await store.write((books) => prepare(books, deps, request));
  for (const ep of prepared.reported) await judgeQuietly(deps, request.tid, ep);
  return store.read((books) => compose(books, deps, request, stored.stored, prepared));
}

function freshOf(records: readonly ReadRecord[]): Fresh {
  return new Map(records.flatMap(({ hash, record }) => (record === null ? [] : [[hash, record] as const])));
}

/** Records, texts and the last word of its health: durable together, before anything is answered. */
async function takeCustody(
  books: Books,
  { tid, ep }: EpochRow,
  request: SyncAsk,
  records: readonly ReadRecord[],
  at: number,
  by: string | null,
): Promise<StoredBatch> {
  const arrivals = records.map((read) => arrivalOf({ tid, ep }, read));
  const texts = request.texts.map(({ hash, salt, text }) => ({ hash, tid, salt, text }));
  const [stored, known, terminal] = await Promise.all([
    storeBatch(books, { tid, ep, arrivals, at }),
    books.many('texts', texts),
    books.get('terminals', { tid }),
  ]);
  if (by !== null)
    await books.audit({ at, user: by, act: 'courier', subject: `${tid}.${ep}`, detail: { id: request.id } });
  await books.put(
    'texts',
    texts.filter((_, i) => known[i] === undefined),
  );
  if (terminal !== undefined) {
    const health = keptHealth(request, at);
    const healthJson = health === null ? terminal.healthJson : JSON.stringify(health);
    await books.put('terminals', [{ ...terminal, lastSyncAt: at, healthJson }]);
  }
  return stored;
}
