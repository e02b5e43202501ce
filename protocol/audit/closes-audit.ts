import { recordNumber } from '../records/number.ts';
import type { Payload } from '../records/payload.ts';
import { Compile, type Static, Type } from '../schema.ts';
import type { Report } from './finding.ts';

/** What an auditor learns of the day closes: every matched record in one of them, and sums that the records bear out. */

export const CloseLine = Type.Object({
  ...{ tid: Type.String(), ep: Type.Integer(), from: Type.Integer(), to: Type.Integer(), at: Type.Integer() },
  /** The seq of the kiosk's close; below zero where two people closed a dead epoch at the hub. */
  seq: Type.Integer(),
  ...{ redeemedCount: Type.Integer(), redeemedPts: Type.Integer() },
  ...{ voidedCount: Type.Integer(), voidedPts: Type.Integer() },
  ...{ auto: Type.Integer(), holed: Type.Integer() },
});
export type CloseLine = Static<typeof CloseLine>;
export const closeLineCheck = Compile(CloseLine);

interface Sums {
  redeemedCount: number;
  redeemedPts: number;
  voidedCount: number;
  voidedPts: number;
}
const none = (): Sums => ({ redeemedCount: 0, redeemedPts: 0, voidedCount: 0, voidedPts: 0 });
const NAMES = ['redeemedCount', 'redeemedPts', 'voidedCount', 'voidedPts'] as const;

interface Chain {
  readonly closes: CloseLine[];
  /** Since the last close record, matched or not, as a kiosk counts. */
  day: Sums;
  /** Only what was matched, since the last close here, as the hub counts for a dead epoch. */
  matched: Sums;
  holed: boolean;
}

/** Closes are told first, then the judged records of each chain in their order. */
export function createClosesAudit(report: Report) {
  const chains: Map<string, Chain> = new Map();

  function chainOf(tid: string, ep: number): Chain {
    const kid = `${tid}.${ep}`;
    const chain = chains.get(kid) ?? { closes: [], day: none(), matched: none(), holed: false };
    chains.set(kid, chain);
    return chain;
  }

  function line(close: CloseLine): void {
    const { closes } = chainOf(close.tid, close.ep);
    const where = `${close.tid}.${close.ep} close ${close.from}-${close.to}`;
    const next = (closes.at(-1)?.to ?? 0) + 1;
    if (close.from < next) report('closed-twice', where, `Records up to ${next - 1} are in a close already.`);
    if (close.from > next) report('close-gap', where, `Records from ${next} on are in no close.`);
    if (close.to < close.from || close.to !== Math.abs(close.seq)) {
      report('close-range', where, `A close at ${close.seq} cannot end at ${close.to}.`);
    }
    closes.push(close);
  }

  function closedTo(tid: string, ep: number): number {
    return chains.get(`${tid}.${ep}`)?.closes.at(-1)?.to ?? 0;
  }

  function record(it: { payload: Payload; matched: boolean; stage: string }, where: string): void {
    const { tid, ep, seq, type } = it.payload;
    const chain = chainOf(tid, ep);
    const closed = seq <= closedTo(tid, ep);
    if (it.matched && closed !== (it.stage !== 'matched')) {
      report('close-stage', where, closed ? 'It is in a close, and not called closed.' : 'Called closed, in no close.');
    }
    if (type === 'redeem' || type === 'void') add(chain, it.payload, it.matched);
    const close = chain.closes.find((each) => each.to === seq);
    if (close !== undefined) checkClose(close, chain, it);
    if (type !== 'close') return;
    if (it.matched && close?.seq !== seq) report('close-missing', where, 'A matched close that closes.jsonl lacks.');
    chain.day = none();
    chain.holed = false;
  }

  function add({ day, matched }: Chain, payload: Payload, isMatched: boolean): void {
    if (payload.type !== 'redeem' && payload.type !== 'void') return;
    const said = payload.type === 'redeem' ? 'redeemed' : 'voided';
    for (const sums of isMatched ? [day, matched] : [day]) {
      sums[`${said}Count`] += 1;
      sums[`${said}Pts`] += payload.pts;
    }
  }

  function checkClose(close: CloseLine, chain: Chain, it: { payload: Payload; matched: boolean }): void {
    const byHub = close.seq < 0;
    const where = recordNumber(it.payload);
    if (!byHub && (it.payload.type !== 'close' || !it.matched)) {
      report('close-range', where, 'closes.jsonl names it, and it is no matched close.');
    }
    const ours = byHub ? chain.matched : chain.day;
    // Behind an accepted hole the records here are only a part of what the kiosk counted.
    const wrong = NAMES.filter((name) =>
      chain.holed && !byHub ? close[name] < ours[name] : close[name] !== ours[name],
    );
    for (const name of wrong) {
      report('close-sums', where, `The close says ${name} ${close[name]}; its records come to ${ours[name]}.`);
    }
    chain.matched = none();
  }

  return {
    ...{ line, record, closedTo },
    /** Two people accepted that records are missing here. */
    hole(tid: string, ep: number): void {
      const chain = chainOf(tid, ep);
      chain.day = none();
      chain.holed = true;
    },
  };
}
export type ClosesAudit = ReturnType<typeof createClosesAudit>;
