import type { Allowance, Counters } from '../../protocol/allowance/counters.ts';
import type { ChainHead } from '../../protocol/records/chain.ts';
import type { CasePayload, ClaimPayload, ClosePayload, Line, StockPayload } from '../../protocol/records/payload.ts';
import type { Static } from '../../protocol/schema.ts';
import type { DaySums } from './day-sums.ts';
import type { Transfer } from './transfers.ts';

/** What judging is given and what comes of it. */

export interface ChainState extends ChainHead {
  readonly tid: string;
  readonly ep: number;
  readonly shop: string;
  /** Redeemed minus voided points after the last judged record; null right after an accepted hole. */
  readonly tot: number | null;
  /** `at` of the last judged record, ms. */
  readonly at: number;
  /** The seq of the last `close` in the chain, matched or not; 0 before the first. */
  readonly closeSeq: number;
  /** The seq of the last matched `close`: every matched record up to it is closed. */
  readonly closedSeq: number;
  /** What was redeemed and voided since the last `close`, as signed. */
  readonly day: DaySums;
  /** Redeems and returns behind this seq were found after the key was revoked; null where it was not. */
  readonly revokedSeq: number | null;
  /** The seq of the matched `end`; null before it. */
  readonly endSeq: number | null;
}

/** One account's allowance in this chain, as the hub has it. */
export interface AllowanceState extends Allowance {
  /** What the terminal's last record said, where that differs from what the hub may believe; else null. */
  readonly said: Counters | null;
  /** Points of it that were covered from the reserve and not repaid. */
  readonly covered: number;
  /** Seq of the account's last judged record; 0 before the first. */
  readonly atSeq: number;
  /** Points the allowance's ledger account holds. */
  readonly balance: number;
  /** What the account owes the programme since a hub restore. */
  readonly owed: number;
}
export const NO_ALLOWANCE: AllowanceState = {
  ...{ G: 0, S: 0, V: 0, R: 0, said: null, covered: 0, atSeq: 0, balance: 0, owed: 0 },
};

/** Points held in suspense for one record, or for one account behind an accepted hole. */
export interface Hold {
  /** The record's seq; of a hole its first missing seq. */
  readonly seq: number;
  readonly acct: string;
  /** What is held now. */
  readonly left: number;
  /** How much of `left` the allowance lacked, so that `loss` lent it. */
  readonly lent: number;
  /** How much of `left` were points given back: they can only be rejected, never released. */
  readonly back: number;
}
export interface Hole {
  readonly from: number;
  readonly to: number;
}
export interface JudgedRedeem {
  readonly acct: string;
  readonly pts: number;
  readonly lines: readonly Line[];
  /** Whether its points are in suspense; they moved to the shop otherwise. */
  readonly held: boolean;
  /** Whether a void, unhold, reject or refund of it stands already. */
  readonly undone: boolean;
}

/** What ledger and catalogue say; the caller has loaded it for the records at hand. */
export interface JudgeView {
  allowance(acct: string): AllowanceState;
  /** Points of one unit in that revision and when a later one took its place; null where it was never published. */
  price(sku: string, rev: number): { readonly pts: number; readonly supersededAt: number | null } | null;
  /** The judged redeem at that seq of this chain. */
  redeem(seq: number): JudgedRedeem | null;
  hold(seq: number, acct: string): Hold | null;
  /** The accepted hole over a seq. */
  hole(seq: number): Hole | null;
  /** The last accepted hole that lies between two seqs. */
  holeBetween(after: number, before: number): Hole | null;
  /** Every account with points left in this chain's allowances: asked for at an `end` only. */
  openAccounts(): readonly string[];
  /** Two people said to quarantine the record at this seq. */
  overruled(seq: number): boolean;
}

export type QuarantineCode =
  | 'wrong-prev'
  | 'wrong-price'
  | 'wrong-counters'
  | 'over-allowance'
  | 'wrong-card-proof'
  | 'wrong-fields'
  | 'misplaced-open'
  | 'void-of-nothing'
  | 'close-mismatch'
  | 'end-not-closed'
  | 'after-end'
  | 'revoked'
  | 'overruled';
