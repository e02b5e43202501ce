import type { Allowance } from '../../../protocol/allowance/counters.ts';
import { readTrusted, type SignedRecord } from '../../../protocol/records/record.ts';
import type { JudgedRecord, JudgingStore, JudgingWork } from '../../ingest/port.ts';
import { ledgerAccount } from '../../ledger/accounts.ts';
import type { ChainState } from '../../ledger/judgement.ts';
import { balanceOf, type Context, postTransfers, transaction } from './context.ts';

/** Judging on SQLite: what a chain needs to be judged, and what came of it, each in one transaction. */
export function sqliteJudgingStore(context: Context): JudgingStore {
  const { db, county } = context;
  const chainRow = db.prepare(
    `SELECT shop, judged_seq, coalesce(judged_head, enrolment_hash) AS head, judged_tot
     FROM epochs WHERE county_id = ? AND tid = ? AND ep = ?`,
  );
  // What was judged before a fork showed stays; from the forked seq on neither branch is judged: two people decide.
  const nextRecords = db.prepare(
    `SELECT jws, hash FROM records WHERE county_id = @county AND tid = @tid AND ep = @ep AND seq > @after
       AND seq <= (SELECT min(stored_seq, coalesce(forked_seq - 1, stored_seq)) FROM epochs
         WHERE county_id = @county AND tid = @tid AND ep = @ep)
     ORDER BY seq LIMIT @limit`,
  );
  const price = db.prepare('SELECT pts FROM items WHERE county_id = ? AND sku = ? AND rev = ?').pluck();
  const allowanceRow = db.prepare(
    'SELECT g, s, v, r FROM allowances WHERE county_id = ? AND tid = ? AND ep = ? AND acct = ?',
  );
  const insertJudgement = db.prepare(
    `INSERT INTO judgements (county_id, tid, ep, seq, hash, stage, flags_json, code, judged_at, type, acct, card, pts, at, s, v, r, g)
     VALUES (@county, @tid, @ep, @seq, @hash, @stage, @flags, @code, @judgedAt, @type, @acct, @card, @pts, @at, @s, @v, @r, @g)`,
  );
  const setCounters = db.prepare(
    `INSERT INTO allowances (county_id, tid, ep, acct, s, v, r) VALUES (@county, @tid, @ep, @acct, @S, @V, @R)
     ON CONFLICT DO UPDATE SET s = @S, v = @V, r = @R`,
  );
  const setChain = db.prepare(
    `UPDATE epochs SET judged_seq = @seq, judged_head = @head, judged_tot = @tot, waits_code = @waits
     WHERE county_id = @county AND tid = @tid AND ep = @ep AND judged_seq = @fromSeq`,
  );
  const freeze = db.prepare(
    `UPDATE epochs SET state = 'frozen' WHERE county_id = ? AND tid = ? AND ep = ? AND state = 'open'`,
  );

  function loadAllowance(chain: ChainState, acct: string): { allowance: Allowance; balance: number } {
    const row = allowanceRow.get(county, chain.tid, chain.ep, acct) as
      | { g: number; s: number; v: number; r: number }
      | undefined;
    const allowance = row ? { G: row.g, S: row.s, V: row.v, R: row.r } : { G: 0, S: 0, V: 0, R: 0 };
    return { allowance, balance: balanceOf(context, ledgerAccount.allowance(acct, chain.tid, chain.ep)) };
  }

  function load(tid: string, ep: number, limit: number): JudgingWork | null {
    const row = chainRow.get(county, tid, ep) as
      | { shop: string; judged_seq: number; head: string | null; judged_tot: number }
      | undefined;
    if (row?.head == null) return null;
    const chain: ChainState = { tid, ep, shop: row.shop, seq: row.judged_seq, head: row.head, tot: row.judged_tot };
    const rows = nextRecords.all({ county, tid, ep, after: chain.seq, limit }) as { jws: string; hash: string }[];
    const records = rows.map((stored) => readTrusted(stored.jws, stored.hash));
    const allowances: Map<string, { allowance: Allowance; balance: number }> = new Map();
    const prices: Map<string, number> = new Map();
    for (const { payload } of records) {
      if (payload?.type !== 'redeem') continue;
      if (!allowances.has(payload.acct)) allowances.set(payload.acct, loadAllowance(chain, payload.acct));
      for (const line of payload.lines) {
        const pts = price.get(county, line.sku, line.rev) as number | undefined;
        if (pts !== undefined) prices.set(`${line.sku}.${line.rev}`, pts);
      }
    }
    return { chain, records, allowances, prices };
  }

  function write(one: JudgedRecord, at: number): void {
    const { record, judgement } = one;
    const { tid, ep, seq, hash } = record;
    postTransfers(context, judgement.transfers, at);
    const after = judgement.counters?.after;
    if (judgement.counters)
      setCounters.run({ county, tid, ep, acct: judgement.counters.acct, ...judgement.counters.after });
    if (judgement.freeze) freeze.run(county, tid, ep);
    insertJudgement.run({
      ...{ county, tid, ep, seq, hash, stage: judgement.stage, flags: JSON.stringify(judgement.flags) },
      ...{ code: judgement.code ?? null, judgedAt: at, ...shown(record) },
      ...{ s: after?.S ?? null, v: after?.V ?? null, r: after?.R ?? null, g: one.granted },
    });
  }

  return {
    loadWork: async (tid, ep, limit) => db.transaction(() => load(tid, ep, limit))(),
    async apply(from, judged, waits, at) {
      return transaction(context, () => {
        const chain = judged.at(-1)?.judgement.chain ?? from;
        const { seq, head, tot, tid, ep } = chain;
        const moved = setChain.run({ county, tid, ep, seq, head, tot, waits, fromSeq: from.seq });
        if (moved.changes === 0) return false;
        for (const one of judged) write(one, at);
        return true;
      });
    },
    async waitsCode(tid, ep) {
      const select = `SELECT coalesce(waits_code, iif(forked_seq IS NULL, NULL, 'forked')) FROM epochs
        WHERE county_id = ? AND tid = ? AND ep = ?`;
      return (db.prepare(select).pluck().get(county, tid, ep) as string | null | undefined) ?? null;
    },
    async unjudged() {
      return db.prepare('SELECT tid, ep FROM epochs WHERE county_id = ? AND judged_seq < stored_seq').all(county) as {
        tid: string;
        ep: number;
      }[];
    },
  };
}

/** The few fields that lists show, so that no list has to parse records. */
function shown(record: SignedRecord) {
  const payload = record.payload;
  const acct = payload !== null && 'acct' in payload ? payload.acct : null;
  const pts = payload !== null && 'pts' in payload ? payload.pts : null;
  const card = payload?.type === 'redeem' ? payload.card : null;
  return { type: record.type, acct, card, pts, at: payload?.at ?? 0 };
}
