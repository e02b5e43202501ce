import { linkFault } from '../../protocol/records/chain.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import { judgeRedeem } from './judge-redeem.ts';
import type { ChainState, LedgerView, Verdict } from './judgement.ts';

/**
 * The hub's judgement of one record: a pure function of the record, its chain so far, and what the ledger says. Judging
 * walks a chain in order of seq and never passes a gap, so the judged records are a contiguous prefix and a filled gap
 * ends in the same state as no gap.
 */

export function judge(record: SignedRecord, chain: ChainState, view: LedgerView): Verdict {
  const payload = record.payload;
  if (record.v !== 1) return { kind: 'waits', code: 'unknown-version' };
  if (payload === null) return { kind: 'waits', code: 'unknown-type' };
  const after: ChainState = { ...chain, seq: record.seq, head: record.hash, tot: payload.tot };
  const broken = linkFault(chain, record);
  switch (payload.type) {
    case 'open': {
      // It moves nothing, so the running total stays what it was.
      const code = broken !== null ? 'wrong-prev' : payload.tot !== chain.tot ? 'wrong-counters' : null;
      return {
        kind: 'judged',
        judgement: {
          stage: code === null ? 'matched' : 'quarantined',
          ...(code === null ? {} : { code }),
          flags: [],
          transfers: [],
          chain: after,
          freeze: code !== null,
        },
      };
    }
    case 'redeem':
      return judgeRedeem(payload, chain, after, broken !== null, view);
    default:
      // The other types are signed and kept already; their rules come with the hub's books.
      return { kind: 'waits', code: 'unknown-type' };
  }
}
