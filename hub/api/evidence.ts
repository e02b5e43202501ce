import { type Allowance, spendable } from '../../protocol/allowance/counters.ts';
import type { Check, RecordEvidence } from '../../protocol/api/console.ts';
import type { Hashing, Verifying } from '../../protocol/crypto.ts';
import { parseCompact } from '../../protocol/jws/compact.ts';
import { fromUtf8 } from '../../protocol/primitives/bytes.ts';
import { checkCode, recordNumber } from '../../protocol/records/number.ts';
import type { Payload } from '../../protocol/records/payload.ts';
import { decodeRecord, type SignedRecord } from '../../protocol/records/record.ts';
import { JUDGING_SENTENCES } from '../ledger/judgement.ts';
import type { RecordDetail } from './console-port.ts';

/** One page of evidence for one record. Every check is made now, on the stored bytes; none repeats an old verdict. */
export function evidenceOf(
  detail: RecordDetail,
  keys: ReadonlyMap<number, Uint8Array>,
  waitsCode: string | null,
  crypto: Hashing & Verifying,
): RecordEvidence {
  const { row, jws, transfers } = detail;
  const decoded = decodeRecord(jws, (tid, ep) => (tid === row.tid ? (keys.get(ep) ?? null) : null), crypto);
  const record = decoded.ok ? decoded.record : null;
  const parsed = parseCompact('tally-record', jws);
  const id = { tid: row.tid, ep: row.ep, seq: row.seq ?? 0 };
  const payload = record?.payload ?? null;
  const allowance = allowanceAround(detail.allowanceAfter, payload);
  const code = detail.code ?? (row.stage === 'received' ? waitsCode : null);
  return {
    row,
    jws,
    header: parsed === null ? null : { alg: 'Ed25519', kid: parsed.kid, typ: 'tally-record' },
    payload: parsed === null ? null : JSON.parse(fromUtf8(parsed.payload) ?? 'null'),
    checkCode: checkCode(row.hash),
    checks: [
      signatureCheck(record, id),
      chainCheck(record, detail),
      ...(payload?.type === 'redeem' ? redeemChecks(payload, detail, allowance) : []),
    ],
    code,
    says: code !== null && code in JUDGING_SENTENCES ? JUDGING_SENTENCES[code as keyof typeof JUDGING_SENTENCES] : null,
    previous: id.seq > 1 ? recordNumber({ ...id, seq: id.seq - 1 }) : null,
    following: detail.hasNext ? recordNumber({ ...id, seq: id.seq + 1 }) : null,
    allowance: allowance && { before: viewOf(allowance.before), after: viewOf(allowance.after) },
    transfers,
    lines:
      payload?.type === 'redeem'
        ? payload.lines.map(({ sku, qty, pts }) => ({ sku, qty, pts, name: detail.itemNames.get(sku) ?? sku }))
        : [],
  };
}

function signatureCheck(record: SignedRecord | null, id: { tid: string; ep: number }): Check {
  return record !== null
    ? { name: 'signature', ok: true, says: `Ed25519 signature by the key enrolled for ${id.tid}.${id.ep} holds.` }
    : { name: 'signature', ok: false, says: 'The signature does not hold, or its key was never enrolled.' };
}

function chainCheck(record: SignedRecord | null, detail: RecordDetail): Check {
  const ok = record !== null && detail.prevHash === record.prev;
  if (ok) return { name: 'chain', ok, says: 'It names the hash of the record before it, and that record is here.' };
  const says =
    detail.prevHash === null ? 'The record before it is not here yet.' : 'It does not name the record before it.';
  return { name: 'chain', ok: false, says };
}

type RedeemPayload = Extract<Payload, { type: 'redeem' }>;

function redeemChecks(
  payload: RedeemPayload,
  detail: RecordDetail,
  allowance: { before: Allowance; after: Allowance } | null,
): Check[] {
  const sum = payload.lines.reduce((total, line) => total + line.qty * line.pts, 0);
  const after = allowance?.after;
  const countersOk = after !== undefined && after.S === payload.S && after.V === payload.V && after.R === payload.R;
  const covered = after !== undefined && spendable(after) >= 0;
  const moved = detail.transfers.reduce((total, t) => total + t.amount, 0);
  return [
    {
      name: 'counters',
      ok: countersOk,
      says: countersOk
        ? 'Spent, voided and returned continue from the record before.'
        : 'The running sums do not agree.',
    },
    {
      name: 'price',
      ok: sum === payload.pts && detail.code !== 'wrong-price',
      says: `The lines add up to ${sum} points; ${payload.pts} were taken.`,
    },
    {
      name: 'allowance',
      ok: covered,
      says: covered ? 'What this kiosk was granted covers it.' : 'It was not covered, or is not judged yet.',
    },
    {
      name: 'transfers',
      ok: moved === payload.pts,
      says: `${detail.transfers.length} ledger transfer(s) move ${moved} points for it.`,
    },
  ];
}

function allowanceAround(after: Allowance | null, payload: Payload | null) {
  if (after === null || payload?.type !== 'redeem') return null;
  return { after, before: { ...after, S: after.S - payload.pts } };
}

function viewOf(a: Allowance) {
  return { ...a, spendable: spendable(a) };
}