export type WaitCode = 'unknown-version' | 'unknown-type' | 'unknown-revision' | 'not-reported';
export type Flag = 'late' | 'forked' | 'disputed' | 'price' | 'limit' | 'clock' | 'hole' | 'lost-card';

export type Effect =
  | {
      readonly type: 'close';
      readonly payload: Static<typeof ClosePayload>;
      readonly from: number;
      readonly hole: boolean;
    }
  | { readonly type: 'end' }
  | { readonly type: 'stock'; readonly payload: Static<typeof StockPayload> }
  | { readonly type: 'claim'; readonly payload: Static<typeof ClaimPayload> }
  | { readonly type: 'case'; readonly payload: Static<typeof CasePayload> };

export interface Judgement {
  readonly stage: 'matched' | 'quarantined';
  readonly code?: QuarantineCode;
  readonly flags: readonly Flag[];
  readonly transfers: readonly Transfer[];
  readonly chain: ChainState;
  /** Allowances after this record: its own account's; at an `end` all that were swept. */
  readonly allowances: readonly { readonly acct: string; readonly after: AllowanceState }[];
  /** Holds as they are after this record: made, lessened, emptied. */
  readonly holds: readonly Hold[];
  /** The redeem this record undid. */
  readonly undoes: number | null;
  readonly effects: readonly Effect[];
  /** A terminal that counts wrong stops selling until a person has looked. */
  readonly freeze: boolean;
}
export type Verdict =
  | { readonly kind: 'judged'; readonly judgement: Judgement }
  /** This chain's judging stays here; custody goes on. */
  | { readonly kind: 'waits'; readonly code: WaitCode };

/** What an operator reads. */
export const JUDGING_SENTENCES: Readonly<Record<QuarantineCode | WaitCode | Flag, string>> = {
  'wrong-prev': 'This record does not continue the record before it. Its points are held until two people decide.',
  'wrong-price': 'A line’s points differ from the published catalogue. The points are held until two people decide.',
  'wrong-counters': 'The kiosk’s running sums do not add up. The points are held and the kiosk sells no more for now.',
  'over-allowance': 'The kiosk spent more than it was granted. The points are held until two people decide.',
  'wrong-card-proof': 'The card’s own proof does not hold. The points are held until two people decide.',
  'wrong-fields':
    'Its signature holds, but its fields are not what its kind asks for. The kiosk sells no more for now.',
  'misplaced-open': 'An epoch begins with one opening record and has no other. The kiosk sells no more for now.',
  'void-of-nothing': 'It voids a redemption that is not there, is closed, or was undone before. It moves no points.',
  'close-mismatch': 'The kiosk’s day totals differ from its own records here. Compare them; the next close can match.',
  'end-not-closed': 'The epoch ends without a matched day close before it. Two people can end it here.',
  'after-end': 'Written after the epoch had ended. Its points are held until two people decide.',
  revoked: 'Found after the terminal’s key was revoked. Its points are held until two people decide.',
  overruled: 'Two people put this record aside, as its catalogue revision is not known here. Its points are held.',
  'unknown-version': 'Written by a newer kiosk. It is stored safely and waits for the hub to be updated.',
  'unknown-type':
    'A kind of record this hub cannot judge yet. It is stored safely and waits for the hub to be updated.',
  'unknown-revision':
    'It names a catalogue revision this hub does not have. It waits; publish it again, or two people put it aside.',
  'not-reported': 'This hub was restored. It judges this kiosk’s records once the kiosk has reported what it holds.',
  forked: 'Two records stand in one place of this kiosk’s chain. From there on nothing moves until two people decide.',
  late: 'It came after the statement of its time and goes into the next one.',
  disputed: 'A resident filed a correction about it.',
  price: 'It used a catalogue revision that a newer one had replaced.',
  limit: 'It goes beyond a limit of the policy, found when all kiosks had reported.',
  clock: 'The kiosk’s clock was wrong when it was written.',
  'lost-card': 'Its card had been reported lost; the kiosk did not know it yet. The sale stands.',
  hole: 'Records before it are missing, and two people accepted that.',
};
