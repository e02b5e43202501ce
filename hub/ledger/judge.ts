import type { Allowance, Counters } from '../../protocol/allowance/counters.ts';
import { type ChainHead, linkFault } from '../../protocol/records/chain.ts';
import type { SignedRecord } from '../../protocol/records/record.ts';
import { judgeRedeem } from './judge-redeem.ts';
import type { Transfer } from './transfers.ts';

/**
 * The hub's judgement of one record: a pure function of the record, its chain so far, and what the ledger says. Judging
 * walks a chain in order of seq and never passes a gap, so the judged records are a contiguous prefix and a filled gap
 * ends in the same state as no gap.
 */

export interface ChainState extends ChainHead {
  readonly tid: string;
  readonly ep: number;
  readonly shop: string;
  /** Redeemed minus voided points over all accounts, after the last judged record. */
  readonly tot: number;
}

/** What the ledger and the catalogue answer; the caller has loaded it for the records at hand. */
export interface LedgerView {
  /** The allowance as the hub has it; `G` 0 where nothing was ever granted. */
  allowance(acct: string): Allowance;
  /** Points the allowance's ledger account holds. */
  allowanceBalance(acct: string): number;
  /** The points of one unit in that revision, or null where the county never published it. */
  price(sku: string, rev: number): number | null;
}

export type QuarantineCode = 'wrong-prev' | 'wrong-price' | 'wrong-counters' | 'over-allowance';
export type WaitCode = 'unknown-version' | 'unknown-type' | 'unknown-revision';

export interface Judgement {
  readonly stage: 'matched' | 'quarantined';
  readonly code?: QuarantineCode;
  readonly flags: readonly string[];
  readonly transfers: readonly Transfer[];
  readonly chain: ChainState;
  /** The account's counters after this record, where it has any. */
  readonly counters?: { readonly acct: string; readonly after: Counters };
  /** A terminal that counts wrong stops selling until a person has looked. */
  readonly freeze: boolean;
}
export type Verdict =
  | { readonly kind: 'judged'; readonly judgement: Judgement }
  /** This chain's judging stays here; custody goes on. */
  | { readonly kind: 'waits'; readonly code: WaitCode };

export function judge(record: SignedRecord, chain: ChainState, view: LedgerView): Verdict {
  const payload = record.payload;
  if (record.v !== 1) return { kind: 'waits', code: 'unknown-version' };
  if (payload === null) return { kind: 'waits', code: 'unknown-type' };
  const after: ChainState = { ...chain, seq: record.seq, head: record.hash, tot: payload.tot };
  const broken = linkFault(chain, record);
  switch (payload.type) {
    case 'open':
      return {
        kind: 'judged',
        judgement: {
          stage: broken === null ? 'matched' : 'quarantined',
          ...(broken === null ? {} : { code: 'wrong-prev' as const }),
          flags: [],
          transfers: [],
          chain: after,
          freeze: broken !== null,
        },
      };
    case 'redeem':
      return judgeRedeem(payload, chain, after, broken !== null, view);
    default:
      // The other types are signed and kept already; their rules come with the hub's books.
      return { kind: 'waits', code: 'unknown-type' };
  }
}

/** What an operator reads. */
export const JUDGING_SENTENCES: Readonly<Record<QuarantineCode | WaitCode, string>> = {
  'wrong-prev': 'This record does not continue the record before it. Its points are held until two people decide.',
  'wrong-price': 'A line’s points differ from the published catalogue. The points are held until two people decide.',
  'wrong-counters': 'The kiosk’s running sums do not add up. The points are held and the kiosk sells no more for now.',
  'over-allowance': 'The kiosk spent more than it was granted. The points are held until two people decide.',
  'unknown-version': 'Written by a newer kiosk. It is stored safely and waits for the hub to be updated.',
  'unknown-type':
    'A kind of record this hub cannot judge yet. It is stored safely and waits for the hub to be updated.',
  'unknown-revision': 'It names a catalogue revision this hub does not have. It is stored safely and waits.',
};
