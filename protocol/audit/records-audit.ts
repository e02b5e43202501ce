import type { Hashing, Verifying } from '../crypto.ts';
import { type Enrolment, enrolmentDocument } from '../documents/kinds.ts';
import { toBase64url } from '../primitives/base64url.ts';
import { recordNumber } from '../records/number.ts';
import type { Payload } from '../records/payload.ts';
import { decodeRecord, hashOf, type SignedRecord } from '../records/record.ts';
import { Compile, type Static, Type } from '../schema.ts';
import type { ClosesAudit } from './closes-audit.ts';
import { type AccountSums, checkSums } from './counters-audit.ts';
import type { Report } from './finding.ts';
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
type Moving = Extract<Payload, { S: number }>;

/** A record the ledger must answer for: one that moves points, or the end of an epoch. */
export interface AuditedRecord {
  readonly tid: string;
  readonly ep: number;
  readonly seq: number;
  readonly type: Moving['type'] | 'end';
  readonly acct: string;
  readonly pts: number;
  /** The seq a void undoes; 0 elsewhere. */
  readonly undoes: number;
  readonly judged: boolean;
  /** Judged, and not held. */
  readonly matched: boolean;
  readonly forked: boolean;
  readonly shop: string;
  /** Points an accepted hole hid, that show in this record; below zero where more was voided there than sold. */
  readonly revealed: number;
}

interface Chain {
  readonly enrolment: Enrolment;
  seq: number;
  /** Hashes of the records at `seq`; of a fork more than one, and the next may follow either. */
  heads: ReadonlySet<string>;
  /** Null right behind an accepted hole. */
  tot: number | null;
  /** Stages of judged records are a contiguous prefix, accepted holes aside. */
  judgedSeq: number;
  /** The last seq of the last accepted hole. */
  holeTo: number;
}
const JUDGED = new Set(['matched', 'quarantined', 'closed', 'settled']);

