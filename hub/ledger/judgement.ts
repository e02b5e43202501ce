import type { Allowance, Counters } from '../../protocol/allowance/counters.ts';
import type { ChainHead } from '../../protocol/records/chain.ts';
import type { Transfer } from './transfers.ts';

/** What judging is given and what comes of it. */

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

/** What an operator reads. */
export const JUDGING_SENTENCES: Readonly<Record<QuarantineCode | WaitCode | 'forked', string>> = {
  'wrong-prev': 'This record does not continue the record before it. Its points are held until two people decide.',
  'wrong-price': 'A line’s points differ from the published catalogue. The points are held until two people decide.',
  'wrong-counters': 'The kiosk’s running sums do not add up. The points are held and the kiosk sells no more for now.',
  'over-allowance': 'The kiosk spent more than it was granted. The points are held until two people decide.',
  'unknown-version': 'Written by a newer kiosk. It is stored safely and waits for the hub to be updated.',
  'unknown-type':
    'A kind of record this hub cannot judge yet. It is stored safely and waits for the hub to be updated.',
  forked: 'Two records stand in one place of this kiosk’s chain. From there on nothing moves until two people decide.',
  'unknown-revision': 'It names a catalogue revision this hub does not have. It is stored safely and waits.',
};
