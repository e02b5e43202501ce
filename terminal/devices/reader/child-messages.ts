import { fromHex } from '../../../protocol/primitives/bytes.ts';
import {
  CARD_REFUSALS,
  type CardRefusal,
  DIGEST_BYTES,
  type ReadCard,
  type ReaderState,
  type Signature,
} from './port.ts';

/** From the card process to its supervisor. Clocks of two processes do not compare, so a card carries its age. */
export type FromChild =
  | { readonly type: 'beat' }
  | { readonly type: 'status'; readonly state: ReaderState; readonly reason: string | null }
  | { readonly type: 'card'; readonly presenceId: string; readonly card: ReadCard; readonly ageMs: number }
  | { readonly type: 'card-refused'; readonly presenceId: string; readonly reason: CardRefusal }
  | { readonly type: 'removed'; readonly presenceId: string }
  | { readonly type: 'signature'; readonly request: number; readonly signature: Signature };

/** From the supervisor to the card process. */
export type ToChild =
  | { readonly type: 'stop' }
  /** `digest`: hex. No key ever goes this way. */
  | { readonly type: 'sign'; readonly request: number; readonly presenceId: string; readonly digest: string };

const STATES: readonly string[] = ['absent', 'opening', 'ready', 'busy', 'fault'] satisfies readonly ReaderState[];
const REFUSALS: readonly string[] = CARD_REFUSALS;
const UNSIGNED: readonly string[] = ['torn', 'refused', 'bad-mac', 'gone'] satisfies readonly Signature['outcome'][];
const TMV = /^[0-9a-f]{16}$/;
const MOST_TMC = 0xffff_ffff;
const UIDS: Readonly<Record<ReadCard['kind'], RegExp>> = {
  uid: /^(?:[0-9a-f]{8}|[0-9a-f]{14}|[0-9a-f]{20})$/,
  desfire: /^[0-9a-f]{14}$/,
};
const PRESENCE_ID = /^[0-9a-z-]{1,64}$/;
const REASON = /^[0-9a-z-]{1,64}$/;
/** Older than any deadline in the card process: not an age. */
const MOST_AGE_MS = 60_000;

/** A message of the card process, or null when it is not one: the child runs native code and may say anything. */
export function readFromChild(message: unknown): FromChild | null {
  if (!isRecord(message)) return null;
  const { type, state, reason, presenceId, card, ageMs } = message;
  if (type === 'beat') return { type };
  if (type === 'status') {
    if (!isState(state) || !(reason === null || (typeof reason === 'string' && REASON.test(reason)))) return null;
    return { type, state, reason };
  }
  if (type === 'signature') {
    const signature = readSignature(message.signature);
    return isCount(message.request) && signature !== null ? { type, request: message.request, signature } : null;
  }
  if (typeof presenceId !== 'string' || !PRESENCE_ID.test(presenceId)) return null;
  if (type === 'removed') return { type, presenceId };
  if (type === 'card-refused') return isRefusal(reason) ? { type, presenceId, reason } : null;
  if (type !== 'card' || typeof ageMs !== 'number' || !(ageMs >= 0 && ageMs <= MOST_AGE_MS)) return null;
  if (!isRecord(card) || !isKind(card.kind) || typeof card.uid !== 'string') return null;
  if (!UIDS[card.kind].test(card.uid)) return null;
  return { type, presenceId, ageMs, card: { kind: card.kind, uid: card.uid } };
}

/** A message of the supervisor, or null when it is not one. */
export function readToChild(message: unknown): ToChild | null {
  if (!isRecord(message)) return null;
  const { type, request, presenceId, digest } = message;
  if (type === 'stop') return { type };
  if (type !== 'sign' || !isCount(request) || typeof presenceId !== 'string' || typeof digest !== 'string') return null;
  return fromHex(digest)?.length === DIGEST_BYTES ? { type, request, presenceId, digest } : null;
}

function readSignature(value: unknown): Signature | null {
  if (!isRecord(value)) return null;
  const { outcome, tmc, tmv } = value;
  if (isUnsigned(outcome)) return { outcome };
  if (outcome !== 'signed' || typeof tmv !== 'string' || !TMV.test(tmv)) return null;
  return isCount(tmc) && tmc <= MOST_TMC ? { outcome, tmc, tmv } : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isUnsigned(value: unknown): value is Exclude<Signature['outcome'], 'signed'> {
  return typeof value === 'string' && UNSIGNED.includes(value);
}

function isKind(value: unknown): value is ReadCard['kind'] {
  return typeof value === 'string' && Object.hasOwn(UIDS, value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isState(value: unknown): value is ReaderState {
  return typeof value === 'string' && STATES.includes(value);
}

function isRefusal(value: unknown): value is CardRefusal {
  return typeof value === 'string' && REFUSALS.includes(value);
}