export function createRecordsAudit(keys: Keys, crypto: Hashing & Verifying, closes: ClosesAudit, report: Report) {
  const chains: Map<string, Chain> = new Map();
  const hashes: Set<string> = new Set();
  const records: Map<string, AuditedRecord> = new Map();
  /** By `<acct>:<tid>:<ep>`, as allowances are named. */
  const sums: Map<string, AccountSums> = new Map();
  /** Points of redeems that stand without effect, by number: what two people may pay a shop for. */
  const branches: Map<string, number[]> = new Map();
  let before = { tid: '', ep: 0, seq: 0 };
  let count = 0;

  function enrolment(jws: string): void {
    const opened = keys.hub.map((key) => enrolmentDocument.open(jws, key.kid, key.publicKey, crypto)).find(Boolean);
    if (!opened)
      return report('enrolment-signature', jws.slice(-12), 'An enrolment is not signed by a hub key of keys.json.');
    const kid = `${opened.tid}.${opened.ep}`;
    const listed = keys.terminals.get(kid);
    if (listed === undefined || toBase64url(listed) !== opened.key) {
      report('key-differs', kid, 'keys.json has another key than the hub enrolled.');
    }
    const heads = new Set([hashOf(jws, crypto)]);
    chains.set(kid, { enrolment: opened, seq: 0, heads, tot: 0, judgedSeq: 0, holeTo: 0 });
  }

  function line(entry: RecordLine): void {
    count += 1;
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
    const chain = chains.get(`${record.tid}.${record.ep}`);
    if (chain === undefined) return report('no-enrolment', where, 'Its terminal epoch has no enrolment here.');
    follow(record, entry, chain, where);
  }

  function checkOrder(entry: RecordLine, where: string): void {
    const seq = entry.seq ?? Number.MAX_SAFE_INTEGER;
    const keyNow = [entry.tid, String(entry.ep).padStart(10), String(seq).padStart(17)].join(' ');
    const keyBefore = [before.tid, String(before.ep).padStart(10), String(before.seq).padStart(17)].join(' ');
    if (keyNow < keyBefore) report('order', where, 'Records are not in the order of terminal, epoch and number.');
    before = { tid: entry.tid, ep: entry.ep, seq };
  }

  function follow(record: SignedRecord, entry: RecordLine, chain: Chain, where: string): void {
    const judged = JUDGED.has(entry.stage);
    const behindHole = entry.flags.includes('hole') && record.seq > chain.judgedSeq + 1;
    if (record.seq === chain.seq && entry.flags.includes('forked')) {
      chain.heads = new Set([...chain.heads, record.hash]); // another branch of a fork
    } else {
      if (record.seq !== chain.seq + 1 && !behindHole) gapBefore(entry, chain, judged, where);
      else if (judged && entry.stage !== 'quarantined' && !behindHole && !chain.heads.has(record.prev)) {
        report('chain', where, 'It does not continue the record before it.');
      }
      chain.seq = record.seq;
      chain.heads = new Set([record.hash]);
    }
    if (!judged) return unjudged(record, entry, chain, where);
    if (behindHole) {
      closes.hole(record.tid, record.ep);
      chain.tot = null;
      chain.holeTo = record.seq - 1;
    } else if (chain.judgedSeq !== record.seq - 1) {
      report('judged-gap', where, 'Judged, though the one before is not.');
    }
    const holeFrom = behindHole ? chain.judgedSeq + 1 : 0;
    chain.judgedSeq = record.seq;
    judge(record, entry, chain, holeFrom, where);
  }

  function gapBefore(entry: RecordLine, chain: Chain, judged: boolean, where: string): void {
    if (judged) report('gap', where, `Record ${chain.seq + 1} is missing before it.`);
    else if (entry.stage !== 'gap')
      report('gap', where, 'A record is missing before it, and its stage does not say so.');
  }

  function judge(record: SignedRecord, entry: RecordLine, chain: Chain, holeFrom: number, where: string): void {
    const { payload } = record;
    if (payload === null) return; // signed, and of no kind this hub knew: it moves nothing
    const matched = entry.stage !== 'quarantined';
    closes.record({ payload, matched, stage: entry.stage }, where);
    const pts = 'S' in payload ? payload.pts : 0;
    const adds = payload.type === 'redeem' ? pts : payload.type === 'void' ? -pts : 0;
    // What is held need not add up; that is why it is held.
    if (matched && chain.tot !== null && payload.tot !== chain.tot + adds) {
      report('total', where, 'Its running total does not add up.');
    }
    chain.tot = payload.tot;
    if (payload.type === 'redeem' && matched) {
      const sum = payload.lines.reduce((total, each) => total + each.qty * each.pts, 0);
      if (sum !== payload.pts) report('sum', where, `Its lines add up to ${sum}, not ${payload.pts}.`);
    }
    const revealed = 'S' in payload ? counters(payload, chain, matched, holeFrom, where) : 0;
    keep(payload, entry, chain, revealed, where);
  }

  function counters(payload: Moving, chain: Chain, matched: boolean, holeFrom: number, where: string): number {
    const name = `${payload.acct}:${payload.tid}:${payload.ep}`;
    const known = sums.get(name);
    const hidden = holeFrom > 0 || chain.holeTo > (known?.atSeq ?? 0);
    const checked = checkSums(payload, known, matched, hidden);
    sums.set(name, checked.after);
    if (!checked.ok && matched) {
      report('counters', where, 'Its running sums do not continue those of the account’s record before.');
    }
    return checked.revealed;
  }

  function unjudged(record: SignedRecord, entry: RecordLine, chain: Chain, where: string): void {
    const { payload } = record;
    if (payload?.type === 'redeem') branches.set(where, [...(branches.get(where) ?? []), payload.pts]);
    // Of two at one seq the judged one answers for the ledger, whichever comes first here.
    if (payload !== null && !records.get(where)?.judged) keep(payload, entry, chain, 0, where);
  }

  function keep(payload: Payload, entry: RecordLine, chain: Chain, revealed: number, where: string): void {
    if (!('S' in payload) && payload.type !== 'end') return;
    const { tid, ep, seq, type } = payload;
    const judged = JUDGED.has(entry.stage);
    const matched = judged && entry.stage !== 'quarantined';
    const moving = 'S' in payload ? { acct: payload.acct, pts: payload.pts } : { acct: '', pts: 0 };
    const undoes = payload.type === 'void' ? payload.ref : 0;
    const forked = entry.flags.includes('forked') || (records.get(where)?.forked ?? false);
    const { shop } = chain.enrolment;
    records.set(where, { tid, ep, seq, type, ...moving, undoes, judged, matched, forked, shop, revealed });
  }

  return { enrolment, line, records, sums, branches, hasEpoch: (kid: string) => chains.has(kid), count: () => count };
}
export type RecordsAudit = ReturnType<typeof createRecordsAudit>;
