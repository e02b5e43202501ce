import { judge } from '../ledger/judge.ts';
import type { LedgerView } from '../ledger/judgement.ts';
import type { JudgedRecord, JudgingStore, JudgingWork } from './port.ts';

/** Judges what custody holds: chain by chain, in order, batch by batch. */

const BATCH_RECORDS = 200;

export interface Judging {
  /** Judges the chain as far as it goes now. Resolves when nothing more can be judged. */
  judgeChain(tid: string, ep: number): Promise<void>;
  /** Everything left over from before a restart. */
  judgeAll(onFault: (what: string, error: unknown) => void): Promise<void>;
}

export function createJudging(store: JudgingStore, nowMs: () => number): Judging {
  /** One chain is judged by one walk at a time; a second caller joins the line behind it. */
  const lines: Map<string, Promise<void>> = new Map();

  async function walk(tid: string, ep: number): Promise<void> {
    for (;;) {
      const work = await store.loadWork(tid, ep, BATCH_RECORDS);
      if (work === null || work.records.length === 0) return;
      const { judged, waits } = judgeBatch(work);
      const written = await store.apply(work.chain, judged, waits, nowMs());
      if (written && waits !== null) return;
    }
  }

  function judgeChain(tid: string, ep: number): Promise<void> {
    const key = `${tid}.${ep}`;
    const before = lines.get(key) ?? Promise.resolve();
    const line = before.then(() => walk(tid, ep));
    const settled = line.then(
      () => undefined,
      () => undefined, // the caller of this very walk is told; the next one in line starts fresh
    );
    lines.set(key, settled);
    void settled.then(() => {
      if (lines.get(key) === settled) lines.delete(key);
    });
    return line;
  }

  return {
    judgeChain,
    async judgeAll(onFault) {
      for (const { tid, ep } of await store.unjudged()) {
        try {
          await judgeChain(tid, ep);
        } catch (error) {
          onFault(`judging ${tid}.${ep}`, error); // one chain that cannot be judged must not keep the hub from starting
        }
      }
    },
  };
}

/** Pure: each record is judged on what the ones before it in the batch did. */
function judgeBatch(work: JudgingWork): { judged: JudgedRecord[]; waits: Parameters<JudgingStore['apply']>[2] } {
  const known = new Map(work.allowances);
  let chain = work.chain;
  const judged: JudgedRecord[] = [];
  const none = { allowance: { G: 0, S: 0, V: 0, R: 0 }, balance: 0 };
  const view: LedgerView = {
    allowance: (acct) => (known.get(acct) ?? none).allowance,
    allowanceBalance: (acct) => (known.get(acct) ?? none).balance,
    price: (sku, rev) => work.prices.get(`${sku}.${rev}`) ?? null,
  };
  for (const record of work.records) {
    const verdict = judge(record, chain, view);
    if (verdict.kind === 'waits') return { judged, waits: verdict.code };
    const { judgement } = verdict;
    const acct = judgement.counters?.acct;
    judged.push({ record, judgement, granted: acct === undefined ? null : view.allowance(acct).G });
    chain = judgement.chain;
    if (judgement.counters) {
      const before = known.get(judgement.counters.acct) ?? none;
      const left = judgement.transfers
        .filter((t) => t.debit.startsWith('allowance:'))
        .reduce((balance, t) => balance - t.amount, before.balance);
      const allowance = { ...before.allowance, ...judgement.counters.after };
      known.set(judgement.counters.acct, { allowance, balance: left });
    }
  }
  return { judged, waits: null };
}
