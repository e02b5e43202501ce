import type { Hashing, Signer, Verifying } from '../../protocol/crypto.ts';
import { parseDetached, signDetached, verifyCompact } from '../../protocol/jws/compact.ts';
import { fromUtf8, utf8 } from '../../protocol/primitives/bytes.ts';
import { parseStrictJson } from '../../protocol/primitives/strict-json.ts';
import { type SyncRequest, type SyncResponse, syncRequestCheck } from '../../protocol/sync/messages.ts';
import type { createDownlink } from '../fleet/downlink.ts';
import type { EpochRecord, FleetStore } from '../fleet/port.ts';
import { receive } from './custody.ts';
import type { Judging } from './judging.ts';
import type { RecordStore } from './port.ts';

/** One sync request: verify the envelope, take custody durably, answer. Judging comes after custody and cannot undo it. */

export interface SyncDeps {
  readonly records: RecordStore;
  readonly fleet: FleetStore;
  readonly judging: Judging;
  readonly judgedOf: (tid: string, ep: number, limit: number) => Promise<SyncResponse['judged']>;
  readonly downlink: ReturnType<typeof createDownlink>;
  readonly crypto: Hashing & Verifying;
  readonly hub: Signer;
  readonly inc: string;
  readonly pollMs: number;
  readonly nowMs: () => number;
  /** Told of a failure after custody, which the terminal need not know of. */
  readonly onFault: (what: string, error: unknown) => void;
}

export type SyncRefusal = 'unknown-terminal' | 'bad-signature' | 'bad-request' | 'courier-by-net';
export type SyncOutcome =
  | { readonly ok: true; readonly body: Uint8Array; readonly signature: string }
  | { readonly ok: false; readonly code: SyncRefusal };

const JUDGED_TOLD = 200;

export function createSync(deps: SyncDeps) {
  /** `body` as it was signed: unpacked bytes. */
  return async function sync(tid: string, body: Uint8Array, signature: string): Promise<SyncOutcome> {
    const sender = await senderOf(deps, tid, body, signature);
    if (typeof sender === 'string') return { ok: false, code: sender };
    const { epoch, keys } = sender;
    const request = readRequest(body, epoch);
    if (request === null) return { ok: false, code: 'bad-request' };
    // A bundle is for a signed-in operator to bring: who finds a stick gets no roster and no pepper out of the hub.
    if (request.via !== 'net') return { ok: false, code: 'courier-by-net' };
    const at = deps.nowMs();
    const stored = await receive(deps.records, epoch, request.records, keys, deps.crypto, at);
    // From here on the records survive whatever happens; a failure below must not make the terminal think otherwise.
    for (const ep of stored.toJudge) await judgeQuietly(deps, tid, ep);
    await deps.fleet.noteSync(tid, at, request.health ? JSON.stringify(request.health) : null);
    // Read again: a fork in this batch, or a count that does not add up, has frozen the epoch meanwhile.
    const now = (await deps.fleet.epoch(tid, epoch.ep)) ?? epoch;
    const response = await answer(deps, now, request, stored.stored);
    const bytes = utf8(JSON.stringify(response));
    return { ok: true, body: bytes, signature: signDetached('tally-sync', bytes, deps.hub) };
  };
}

async function senderOf(deps: SyncDeps, tid: string, body: Uint8Array, signature: string) {
  const parsed = parseDetached('tally-sync', signature, body);
  if (parsed === null) return 'bad-signature';
  const [name = '', ep = ''] = parsed.kid.split('.');
  if (name !== tid) return 'bad-signature';
  const keys = await deps.fleet.keys(tid);
  const key = keys.get(Number(ep));
  const epoch = await deps.fleet.epoch(tid, Number(ep));
  if (key === undefined || epoch === null) return 'unknown-terminal';
  return verifyCompact(parsed, key, deps.crypto) ? { epoch, keys } : 'bad-signature';
}

function readRequest(body: Uint8Array, epoch: EpochRecord): SyncRequest | null {
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

/** An epoch that has not opened yet sends no envelope that holds. */
function toldState(state: EpochRecord['state']): SyncResponse['state'] {
  return state === 'awaiting-device' || state === 'awaiting-confirmation' ? 'frozen' : state;
}

async function answer(
  deps: SyncDeps,
  epoch: EpochRecord,
  request: SyncRequest,
  stored: { seq: number; head: string },
): Promise<SyncResponse> {
  const { tid, ep } = epoch;
  // Heads are compared at have.seq only: an old request may say less than the hub has, and is no liar for it.
  const ours = await deps.records.headAt(tid, ep, request.have.seq);
  const differs = ours !== null && ours !== request.have.head;
  const { more, ...down } = await deps.downlink(epoch, request.want);
  return {
    v: 1,
    ...{ tid, ep, id: request.id, inc: deps.inc, at: deps.nowMs() },
    stored: { ep, seq: stored.seq, head: stored.head },
    ...(differs ? { resendFrom: 1 } : {}),
    judged: await deps.judgedOf(tid, ep, JUDGED_TOLD),
    ...down,
    ...{ recalls: [], visits: [], reported: true, state: toldState(epoch.state) },
    retryAfter: more || request.have.seq > stored.seq ? 0 : deps.pollMs,
  };
}
