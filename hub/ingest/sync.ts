import type { Hashing, Signer, Verifying } from '../../protocol/crypto.ts';
import { parseDetached, signDetached, verifyCompact } from '../../protocol/jws/compact.ts';
import { fromUtf8, utf8 } from '../../protocol/primitives/bytes.ts';
import { parseStrictJson } from '../../protocol/primitives/strict-json.ts';
import { type SyncRequest, type SyncResponse, syncRequestCheck } from '../../protocol/sync/messages.ts';
import type { BookStore } from '../ledger/books.ts';
import type { EpochRow } from '../ledger/tables.ts';
import { type AnswerDeps, answerTo } from './answer.ts';
import { arrivalsOf, storeBatch } from './custody.ts';
import type { Judging } from './judging.ts';
import type { Arrival, StoredBatch } from './port.ts';

/** One sync request: verify the envelope, take custody durably, answer. Judging comes after custody and cannot undo it. */

export interface SyncDeps extends AnswerDeps {
  readonly store: BookStore;
  readonly judging: Judging;
  readonly crypto: Hashing & Verifying;
  readonly hub: Signer;
  readonly nowMs: () => number;
  /** Checks each record's own signature; on worker threads in a hub that listens. */
  readonly verifyRecords?: VerifyRecords;
  /** Told of a failure after custody, which the terminal need not know of. */
  readonly onFault: (what: string, error: unknown) => void;
}
export type VerifyRecords = (
  from: { readonly tid: string; readonly ep: number },
  jwsList: readonly string[],
  keys: ReadonlyMap<number, Uint8Array>,
) => Promise<readonly Arrival[]>;

export type SyncRefusal = 'unknown-terminal' | 'bad-signature' | 'bad-request' | 'courier-by-net';
export type SyncOutcome =
  | { readonly ok: true; readonly body: Uint8Array; readonly signature: string }
  | { readonly ok: false; readonly code: SyncRefusal };

export function createSync(deps: SyncDeps) {
  const verifyRecords: VerifyRecords =
    deps.verifyRecords ?? (async (from, list, keys) => arrivalsOf(from, list, keys, deps.crypto));

  /**
   * `body` as it was signed: unpacked bytes. `by`: the operator who brings a courier's bundle, null by net. A bundle is
   * taken from a signed-in operator only: who finds a stick gets no roster and no pepper out of the hub.
   */
  return async function sync(
    tid: string,
    body: Uint8Array,
    signature: string,
    by: string | null = null,
  ): Promise<SyncOutcome> {
    const sender = await senderOf(deps, tid, body, signature);
    if (typeof sender === 'string') return { ok: false, code: sender };
    const { epoch, keys } = sender;
    const request = readRequest(body, epoch);
    if (request === null) return { ok: false, code: 'bad-request' };
    if ((request.via === 'courier') !== (by !== null)) return { ok: false, code: 'courier-by-net' };
    const at = deps.nowMs();
    const arrivals = await verifyRecords(epoch, request.records, keys);
    const stored = await deps.store.custody(tid, (books) => takeCustody(books, epoch, request, arrivals, at));
    // From here on the records survive whatever happens; a failure below must not make the terminal think otherwise.
    for (const ep of stored.toJudge) await judgeQuietly(deps, tid, ep);
    const response = await answerTo(deps, request, stored.stored);
    const bytes = utf8(JSON.stringify(response satisfies SyncResponse));
    return { ok: true, body: bytes, signature: signDetached('tally-sync', bytes, deps.hub) };
  };
}

type Books = Parameters<typeof storeBatch>[0];

/** Records, texts and the last word of its health: durable together, before anything is answered. */
async function takeCustody(
  books: Books,
  { tid, ep }: EpochRow,
  request: SyncRequest,
  arrivals: readonly Arrival[],
  at: number,
): Promise<StoredBatch> {
  const stored = await storeBatch(books, { tid, ep, arrivals, at });
  const texts = request.texts.map(({ hash, salt, text }) => ({ hash, tid, salt, text }));
  const known = await books.many('texts', texts);
  const fresh = texts.filter((_, i) => known[i] === undefined);
  if (fresh.length > 0) await books.put('texts', fresh);
  const terminal = await books.get('terminals', { tid });
  if (terminal !== undefined) {
    const healthJson = request.health ? JSON.stringify(request.health) : terminal.healthJson;
    await books.put('terminals', [{ ...terminal, lastSyncAt: at, healthJson }]);
  }
  return stored;
}

async function senderOf(deps: SyncDeps, tid: string, body: Uint8Array, signature: string) {
  const parsed = parseDetached('tally-sync', signature, body);
  if (parsed === null) return 'bad-signature';
  const [name = '', ep = ''] = parsed.kid.split('.');
  if (name !== tid) return 'bad-signature';
  const epochs = await deps.store.read((books) => books.list('epochs', 'ofTerminal', { tid }));
  const enrolled = epochs.filter((row) => row.enrolmentJws !== null);
  const keys = new Map(enrolled.flatMap((row) => (row.publicKey === null ? [] : [[row.ep, row.publicKey] as const])));
  const epoch = enrolled.find((row) => row.ep === Number(ep));
  const key = keys.get(Number(ep));
  if (key === undefined || epoch === undefined) return 'unknown-terminal';
  return verifyCompact(parsed, key, deps.crypto) ? { epoch, keys } : 'bad-signature';
}

function readRequest(body: Uint8Array, epoch: EpochRow): SyncRequest | null {
  const text = fromUtf8(body);
  const value = text === null ? null : parseStrictJson(text);
  if (!syncRequestCheck.Check(value)) return null;
  return value.tid === epoch.tid && value.ep === epoch.ep ? value : null;
}

async function judgeQuietly(deps: SyncDeps, tid: string, ep: number): Promise<void> {
  try {
    await deps.judging.judgeChain(tid, ep);
  } catch (error) {
    deps.onFault(`judging ${tid}.${ep}`, error);
  }
}
