import type { Hashing, Verifying } from '../crypto.ts';
import { type Enrolment, enrolmentDocument } from '../documents/kinds.ts';
import { toBase64url } from '../primitives/base64url.ts';
import { recordNumber } from '../records/number.ts';
import type { RedeemPayload } from '../records/payload.ts';
import { decodeRecord, hashOf, type SignedRecord } from '../records/record.ts';
import { Compile, type Static, Type } from '../schema.ts';
import type { Keys } from './keys.ts';

/** What an auditor learns of the records of an export, without the hub. */

export const RecordLine = Type.Object({
  tid: Type.String(),
  ep: Type.Integer(),
  seq: Type.Union([Type.Integer(), Type.Null()]),
  jws: Type.String(),
  stage: Type.Union(
    (['received', 'gap', 'matched', 'quarantined', 'closed', 'settled', 'junk'] as const).map((s) => Type.Literal(s)),
  ),
  flags: Type.Array(Type.String()),
});
export type RecordLine = Static<typeof RecordLine>;
export const recordLineCheck = Compile(RecordLine);
export interface Finding {
  /** Kebab-case, stable. */
  readonly code: string;
  readonly where: string;
  readonly says: string;
}
export type Report = (code: string, where: string, says: string) => void;
/** A redeem the ledger must answer for. */
export interface AuditedRedeem {
  readonly payload: RedeemPayload;
  readonly stage: string;
  readonly shop: string;
}

interface Chain {
  readonly enrolment: Enrolment;
  seq: number;
  /** Hashes of the records at `seq`; of a fork more than one, and the next may follow either. */
  heads: ReadonlySet<string>;
  tot: number;
  /** Stages of judged records are a contiguous prefix. */
  judgedSeq: number;
  readonly counters: Map<string, { S: number; V: number; R: number }>;
}
const JUDGED = new Set(['matched', 'quarantined', 'closed', 'settled']);

export function createRecordsAudit(keys: Keys, crypto: Hashing & Verifying, report: Report) {
  const chains: Map<string, Chain> = new Map();
  const hashes: Set<string> = new Set();
  const redeems: Map<string, AuditedRedeem> = new Map();
  let before = { tid: '', ep: 0, seq: 0 };
  let records = 0;

  function enrolment(jws: string): void {
    const opened = keys.hub.map((key) => enrolmentDocument.open(jws, key.kid, key.publicKey, crypto)).find(Boolean);
    if (!opened)
      return report('enrolment-signature', jws.slice(-12), 'An enrolment is not signed by a hub key of keys.json.');
    const kid = `${opened.tid}.${opened.ep}`;
    const listed = keys.terminals.get(kid);
    if (listed === undefined || toBase64url(listed) !== opened.key) {
      report('key-differs', kid, 'keys.json has another key than the hub enrolled.');
    }
    const head = hashOf(jws, crypto);
    chains.set(kid, { enrolment: opened, seq: 0, heads: new Set([head]), tot: 0, judgedSeq: 0, counters: new Map() });
  }

  function line(entry: RecordLine): void {
    records += 1;
    const where = entry.seq === null ? `${entry.tid}.${entry.ep}.junk` : recordNumber({ ...entry, seq: entry.seq });
    checkOrder(entry, where);
    const decoded = decodeRecord(entry.jws, (tid, ep) => keys.terminals.get(`${tid}.${ep}`) ?? null, crypto);
    if (entry.stage === 'junk') {
      if (decoded.ok && decoded.record.tid === entry.tid) report('not-junk', where, 'A good record is listed as junk.');
      return;
    }
    if (!decoded.ok) return report('signature', where, `Not a signed record of this terminal: ${decoded.reason}.`);
    const { record } = decoded;
    if (record.tid !== entry.tid || record.ep !== entry.ep || record.seq !== entry.seq) {
      return report('wrong-place', where, `The signed record is number ${recordNumber(record)}.`);
    }
    if (hashes.has(record.hash)) return report('doubled', where, 'The same record stands twice.');
    hashes.add(record.hash);
    follow(record, entry, where);
  }

  function checkOrder(entry: RecordLine, where: string): void {
    const seq = entry.seq ?? Number.MAX_SAFE_INTEGER;
    const keyNow = [entry.tid, String(entry.ep).padStart(10), String(seq).padStart(17)].join(' ');
    const keyBefore = [before.tid, String(before.ep).padStart(10), String(before.seq).padStart(17)].join(' ');
    if (keyNow < keyBefore) report('order', where, 'Records are not in the order of terminal, epoch and number.');
    before = { tid: entry.tid, ep: entry.ep, seq };
  }

  function follow(record: SignedRecord, entry: RecordLine, where: string): void {
    const chain = chains.get(`${record.tid}.${record.ep}`);
    if (chain === undefined) return report('no-enrolment', where, 'Its terminal epoch has no enrolment here.');
    if (record.seq === chain.seq && entry.flags.includes('forked')) {
      chain.heads = new Set([...chain.heads, record.hash]); // the later branch of a fork: kept, no effect
      return;
    }
    const judged = JUDGED.has(entry.stage);
    if (record.seq !== chain.seq + 1) {
      if (judged) report('gap', where, `Record ${chain.seq + 1} is missing before it.`);
      else if (entry.stage !== 'gap')
        report('gap', where, 'A record is missing before it, and its stage does not say so.');
      chain.seq = record.seq;
      chain.heads = new Set([record.hash]);
      return;
    }
    if (!chain.heads.has(record.prev) && entry.stage !== 'quarantined') {
      report('chain', where, 'It does not continue the record before it.');
    }
    if (judged && chain.judgedSeq !== record.seq - 1)
      report('judged-gap', where, 'Judged, though the one before is not.');
    if (judged) chain.judgedSeq = record.seq;
    chain.seq = record.seq;
    chain.heads = new Set([record.hash]);
    if (record.payload?.type === 'redeem') redeem(record.payload, chain, entry, where);
  }

  function redeem(payload: RedeemPayload, chain: Chain, entry: RecordLine, where: string): void {
    const known = chain.counters.get(payload.acct) ?? { S: 0, V: 0, R: 0 };
    const expected = { ...known, S: known.S + payload.pts };
    const sum = payload.lines.reduce((total, each) => total + each.qty * each.pts, 0);
    // What is held, or waits to be judged, need not add up; that is why it is held or waits.
    if (JUDGED.has(entry.stage) && entry.stage !== 'quarantined') {
      if (sum !== payload.pts) report('sum', where, `Its lines add up to ${sum}, not ${payload.pts}.`);
      const same = payload.S === expected.S && payload.V === expected.V && payload.R === expected.R;
      if (!same) report('counters', where, 'Its running sums do not continue those of the account’s record before.');
      if (payload.tot !== chain.tot + payload.pts) report('total', where, 'Its running total does not add up.');
    }
    chain.counters.set(payload.acct, expected);
    chain.tot = payload.tot;
    redeems.set(where, { payload, stage: entry.stage, shop: chain.enrolment.shop });
  }

  return { enrolment, line, redeems, records: () => records };
}
